"""SIGTERM: first /readyz says so, then the listener closes; nothing that was asked is lost."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cordee_core.embedded.process import free_port

DRAIN = Path(__file__).parents[1] / "bench" / "drain.py"


def ask(port: int, path: str) -> tuple[int, int, str | None]:
    """Return the status, who answered, and the header that says whether the connection stays."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    link.request("GET", path)
    answer = link.getresponse()
    answer.read()
    return answer.status, int(answer.getheader("x-pid", "0")), answer.getheader("connection")


@contextmanager
def serving(workers: int, delay: float) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """Serve the slow application of the drain measurement."""
    port = free_port()
    words = ["--port", str(port), "--workers", str(workers), "--drain-delay", str(delay)]
    with subprocess.Popen([sys.executable, DRAIN, "serve", *words]) as process:
        try:
            until = time.monotonic() + 40
            while not listens(port) and time.monotonic() < until:
                time.sleep(0.05)
            yield process, port
        finally:
            process.terminate()


def listens(port: int) -> bool:
    try:
        return ask(port, "/readyz")[0] == 200
    except OSError:
        return False


@pytest.mark.parametrize("workers", [1, 2])
def test_readyz_turns_first_and_all_else_is_served_for_the_delay(workers: int) -> None:
    with serving(workers, 3.0) as (process, port):
        assert ask(port, "/fast")[2] is None
        process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 2
        while ask(port, "/readyz")[0] == 200 and time.monotonic() < until:
            time.sleep(0.02)
        status, _, connection = ask(port, "/readyz")
        assert (status, connection) == (503, "close")
        assert ask(port, "/fast")[::2] == (200, "close")
        assert process.wait(30) == 0
        with pytest.raises(ConnectionRefusedError):
            ask(port, "/fast")


def test_a_killed_web_process_is_replaced_and_none_is_left() -> None:
    with serving(2, 0.0) as (process, port):
        first = ask(port, "/fast")[1]
        os.kill(first, signal.SIGKILL)
        seen: set[int] = set()
        until = time.monotonic() + 40
        while len(seen) < 2 and time.monotonic() < until:
            seen.add(ask(port, "/slow/20")[1])
        assert len(seen) == 2
        assert first not in seen
        process.terminate()
        assert process.wait(30) == 0
    assert not [pid for pid in seen if Path(f"/proc/{pid}").exists()]


def test_no_request_fails_when_the_server_stops_under_load() -> None:
    done = subprocess.run(
        [sys.executable, DRAIN, "--repetitions", "3"], capture_output=True, text=True
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split(",")[0] for line in lines] == [f"N={n}: 3 repetitions" for n in (1, 2)]
    assert all(line.endswith(" 0 failed") for line in lines)
