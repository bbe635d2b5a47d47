"""Measure `cordee up` on an initialised folder: time to the first answer, memory of each process.

    ./dev measure [RUNS]

The first start makes the folder and is not counted. Memory is the resident set (``VmRSS``) of each
process after the first answer; pages of PostgreSQL that several processes share count in each.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cordee_core.embedded import temporary_data
from cordee_core.embedded.process import free_port
from cordee_server.child import cordee

MEBIBYTE = 1024


@contextmanager
def running(data: Path) -> Iterator[tuple[int, float]]:
    """Lend a running `cordee up`: its process id, the seconds until it answered a first query."""
    ready = data.parent / "ready.json"
    words = ["--data", str(data), "--ready-file", str(ready), "--port", str(free_port())]
    began = time.monotonic()
    process = subprocess.Popen(
        [*cordee("up"), *words],
        stdout=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if not name.startswith("CORDEE_")},
    )
    try:
        while not ready.exists():
            if process.poll() is not None:
                raise SystemExit(f"cordee up ended with status {process.returncode}")
            time.sleep(0.01)
        ask(json.loads(ready.read_text(encoding="utf-8")))
        yield process.pid, time.monotonic() - began
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def ask(content: dict[str, Any]) -> None:
    """Put one authenticated query and check its answer."""
    token = content["tenants"][0]["tokens"]["referent"]
    request = urllib.request.Request(
        content["graphql"],
        json.dumps({"query": "{ __typename }"}).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer)["data"] == {"__typename": "Query"}


def memory(parent: int) -> list[tuple[str, float]]:
    """Return name and resident memory (MiB) of `parent` and its children."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(
                line.split(":", 1) for line in (folder / "status").read_text().splitlines()
            )
            words = (folder / "cmdline").read_bytes().decode().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent in (int(folder.name), int(status["PPid"])):
            name = words[3] if words[1:2] == ["-c"] else Path(words[0].split()[0]).name
            found.append((name, int(status.get("VmRSS", "0").split()[0]) / MEBIBYTE))
    return sorted(found)


def main() -> None:
    """Print the figures."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    seconds: list[float] = []
    figures: list[tuple[str, float]] = []
    with temporary_data() as data:
        with running(data) as (_, first):
            pass
        for _ in range(runs):
            with running(data) as (parent, taken):
                seconds.append(taken)
                figures = memory(parent)
    out = sys.stdout.write
    out(f"empty folder: first answer after {first:.1f} s\n")
    out(
        f"initialised folder, {runs} runs: first answer after {statistics.median(seconds):.1f} s"
        f" ({min(seconds):.1f} to {max(seconds):.1f})\n"
    )
    for name, size in figures:
        out(f"  {name:<12} {size:6.0f} MiB resident\n")


if __name__ == "__main__":
    main()
