"""/livez and /readyz of background processes: refused they stay up, and begin once all is well."""

import asyncio
import json
import os
import re
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cordee_core.database.outage import describe
from cordee_core.database.provision import connect
from cordee_core.embedded.process import free_port
from cordee_core.errors import OperatorError, SchemaVersionError, UnreachableError
from cordee_server.child import cordee
from cordee_worker.gate import Gate, line_of
from cordee_worker.probes import ProbeAddress, answering, response

Answer = tuple[int, dict[str, Any]]


async def get(port: int, path: str, method: str = "GET") -> Answer:
    """Return status and body; status 0 where nobody listens."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return 0, {}
    writer.write(f"{method} {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    return int(head.split(" ")[1]), json.loads(body or "{}")


async def until(holds: Callable[[], Any], what: str) -> None:
    try:
        async with asyncio.timeout(40):
            while not await holds():  # noqa: ASYNC110 (another process does it)
                await asyncio.sleep(0.05)
    except TimeoutError:
        pytest.fail(f"never: {what}")


def not_ready(*problems: str) -> Answer:
    return 503, {"status": "not ready", "problems": list(problems)}


READY: Answer = (200, {"status": "ready", "problems": []})


class Says:
    """A check whose answer can be changed."""

    def __init__(self, *problems: Any) -> None:
        self.problems = list(problems)

    async def __call__(self) -> list[Any]:
        return self.problems


async def test_a_gate_opens_when_what_is_required_is_there_and_tells_all_else() -> None:
    required, useful = Says(SchemaVersionError("too old")), Says("redis: does not answer")
    gate = Gate(required, useful)
    assert gate.report()["problems"] == ["starting"]
    assert not await gate.examine()
    assert gate.report()["problems"] == ["too old"]
    required.problems = []
    assert await gate.examine()
    assert gate.report() == {"status": "not ready", "problems": ["redis: does not answer"]}
    useful.problems, gate.begun = [], True
    await gate.examine()
    assert gate.ready
    gate.stopping = True
    assert gate.report() == {"status": "not ready", "problems": ["stopping"]}


async def test_a_stop_ends_the_wait_at_a_closed_gate() -> None:
    stop = asyncio.Event()
    waiting = asyncio.create_task(Gate(Says(SchemaVersionError("too old"))).admitted(stop))
    await asyncio.sleep(0)
    stop.set()
    assert await asyncio.wait_for(waiting, 5) is False


def test_lines_hold_no_address() -> None:
    error = UnreachableError("PostgreSQL at 10.0.0.1:5432/cordee as cordee_app")
    error.__cause__ = ConnectionRefusedError(111, "10.0.0.1")
    assert line_of(error) == describe(error.__cause__)
    assert line_of(error) == "database: does not answer (ConnectionRefusedError)"
    assert line_of(OperatorError("plugin x: not installed")) == "plugin x: not installed"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /livez HTTP/1.1\r\n\r\n", 200),
        (b"GET /livez?a=b HTTP/1.1\r\n\r\n", 200),
        (b"GET /readyz HTTP/1.1\r\n\r\n", 503),
        (b"GET /metrics HTTP/1.1\r\n\r\n", 503),
        (b"POST /livez HTTP/1.1\r\n\r\n", 405),
        (b"\xff\x00\r\n\r\n", 405),
    ],
)
def test_each_path_has_its_status(head: bytes, status: int) -> None:
    assert response(Gate(Says()), head).startswith(f"HTTP/1.1 {status} ".encode())


def test_head_has_no_body() -> None:
    assert response(Gate(Says()), b"HEAD /livez HTTP/1.1\r\n\r\n").endswith(b"\r\n\r\n")


async def test_nonsense_does_not_end_the_server() -> None:
    gate = Gate(Says(), begun=True, problems=())
    port = free_port()
    async with answering(gate, ProbeAddress("127.0.0.1", port)):
        for nonsense in (b"", b"GET", b"x" * 20_000):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(nonsense)
            writer.close()
        assert await get(port, "/readyz") == READY
        assert (await get(port, "/nowhere"))[0] == 404
    assert await get(port, "/readyz") == (0, {})


@pytest.fixture
def environ(cluster: Any, redis_url: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CORDEE_")}
    key = ",".join(f"{kid}:{key.hex()}" for kid, key in cluster.keys.keys.items())
    return plain | {
        "CORDEE_DATABASE_URL": cluster.app,
        "CORDEE_RELAY_DATABASE_URL": cluster.relay,
        "CORDEE_REDIS_URL": redis_url,
        "CORDEE_CONTEXT_KEY": key,
    }


Start = Callable[..., tuple["subprocess.Popen[bytes]", int]]


@pytest.fixture
def start(environ: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Starts background processes with probes; ends those that are left."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(name: str, **changed: str) -> "tuple[subprocess.Popen[bytes], int]":
        port = free_port()
        words = cordee(name, "--probe-port", str(port), "--probe-host", "127.0.0.1")
        with (tmp_path / f"{name}-{len(running)}.log").open("wb") as log:
            process = subprocess.Popen(words, env=environ | changed, stdout=log, stderr=log)
        running.append(process)
        return process, port

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait()


async def end_well(*started: "tuple[subprocess.Popen[bytes], int]") -> None:
    for process, _ in started:
        process.send_signal(signal.SIGTERM)
    for process, port in started:
        assert await asyncio.to_thread(process.wait, 30) == 0
        assert await get(port, "/livez") == (0, {})


def answers(port: int, wanted: Answer) -> Callable[[], Any]:
    async def holds() -> bool:
        return await get(port, "/readyz") == wanted

    return holds


async def test_refused_processes_stay_up_and_begin_once_the_schema_fits(
    cluster: Any, start: Start, tmp_path: Path
) -> None:
    future = "core_29991231_2_future.sql"
    admin = await connect(cluster.superuser_url())
    await admin.execute("INSERT INTO migrations.applied VALUES ('core', $1, '0')", future)
    try:
        found = {name: start(name) for name in ("relay", "scheduler", "worker")}
        says = not_ready(f"too new, {future} is unknown to this code")
        for name, (_, port) in found.items():
            await until(answers(port, says), f"{name} refused")
            assert await get(port, "/livez") == (200, {"status": "alive"})
            assert (await get(port, "/metrics"))[0] == 503
    finally:
        await admin.execute("DELETE FROM migrations.applied WHERE name = $1", future)
        await admin.close()
    for name, (_, port) in found.items():
        await until(answers(port, READY), f"{name} ready")
    await end_well(*found.values())
    for log in tmp_path.glob("*.log"):  # noqa: ASYNC240
        text = log.read_text(encoding="utf-8")
        assert text.count("too new") == 1, text


@asynccontextmanager
async def forwarding(port: int, url: str) -> AsyncIterator[None]:
    """Be the server at `url` on another port, meanwhile."""
    host, _, target = url.rpartition("@")[2].rpartition("/")[0].rpartition(":")
    host = host.removeprefix("redis://")
    tasks: set[asyncio.Task[None]] = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection(host, int(target))
        for pair in ((reader, there[1]), (there[0], writer)):
            task = asyncio.create_task(pump(*pair))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(take, "127.0.0.1", port)
    yield
    server.close()
    for task in list(tasks):
        task.cancel()


async def test_servers_that_come_later_are_waited_for(cluster: Any, start: Start) -> None:
    redis, postgres = free_port(), free_port()
    worker = start("worker", CORDEE_REDIS_URL=f"redis://127.0.0.1:{redis}/0")
    relay = start(
        "relay", CORDEE_RELAY_DATABASE_URL=re.sub(r":\d+/", f":{postgres}/", cluster.relay)
    )
    scheduler = start("scheduler", CORDEE_RELAY_DATABASE_URL=cluster.app)
    await until(answers(worker[1], not_ready("redis: does not answer (ConnectionError)")), "redis")
    away = not_ready("database: does not answer (ConnectionRefusedError)")
    await until(answers(relay[1], away), "database away")
    wrong = not_ready("role cordee_app: is not cordee_relay")
    await until(answers(scheduler[1], wrong), "wrong role")
    async with forwarding(postgres, cluster.relay):
        await until(answers(relay[1], READY), "database back")
        await end_well(worker, relay, scheduler)


async def test_redis_may_go_and_come_back(start: Start, redis_url: str) -> None:
    port = free_port()
    gone = not_ready("redis: does not answer (ConnectionError)")
    async with forwarding(port, redis_url):
        worker = start("worker", CORDEE_REDIS_URL=re.sub(r":\d+/", f":{port}/", redis_url))
        await until(answers(worker[1], READY), "worker ready")
    await until(answers(worker[1], gone), "redis gone")
    assert await get(worker[1], "/livez") == (200, {"status": "alive"})
    async with forwarding(port, redis_url):
        await until(answers(worker[1], READY), "redis back")
        await end_well(worker)


async def test_a_worker_without_a_required_plugin_is_refused(
    environ: dict[str, str], start: Start
) -> None:
    process, port = start("worker", CORDEE_REQUIRED_PLUGINS="food_aid")
    await until(answers(port, not_ready("plugin food_aid: not installed")), "refused")
    await end_well((process, port))
    done = await asyncio.to_thread(
        subprocess.run, cordee("worker"), env=environ | {"CORDEE_REQUIRED_PLUGINS": "food_aid"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "configuration_invalid plugin food_aid: not installed\n"


async def test_a_probe_port_in_use_is_one_line(environ: dict[str, str]) -> None:
    async with forwarding(port := free_port(), "redis://127.0.0.1:9/0"):
        done = await asyncio.to_thread(
            subprocess.run,
            cordee("relay", "--probe-host", "127.0.0.1", "--probe-port", str(port)),
            env=environ, capture_output=True, text=True,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == (
        f"port_in_use 127.0.0.1:{port} is in use by another process;"
        " choose another port with --probe-port\n"
    )
