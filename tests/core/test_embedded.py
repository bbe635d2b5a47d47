"""The embedded servers start, keep their data, demand passwords and leave no process."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError

from cordee_core.embedded import EmbeddedPostgres, EmbeddedRedis, place, temporary_data
from cordee_core.embedded.place import settle
from cordee_core.errors import FolderUnusableError, ProcessDiedError

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def data() -> Iterator[Path]:
    with temporary_data() as folder:
        yield folder


def exists(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")


def eventually(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 15
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


async def test_a_cluster_is_made_once_and_keeps_its_data(data: Path) -> None:
    postgres = EmbeddedPostgres(data, fast=True)
    assert postgres.is_new
    connection = await asyncpg.connect(postgres.start())
    try:
        await connection.execute("CREATE TABLE kept AS SELECT 'été' AS word")
        assert (await connection.fetchval("SHOW server_version")).startswith("18.")
        assert await connection.fetchval("SELECT datlocale FROM pg_database LIMIT 1") == "C.UTF-8"
    finally:
        await connection.close()
        postgres.stop()
    again = EmbeddedPostgres(data, fast=True)
    assert not again.is_new
    with again as url:
        pid = again.process.pid
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT word FROM kept") == "été"
        await connection.close()
    assert not exists(pid)


async def test_nobody_gets_in_without_the_password(data: Path) -> None:
    with EmbeddedPostgres(data, fast=True) as url:
        parts = urlsplit(url)
        stranger = f"postgresql://postgres:wrong@{parts.hostname}:{parts.port}/postgres"
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(stranger)
        rules = (settle(data).servers / "postgres/data/pg_hba.conf").read_text(encoding="utf-8")
        methods = {line.split()[-1] for line in rules.splitlines() if line and line[0] != "#"}
        assert methods == {"scram-sha-256"}
    secret = data / "secrets" / "postgres"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE((settle(data).servers / "postgres/socket").stat().st_mode) == 0o700


@root_only
def test_root_starts_the_servers_as_nobody(data: Path) -> None:
    postgres, redis = EmbeddedPostgres(data, fast=True), EmbeddedRedis(data)
    with postgres, redis:
        for process in (postgres.process, redis.process):
            assert Path(f"/proc/{process.pid}").owner() == "nobody"


@root_only
def test_a_folder_of_another_account_is_left_alone(data: Path) -> None:
    folder = data / "postgres"
    folder.mkdir(parents=True)
    os.chown(folder, 12345, 12345)
    data.chmod(0o711)
    with pytest.raises(FolderUnusableError, match="made by another account"):
        EmbeddedPostgres(data, fast=True).start()
    assert folder.stat().st_uid == 12345


@root_only
def test_below_a_private_home_files_go_to_a_state_folder(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = data.parent / "home"
    home.mkdir(mode=0o700)
    state = data.parent / "state"
    state.mkdir(mode=0o711)
    monkeypatch.setattr(place, "_STATE", state)
    postgres = EmbeddedPostgres(home / "data", fast=True)
    assert postgres.notice is not None
    assert str(state) in postgres.notice
    with postgres, EmbeddedRedis(home / "data"):
        assert Path(f"/proc/{postgres.process.pid}/exe").readlink().is_relative_to(state)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert (home / "data" / "secrets" / "postgres").exists()


@root_only
def test_a_state_folder_of_somebody_else_is_refused(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = data.parent / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setattr(place, "_STATE", data.parent)
    planted = settle(home / "data").servers
    os.chown(planted, 65534, 65534)
    with pytest.raises(FolderUnusableError, match="belongs to somebody else"):
        settle(home / "data")


def test_a_stale_lock_file_does_not_hinder(data: Path) -> None:
    with EmbeddedPostgres(data, fast=True):
        pass
    lock = settle(data).servers / "postgres/data/postmaster.pid"
    lock.write_text(f"{os.getpid()}\n/elsewhere\n", encoding="utf-8")  # alive, but no PostgreSQL
    with EmbeddedPostgres(data, fast=True) as url:
        assert url.startswith("postgresql://postgres:")


def test_a_cluster_of_another_version_is_refused(data: Path) -> None:
    with EmbeddedPostgres(data, fast=True):
        pass
    (settle(data).servers / "postgres/data/PG_VERSION").write_text("15\n", encoding="ascii")
    with pytest.raises(FolderUnusableError, match="made by PostgreSQL 15, this is 18"):
        EmbeddedPostgres(data, fast=True).start()


def test_a_server_that_ends_as_it_starts_says_why(data: Path) -> None:
    with EmbeddedPostgres(data, fast=True):
        pass
    (settle(data).servers / "postgres/data/postgresql.conf").write_text("nonsense = 1\n", "ascii")
    with pytest.raises(ProcessDiedError, match=r"PostgreSQL ended as it started: .*postgres\.log"):
        EmbeddedPostgres(data, fast=True).start()


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", encoding="ascii")
    with pytest.raises(FolderUnusableError, match="can't be written"):
        EmbeddedPostgres(tmp_path / "data")


async def test_redis_demands_its_password_and_writes_nothing(data: Path) -> None:
    redis = EmbeddedRedis(data)
    with redis as url:
        pid = redis.process.pid
        async with Redis.from_url(url) as client:
            assert await client.ping()
            assert await client.config_get("save") == {"save": ""}
            assert await client.config_get("appendonly") == {"appendonly": "no"}
        stranger = url.replace(url.split("@", 1)[0], "redis://", 1).replace("@", "")
        async with Redis.from_url(stranger) as client:
            with pytest.raises(AuthenticationError):
                await client.ping()
        assert url.split("@")[0].rpartition(":")[2] not in command_line(pid)
    assert not exists(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's signal at a parent's death")
def test_servers_do_not_outlive_a_killed_parent(data: Path) -> None:
    program = (
        "import pathlib, sys, time\n"
        "from cordee_core.embedded import EmbeddedPostgres, EmbeddedRedis\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "postgres, redis = EmbeddedPostgres(folder, fast=True), EmbeddedRedis(folder)\n"
        "postgres.start(), redis.start()\n"
        "print(postgres.process.pid, redis.process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(data)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert len(pids) == 2
        parent.send_signal(signal.SIGKILL)
    assert eventually(lambda: not any(exists(pid) for pid in pids))
