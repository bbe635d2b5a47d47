"""Stop `cordee serve` under load, again and again, and count the requests that fail.

    .venv/bin/python tests/bench/drain.py [--repetitions 50] [--workers 1,2] [--delay 0]

Each repetition starts the supervisor and the web processes that `cordee serve` starts, with a slow
application in place of ours. Twenty requests that take 0.3 to 0.6 seconds are under way when
SIGTERM comes, and four clients go on asking over kept connections until an answer says
`connection: close` and `/readyz` 503, as a balancer does. Failed is each request whose answer is
not whole; the processes must all be gone afterwards, and the port dead. Ends with 1 where anything
failed.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

CLIENTS, ASKERS = 20, 4
CHUNK, CHUNKS = b"x" * 1000, 20


class Application:
    """An application with the readiness of ours, whose answers take as long as the path says."""

    def __init__(self) -> None:
        from cordee_server.readiness import Readiness

        async def well() -> list[str]:
            return []

        self.readiness = Readiness(well, well)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        ready = scope["path"] != "/readyz" or not self.readiness.stopping
        pause = int(scope["path"].removeprefix("/slow/")) if "slow" in scope["path"] else 0
        headers = [
            (b"content-length", str(len(CHUNK) * CHUNKS).encode()),
            (b"x-pid", str(os.getpid()).encode()),
        ]
        status = 200 if ready else 503
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for _ in range(CHUNKS):
            await asyncio.sleep(pause / 1000 / CHUNKS)
            await send({"type": "http.response.body", "body": CHUNK, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def serve(words: list[str]) -> None:
    """Be what `cordee serve` is: the supervisor, or a web process on its socket."""
    import cordee_server.supervisor as supervisor
    from cordee_core.settings import Settings
    from cordee_server import serve

    stand_in = ModuleType("cordee_server.app")
    stand_in.build = lambda settings: Application()  # type: ignore[attr-defined]
    sys.modules["cordee_server.app"] = stand_in
    supervisor.cordee = lambda *rest: [sys.executable, __file__, *rest]
    given = dict(zip(words[::2], words[1::2], strict=True))
    delay = float(given["--drain-delay"])
    if "--fd" in given:
        serve.run_on(Settings(log_level="error"), int(given["--fd"]), delay)
    else:
        settings = Settings(port=int(given["--port"]), log_level="error")
        serve.run(settings, int(given["--workers"]), delay)


@dataclass
class Tally:
    """What the clients saw."""

    answered: int = 0
    failed: list[str] = field(default_factory=list)
    pids: set[int] = field(default_factory=set)


@dataclass
class Link:
    """One connection, kept open between requests."""

    port: int
    tally: Tally
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str) -> tuple[int, bool]:
        """Return the status and whether the server closes; raise where the answer is not whole."""
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        writer.write(f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(len(CHUNK) * CHUNKS)
        self.tally.answered += 1
        self.tally.pids.add(int(head.partition("x-pid: ")[2].split("\r\n")[0]))
        closes = "connection: close" in head
        if closes:
            writer.close()
            self.streams = None
        return int(head.split(" ")[1]), closes


async def slow(port: int, milliseconds: int, tally: Tally) -> None:
    try:
        await Link(port, tally).ask(f"/slow/{milliseconds}")
    except (OSError, asyncio.IncompleteReadError) as error:
        tally.failed.append(f"slow: {error!r}")


async def keep_asking(port: int, tally: Tally, stopped: asyncio.Event) -> None:
    """Ask until the server says that it stops; nothing may fail before."""
    link = Link(port, tally)
    while True:
        try:
            _, closes = await link.ask("/fast")
        except (OSError, asyncio.IncompleteReadError) as error:
            tally.failed.append(f"fast: {error!r} (stop asked: {stopped.is_set()})")
            return
        if closes:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                if (await Link(port, tally).ask("/readyz"))[0] == 200:
                    continue
            return
        await asyncio.sleep(0.002)


async def load(process: "subprocess.Popen[bytes]", port: int, workers: int) -> Tally:
    """Ask, send SIGTERM in the middle, and return what came back."""
    tally, stopped = Tally(), asyncio.Event()
    await everybody_answers(port, tally, workers)
    async with asyncio.TaskGroup() as group:
        for number in range(ASKERS):
            group.create_task(keep_asking(port, tally, stopped), name=f"asker {number}")
        for number in range(CLIENTS):
            group.create_task(slow(port, 300 + 15 * number, tally))
        await asyncio.sleep(0.15)
        process.send_signal(signal.SIGTERM)
        stopped.set()
    return tally


async def everybody_answers(port: int, tally: Tally, workers: int) -> None:
    until = time.monotonic() + 60
    while len(tally.pids) < workers:
        if time.monotonic() > until:
            raise SystemExit("the web processes do not start")
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            async with asyncio.timeout(5):
                await asyncio.gather(*(Link(port, tally).ask("/slow/20") for _ in range(workers)))
        await asyncio.sleep(0.02)


def repetition(workers: int, delay: float) -> Tally:
    """Start, load, stop; return what was seen, what is left over counted as failed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["--port", str(port), "--workers", str(workers), "--drain-delay", str(delay)]
    with subprocess.Popen([sys.executable, __file__, "serve", *words]) as process:
        try:
            tally = asyncio.run(load(process, port, workers))
            status = process.wait(40)
        finally:
            process.kill()
    if status:
        tally.failed.append(f"the supervisor ended with {status}")
    tally.failed += [
        f"process {pid} is left" for pid in tally.pids if Path(f"/proc/{pid}").exists()
    ]
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            tally.failed.append("somebody still listens")
    return tally


def main() -> int:
    """Print one line for each number of workers."""
    parser = argparse.ArgumentParser(description="Stop `cordee serve` under load.")
    parser.add_argument("--repetitions", type=int, default=50)
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--delay", type=float, default=0.0)
    given = parser.parse_args()
    failed = 0
    for workers in map(int, given.workers.split(",")):
        tallies = [repetition(workers, given.delay) for _ in range(given.repetitions)]
        requests = sum(one.answered + len(one.failed) for one in tallies)
        problems = [problem for one in tallies for problem in one.failed]
        line = f"N={workers}: {len(tallies)} repetitions, {requests} requests"
        sys.stdout.write(f"{line}, {len(problems)} failed\n")
        sys.stdout.writelines(f"  {problem}\n" for problem in problems[:10])
        sys.stdout.flush()
        failed += len(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2:])
    else:
        raise SystemExit(main())
