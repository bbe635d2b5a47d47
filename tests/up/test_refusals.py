"""What an operator reads where something is not as it must be: /readyz, the Job, the shell."""

import asyncio
import os
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from cordee_core.database.migrate import LOCK, core_migrations, migrate
from cordee_core.database.provision import connect, provision
from cordee_core.database.roles import APP, MIGRATOR, RELAY
from cordee_core.embedded.process import free_port
from cordee_core.features import install
from cordee_core.plugins.host import PluginHost
from cordee_core.settings import load_settings
from cordee_server.app import build
from cordee_server.child import cordee

LAST = core_migrations()[-1].name
FUTURE = "core_29991231_1_future.sql"
NO_PLUGINS: Any = SimpleNamespace(tables=dict)


@pytest.fixture(scope="module")
def bare() -> PluginHost:
    """A host without plugins."""
    return install(PluginHost(isolated=False))


@pytest.fixture(scope="module")
async def installation(cluster: Any) -> AsyncIterator[Any]:
    """A migrated database of its own, whose record of migrations may be changed."""
    name = "refusals"
    await provision(cluster.superuser, cluster.passwords, database=name)
    await migrate(cluster.url(MIGRATOR, name), context_keys=cluster.keys, host=NO_PLUGINS)
    admin = await connect(cluster.superuser_url(name))
    yield SimpleNamespace(
        admin=admin,
        app=cluster.url(APP, name),
        relay=cluster.url(RELAY, name),
        migrator=cluster.url(MIGRATOR, name),
        superuser=cluster.superuser_url(name),
        key=",".join(f"{kid}:{key.hex()}" for kid, key in cluster.keys.keys.items()),
    )
    await admin.close()
    await drop(cluster, name)


async def drop(cluster: Any, name: str) -> None:
    admin = await connect(cluster.superuser)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
def environ(installation: Any, redis_url: str) -> dict[str, str]:
    return {
        "CORDEE_DATABASE_URL": installation.app,
        "CORDEE_CONTEXT_KEY": installation.key,
        "CORDEE_REDIS_URL": redis_url,
    }


async def probe(environ: dict[str, str], host: PluginHost) -> dict[str, Any]:
    """Return what a web process with these settings answers on its paths."""
    application = build(load_settings(environ), host)
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://cordee.test") as client:
        ready = await client.get("/readyz")
        live = await client.get("/livez")
        other = await client.post("/graphql", json={"query": "{ __typename }"})
        elsewhere = await client.get("/nowhere")
    process = application.readiness.required.__self__
    if process.engine.pool is not None:
        await process.engine.close_connection_pool()
    assert live.status_code == 200
    return {
        "status": ready.status_code,
        "paths": {other.status_code, elsewhere.status_code},
        **{key: value for key, value in ready.json().items() if key != "status"},
    }


def refused(*problems: str) -> dict[str, Any]:
    return {"status": 503, "paths": {503}, "problems": list(problems), "degraded": []}


async def test_redis_away_is_degraded_and_serves(environ: dict[str, str], bare: PluginHost) -> None:
    fine = await probe(environ, bare)
    environ["CORDEE_REDIS_URL"] = f"redis://127.0.0.1:{free_port()}/0"
    away = await probe(environ, bare)
    assert fine == {"status": 200, "paths": {200, 404}, "problems": [], "degraded": []}
    assert away == {**fine, "degraded": ["redis"]}


SEEN = "shows its statements to its other sessions (track_activities)"


@pytest.mark.parametrize(
    ("role", "says"),
    [
        ("relay", f"role cordee_relay: {SEEN}, is not cordee_app"),
        ("migrator", "role cordee_migrator: may make roles, belongs to another role,"
         f" {SEEN}, is not cordee_app"),
        ("superuser", "role postgres: is superuser, bypasses row security, may make roles,"
         f" may make databases, may replicate, owns tables, {SEEN}, is not cordee_app"),
    ],
)  # fmt: skip
async def test_wrong_role(
    environ: dict[str, str], installation: Any, bare: PluginHost, role: str, says: str
) -> None:
    environ["CORDEE_DATABASE_URL"] = getattr(installation, role)
    assert await probe(environ, bare) == refused(says)


async def test_schema_too_old_and_too_new(
    environ: dict[str, str], installation: Any, bare: PluginHost
) -> None:
    admin, record = installation.admin, "INSERT INTO migrations.applied VALUES ('core', $1, $2)"
    removed = "DELETE FROM migrations.applied WHERE name = $1 RETURNING sha256"
    digest = await admin.fetchval(removed, LAST)
    try:
        assert await probe(environ, bare) == refused(
            f"too old, {LAST} is missing; run: cordee db migrate"
        )
    finally:
        await admin.execute(record, LAST, digest)
    await admin.execute(record, FUTURE, "0")
    try:
        assert await probe(environ, bare) == refused(f"too new, {FUTURE} is unknown to this code")
    finally:
        await admin.execute("DELETE FROM migrations.applied WHERE name = $1", FUTURE)


async def test_nothing_migrated_yet(
    cluster: Any, environ: dict[str, str], bare: PluginHost
) -> None:
    await provision(cluster.superuser, cluster.passwords, database="empty")
    environ["CORDEE_DATABASE_URL"] = cluster.url(APP, "empty")
    assert await probe(environ, bare) == refused("no migration has run; run: cordee db migrate")
    await drop(cluster, "empty")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda url: re.sub(r":\d+/", f":{free_port()}/", url),
         "database: does not answer (ConnectionRefusedError)"),
        (lambda url: re.sub(r":[^:@/]+@", ":wrong@", url),
         "database: refuses the login (InvalidPasswordError)"),
        (lambda url: f"{url}_not_there",
         "database: is not on this server (InvalidCatalogNameError)"),
    ],
)  # fmt: skip
async def test_database_away(
    environ: dict[str, str], bare: PluginHost, change: Any, says: str
) -> None:
    environ["CORDEE_DATABASE_URL"] = change(environ["CORDEE_DATABASE_URL"])
    assert await probe(environ, bare) == refused(says)


async def test_required_plugin_that_is_not_installed(
    environ: dict[str, str], bare: PluginHost
) -> None:
    environ["CORDEE_REQUIRED_PLUGINS"] = "food_aid,legal_aid"
    assert await probe(environ, bare) == refused(
        "plugin food_aid: not installed", "plugin legal_aid: not installed"
    )


def command(words: str, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CORDEE_")}
    return subprocess.run(
        cordee(*words.split()), capture_output=True, text=True, env=plain | environ, check=False
    )


async def run(words: str, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return await asyncio.to_thread(command, words, environ)


@pytest.fixture
def job(installation: Any) -> dict[str, str]:
    """The settings of the migration Job."""
    return {
        "CORDEE_MIGRATOR_DATABASE_URL": installation.migrator,
        "CORDEE_CONTEXT_KEY": installation.key,
    }


async def test_the_job_names_a_required_plugin_that_is_not_there(job: dict[str, str]) -> None:
    done = await run("db migrate", job | {"CORDEE_REQUIRED_PLUGINS": "food_aid"})
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "refused: plugin food_aid: not installed"
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"CORDEE_CONTEXT_KEY": ""},
         "configuration_invalid CORDEE_CONTEXT_KEY is not set (signs the database context)"),
        ({"CORDEE_MIGRATOR_DATABASE_URL": ""},
         "configuration_invalid CORDEE_MIGRATOR_DATABASE_URL is not set"
         " (PostgreSQL as the migrator)"),
        ({"CORDEE_MIGRATOR_DATABASE_URL": "postgresql://cordee_migrator:x@127.0.0.1:9/cordee"},
         "unreachable PostgreSQL at 127.0.0.1:9/cordee as cordee_migrator: ConnectionRefusedError"),
        ("app", "privileged_role role cordee_app: is not cordee_migrator"),
        ("superuser", "privileged_role role postgres: is not cordee_migrator"),
    ],
)  # fmt: skip
async def test_the_job_says_what_is_wrong_in_one_line(
    installation: Any, job: dict[str, str], change: Any, says: str
) -> None:
    if isinstance(change, str):
        change = {"CORDEE_MIGRATOR_DATABASE_URL": getattr(installation, change)}
    done = await run("db migrate", job | change)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{says}\n")


async def test_the_job_waits_for_another_one(installation: Any, job: dict[str, str]) -> None:
    await installation.admin.execute(f"SELECT pg_advisory_lock({LOCK})")
    running = asyncio.create_task(run("db migrate", job))
    query = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'cordee_migrator'"
    async with asyncio.timeout(60):
        while not await installation.admin.fetchval(query):  # noqa: ASYNC110 (another process)
            await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    assert not running.done()
    await installation.admin.execute(f"SELECT pg_advisory_unlock({LOCK})")
    done = await running
    assert done.stdout.splitlines()[0] == "waiting for another migration to end"
    assert done.returncode == 0


async def test_config_check_shows_sources_and_says_what_is_missing(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("s" * 32, encoding="utf-8")
    given = {
        "CORDEE_CONTEXT_KEY_FILE": str(key),
        "CORDEE_DATABASE_URL": "postgresql://cordee_app:very-secret@db.test/cordee",
        "CORDEE_CACHE": "/tmp/cordee",
    }
    web, worker = await asyncio.gather(
        run("config check --for web", given), run("config check --for worker", given)
    )
    shown = {line.split("│")[1].strip(): line for line in web.stdout.splitlines() if "│" in line}
    assert web.returncode == 0
    assert f"file {key}" in shown["CORDEE_CONTEXT_KEY"]
    assert "environment" in shown["CORDEE_DATABASE_URL"]
    assert "postgresql://***@db.test/cordee" in shown["CORDEE_DATABASE_URL"]
    assert "default" in shown["CORDEE_PORT"]
    assert "/tmp/cordee" in shown["CORDEE_CACHE"]
    assert "very-secret" not in web.stdout
    assert "s" * 32 not in web.stdout
    assert worker.returncode == 1
    assert worker.stderr == (
        "configuration_invalid CORDEE_REDIS_URL is not set (worker can't do without)\n"
    )
