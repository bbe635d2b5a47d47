"""Real processes on a real Redis: delivered, killed in the middle, drained, refused."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cordee_worker.broker import connect_redis, make_broker
from cordee_worker.outage import OutageFilter

SCRIPT = Path(__file__).with_name("worker_process.py")
COMMAND = """
import typer
from cordee_core.errors import CordeeError
from cordee_worker.commands import register
app = typer.Typer()
register(app)
try:
    app()
except CordeeError as error:
    raise SystemExit(f"{error.code}: {error}")
"""

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def environ(cluster: Any, redis_url: str) -> dict[str, str]:
    """The environment of a background process, Redis emptied."""
    connect_redis(redis_url).flushall()
    return {name: value for name, value in os.environ.items() if "CORDEE" not in name} | {
        "CORDEE_DATABASE_URL": cluster.app,
        "CORDEE_RELAY_DATABASE_URL": cluster.relay,
        "CORDEE_REDIS_URL": redis_url,
        "CORDEE_CONTEXT_KEY": ",".join(
            f"{kid}:{key.hex()}" for kid, key in cluster.keys.keys.items()
        ),
    }


@pytest.fixture
def start(environ: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Starts processes and ends those that are left."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*words: str, **changed: str) -> "subprocess.Popen[bytes]":
        log = (tmp_path / f"{len(running)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, *words], env=environ | changed, stdout=log, stderr=log
        )
        log.close()
        running.append(process)
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait()


async def until(holds: Callable[[], Any], what: str) -> None:
    """Come back when `holds` (awaited) is true."""
    try:
        async with asyncio.timeout(40):
            while not await holds():  # noqa: ASYNC110 (another process does it)
                await asyncio.sleep(0.05)
    except TimeoutError:
        pytest.fail(f"never: {what}")


async def ended(process: "subprocess.Popen[bytes]") -> int:
    """The exit status of a process that ends."""

    async def gone() -> bool:
        return process.poll() is not None

    await until(gone, "process ended")
    return process.returncode


def done(tenant: Any, message: Any) -> Callable[[], Any]:
    async def holds() -> bool:
        return (await tenant.row(message))["done_at"] is not None

    return holds


async def test_worker_killed_between_effect_and_mark_applies_the_effect_once(
    tenant: Any, make_relay: Any, world: Any, redis_url: str, start: Start
) -> None:
    relay = await make_relay(broker=make_broker(redis_url))
    message = await tenant.emit()
    await relay.step()

    assert await ended(start(str(SCRIPT), "kill")) == -signal.SIGKILL
    assert await tenant.timeline() == []
    row = await tenant.row(message)
    assert (row["attempts"], row["done_at"]) == (1, None)

    start(str(SCRIPT), "well")
    world.clock.ahead = timedelta(seconds=31)
    await relay.step()
    await until(done(tenant, message), "message done")
    assert [entry["kind"] for entry in await tenant.timeline()] == ["echo.seen"]
    assert (await tenant.row(message))["attempts"] == 2


async def test_stopped_worker_finishes_what_is_under_way(
    tenant: Any, make_relay: Any, redis_url: str, start: Start, tmp_path: Path
) -> None:
    relay, entered = await make_relay(broker=make_broker(redis_url)), tmp_path / "entered"
    message = await tenant.emit()
    await relay.step()
    process = start(str(SCRIPT), "slow", str(entered))

    async def under_way() -> bool:
        return entered.exists()

    await until(under_way, "hook entered")
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGTERM)

    assert await ended(process) == 0
    assert (await tenant.row(message))["done_at"] is not None
    assert len(await tenant.timeline()) == 1


@pytest.mark.parametrize(("mode", "status"), [("hang", 0), ("block", 1)])
async def test_hook_without_end_does_not_keep_a_stopped_worker(
    tenant: Any, make_relay: Any, redis_url: str, start: Start, tmp_path: Path,
    mode: str, status: int,
) -> None:  # fmt: skip
    relay, entered = await make_relay(broker=make_broker(redis_url)), tmp_path / "entered"
    message = await tenant.emit()
    await relay.step()
    process = start(str(SCRIPT), mode, str(entered))

    async def under_way() -> bool:
        return entered.exists()

    await until(under_way, "hook entered")
    process.terminate()

    assert await ended(process) == status
    row = await tenant.row(message)
    assert (row["attempts"], row["done_at"], row["parked_at"]) == (1, None, None)
    assert await tenant.timeline() == []


async def test_relay_and_worker_commands_bring_an_event_to_its_plugin_and_stop(
    tenant: Any, start: Start, tmp_path: Path
) -> None:
    processes = [
        start("-c", COMMAND, "relay"),
        start("-c", COMMAND, "scheduler"),
        start(str(SCRIPT), "well"),
    ]
    message = await tenant.emit()

    await until(done(tenant, message), "message done")
    assert len(await tenant.timeline()) == 1

    for process in processes:
        process.terminate()
    assert [await ended(process) for process in processes] == [0, 0, 0]
    for number in range(3):
        assert '"event":"ready"' in (tmp_path / f"{number}.log").read_text().replace(" ", "")


@pytest.mark.parametrize("command", ["relay", "scheduler", "worker"])
async def test_wrong_role_is_refused_in_one_line(
    cluster: Any, start: Start, tmp_path: Path, command: str
) -> None:
    process = start(
        "-c", COMMAND, command,
        CORDEE_DATABASE_URL=cluster.superuser_url(),
        CORDEE_RELAY_DATABASE_URL=cluster.superuser_url(),
    )  # fmt: skip

    assert await ended(process) == 1
    (line,) = (tmp_path / "0.log").read_text().splitlines()
    assert line.startswith("privileged_role: ")


async def test_unknown_queue_is_refused(start: Start, tmp_path: Path) -> None:
    assert await ended(start("-c", COMMAND, "worker", "--queues", "events,evnts")) == 2
    assert "events, default, heavy" in (tmp_path / "0.log").read_text()


def test_outage_is_told_once_a_minute() -> None:
    seconds = 0.0
    told = OutageFilter(lambda: seconds)
    lost = logging.makeLogRecord({"msg": "Consumer encountered a connection error: %s"})
    other = logging.makeLogRecord({"msg": "something else"})

    assert [told.filter(one) for one in (lost, lost, other, lost)] == [True, False, True, False]
    seconds = 60.0
    assert told.filter(lost)
