"""`cordee up`, as a person runs it: started, stopped, disturbed, and never a process left."""

import asyncio
import json
import os
import secrets
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cordee_core.database.provision import provision
from cordee_core.database.roles import APP, LOGIN_ROLES, MIGRATOR, RELAY
from cordee_core.embedded import EmbeddedPostgres, EmbeddedRedis, temporary_data
from cordee_core.embedded.process import free_port
from cordee_server.child import cordee
from cordee_server.up.answer import QUERY

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
ROLES = {"admin", "supervisor", "referent", "team_member", "reader", "person"}


@dataclass
class Run:
    """One `cordee up` under way."""

    process: subprocess.Popen[str]
    ready_file: Path
    family: set[int] = field(default_factory=set)

    def wait_ready(self) -> dict[str, Any]:
        eventually(lambda: self.ready_file.exists() or self.process.poll() is not None, 90)
        if self.process.poll() is not None:
            pytest.fail("cordee up ended:\n" + "".join(self.process.communicate()))
        self.family = descendants(self.process.pid)
        return json.loads(self.ready_file.read_text(encoding="utf-8"))

    def end(self, number: int) -> tuple[int, str]:
        """Send the signal; return the exit status and all output."""
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=90)
        return self.process.returncode, output + errors

    def named(self, name: str) -> int:
        """Return the process id of the child called `name`."""
        return next(pid for pid in self.family if name in command_line(pid))


def launch(
    data: Path, *words: str, settings: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CORDEE_")}
    return subprocess.Popen(
        [*cordee("up"), "--data", str(data), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**plain, **(settings or {})},
    )


@contextmanager
def running(data: Path, *words: str, settings: Mapping[str, str] | None = None) -> Iterator[Run]:
    ready_file = data.parent / "ready.json"
    process = launch(data, "--ready-file", str(ready_file), *words, settings=settings)
    run = Run(process, ready_file)
    try:
        yield run
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=90)


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    with temporary_data() as folder:
        yield folder


def eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
    except OSError:
        return ""


def parents() -> dict[int, int]:
    """Return each process's parent; the dead that nobody has buried are left out."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            found[int(folder.name)] = int(parent)
    return found


def descendants(root: int) -> set[int]:
    found, table = {root}, parents()
    while more := {pid for pid, parent in table.items() if parent in found} - found:
        found |= more
    return found


def left(run: Run) -> set[int]:
    return run.family & set(parents())


def status(address: str) -> int:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return int(answer.status)


def ask(content: dict[str, Any], token: str, query: str) -> dict[str, Any]:
    request = urllib.request.Request(
        content["graphql"],
        json.dumps({"query": query}).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def closed(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_start_and_a_stop_leave_no_process(data: Path, number: int) -> None:
    port = free_port()
    with running(data, "--port", str(port)) as run:
        content = run.wait_ready()
        assert content["graphql"] == f"http://127.0.0.1:{port}/graphql"
        assert status(content["ready"]) == 200
        assert stat.S_IMODE(run.ready_file.stat().st_mode) == 0o600
        assert len(content["tenants"]) >= 2
        for tenant in content["tenants"]:
            assert set(tenant) == {"slug", "tokens"}
            assert set(tenant["tokens"]) == ROLES
        assert content["database_url"].startswith("postgresql://postgres:")
        assert len(run.family) > 6
        found = ask(content, content["tenants"][0]["tokens"]["referent"], QUERY)
        assert found["data"]["cases"]["nodes"]
        code, output = run.end(number)
    assert code == 0, output
    assert content["graphql"] in output
    assert QUERY in output
    assert content["tenants"][0]["tokens"]["referent"] in output
    assert not left(run)
    assert not run.ready_file.exists()
    assert closed(port)


def test_tokens_are_new_and_the_cluster_is_not(data: Path) -> None:
    seen = []
    for _ in range(2):
        with running(data, "--port", "0") as run:
            seen.append(run.wait_ready())
            run.end(signal.SIGINT)
    first, second = seen
    assert [one["slug"] for one in first["tenants"]] == [one["slug"] for one in second["tenants"]]
    tokens = [
        {token for one in content["tenants"] for token in one["tokens"].values()}
        for content in seen
    ]
    assert not tokens[0] & tokens[1]


def test_a_second_start_on_the_folder_is_refused_and_a_dead_child_ends_all(data: Path) -> None:
    with running(data, "--port", "0", "--no-demo") as run:
        assert run.wait_ready()["tenants"] == []
        second = launch(data, "--port", "0")
        _, errors = second.communicate(timeout=60)
        assert second.returncode == 1
        assert f"in use by another `cordee up` (process {run.process.pid})" in one_line(errors)
        assert run.process.poll() is None

        os.kill(run.named("main() worker"), signal.SIGKILL)
        errors = run.process.communicate(timeout=90)[1]
    assert run.process.returncode == 1
    assert "worker was killed by SIGKILL" in one_line(errors)
    assert "worker.log" in errors
    assert not left(run)
    assert not run.ready_file.exists()


def test_a_killed_start_takes_its_children_along(data: Path) -> None:
    with running(data, "--port", "0", "--no-demo") as run:
        run.wait_ready()
        run.process.kill()
        run.process.communicate(timeout=90)
        assert eventually(lambda: not left(run), 40)
        run.ready_file.unlink()


def test_servers_of_others_are_used_and_migrated_when_the_migrator_is_named() -> None:
    with (
        temporary_data() as theirs,
        temporary_data() as data,
        EmbeddedRedis(theirs) as redis,
        EmbeddedPostgres(theirs, fast=True) as superuser,
    ):
        settings = others(superuser, redis)
        migrator = settings.pop("CORDEE_MIGRATOR_DATABASE_URL")

        process = launch(data, "--port", "0", settings=settings)
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 1
        assert "cordee db migrate" in one_line(errors)

        named = {**settings, "CORDEE_MIGRATOR_DATABASE_URL": migrator}
        with running(data, "--port", "0", settings=named) as run:
            content = run.wait_ready()
            assert "database_url" not in content
            assert len(content["tenants"]) >= 2
            assert not any("postgres" in command_line(pid) for pid in run.family)
            code, output = run.end(signal.SIGINT)
        assert code == 0, output
        assert not (data / "postgres").exists()
        for secret in (settings["CORDEE_CONTEXT_KEY"], migrator):
            assert secret not in output + errors


def others(superuser: str, redis: str) -> dict[str, str]:
    passwords = {role: secrets.token_hex(8) for role in LOGIN_ROLES}
    asyncio.run(provision(superuser, passwords))
    where = superuser.rpartition("@")[2].partition("/")[0]
    urls = {role: f"postgresql://{role}:{passwords[role]}@{where}/cordee" for role in LOGIN_ROLES}
    return {
        "CORDEE_DATABASE_URL": urls[APP],
        "CORDEE_MIGRATOR_DATABASE_URL": urls[MIGRATOR],
        "CORDEE_RELAY_DATABASE_URL": urls[RELAY],
        "CORDEE_REDIS_URL": redis,
        "CORDEE_CONTEXT_KEY": secrets.token_hex(32),
    }


def test_a_port_in_use_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = launch(tmp_path / "data", "--port", str(port))
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"127.0.0.1:{port} is in use by another process" in one_line(errors)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in its place", encoding="utf-8")
    process = launch(tmp_path / "data", "--port", "0")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "can't be written" in one_line(errors)
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


def test_a_ready_file_nowhere_is_said(tmp_path: Path) -> None:
    words = ("--port", "0", "--ready-file", str(tmp_path / "no" / "ready.json"))
    process = launch(tmp_path / "data", *words)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "--ready-file" in one_line(errors)
    assert not list(tmp_path.iterdir())


def one_line(errors: str) -> str:
    """Return the message; it has no traceback (the terminal may wrap it)."""
    assert "Traceback" not in errors
    return " ".join(errors.split())
