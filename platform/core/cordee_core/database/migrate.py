"""Brings the schema up to date: SQL files of the core, then of each plugin, one runner at a time.

A migration is a file ``<app>_<date>_<n>_<name>.sql``. It runs once, in one transaction, with its
record; a file that changed after it ran is refused. The core's run as the owner. A plugin's run
in a connection that logs in as the plugin's own role and are followed, in the same transaction,
by their record and by the catalogue linter: a finding rolls them back and refuses the plugin.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

from asyncpg.exceptions import PostgresError

from cordee_core.access.context import ContextKeys, pads
from cordee_core.database import roles
from cordee_core.database.migration_files import (
    CORE,
    Migration,
    core_migrations,
    read_migrations,
)
from cordee_core.database.plugin_scripts import run_as_plugin
from cordee_core.database.provision import connect
from cordee_core.errors import (
    CordeeError,
    MigrationError,
    PluginMigrationError,
    PrivilegedRoleError,
)

if TYPE_CHECKING:
    from cordee_core.plugins.host import PluginHost

LOCK = 4_212_026
_WAIT_SECONDS = 1.0
_HISTORY = """
CREATE SCHEMA IF NOT EXISTS migrations;
CREATE TABLE IF NOT EXISTS migrations.applied (
    app text NOT NULL, name text NOT NULL, sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (app, name)
);
REVOKE ALL ON migrations.applied FROM PUBLIC;
GRANT USAGE ON SCHEMA migrations TO cordee_app, cordee_relay;
GRANT SELECT ON migrations.applied TO cordee_app, cordee_relay;
"""


@dataclass(slots=True)
class MigrationReport:
    """What ran, and the plugins that were refused."""

    applied: list[str] = field(default_factory=list)
    refused: dict[str, PluginMigrationError] = field(default_factory=dict)


async def migrate(
    migrator_url: str,
    *,
    context_keys: ContextKeys,
    host: "PluginHost",
    progress: Callable[[str], None] = lambda _: None,
    waiting: Callable[[], None] = lambda: None,
) -> MigrationReport:
    """Apply every migration that is missing; a refused plugin is reported, the core goes on.

    `waiting` is called once where another migration runs and this one waits for its end.

    Raises:
        PrivilegedRoleError: the address is not that of the migrator.
        MigrationError: a migration of the core failed, or an applied file changed.
    """
    report = MigrationReport()
    connection = await connect(migrator_url)
    try:
        await _check_role(connection)
        await _lock(connection, waiting)
        await connection.execute(f"SET ROLE {roles.OWNER}")
        await connection.execute(_HISTORY)
        await _run(connection, CORE, core_migrations(), report, progress)
        await _store_keys(connection, context_keys)
        await connection.execute("RESET ROLE")
        for plugin, tables in host.tables().items():
            await _migrate_plugin(connection, migrator_url, plugin, tables, report, progress)
    finally:
        await connection.close()
    return report


async def _check_role(connection: Any) -> None:
    who = await connection.fetchval("SELECT current_user")
    if who != roles.MIGRATOR:
        raise PrivilegedRoleError(f"role {who}: is not {roles.MIGRATOR}")


async def _lock(connection: Any, waiting: Callable[[], None]) -> None:
    """Take the lock of the session: it spans the transactions of all migrations."""
    told = False
    while not await connection.fetchval(f"SELECT pg_try_advisory_lock({LOCK})"):
        if not told:
            waiting()
        told = True
        await asyncio.sleep(_WAIT_SECONDS)


async def _run(
    connection: Any,
    app: str,
    migrations: Iterable[Migration],
    report: MigrationReport,
    progress: Callable[[str], None],
) -> None:
    for migration in await _missing(connection, app, migrations):
        progress(migration.name)
        try:
            async with connection.transaction():
                await connection.execute(migration.sql)
                await _record(connection, migration)
        except PostgresError as error:
            raise MigrationError(f"{migration.name}: {error}") from error
        report.applied.append(migration.name)


async def _missing(connection: Any, app: str, migrations: Iterable[Migration]) -> list[Migration]:
    done = {
        row["name"]: row["sha256"]
        for row in await connection.fetch(
            "SELECT name, sha256 FROM migrations.applied WHERE app = $1", app
        )
    }
    wanted = list(migrations)
    for migration in wanted:
        if done.get(migration.name, migration.sha256) != migration.sha256:
            raise MigrationError(f"{migration.name} changed after it was applied")
    return [migration for migration in wanted if migration.name not in done]


async def _record(connection: Any, migration: Migration) -> None:
    await connection.execute(
        "INSERT INTO migrations.applied (app, name, sha256) VALUES ($1, $2, $3)",
        migration.app, migration.name, migration.sha256,
    )  # fmt: skip


async def _store_keys(connection: Any, context_keys: ContextKeys) -> None:
    """Make the stored keys those of the settings; a key that left them stops to verify."""
    async with connection.transaction():
        for kid, key in context_keys.keys.items():
            inner, outer = pads(key)
            await connection.execute(
                "INSERT INTO ctx.keys (kid, inner_pad, outer_pad) VALUES ($1, $2, $3)"
                " ON CONFLICT (kid) DO UPDATE SET inner_pad = $2, outer_pad = $3",
                kid, inner, outer,
            )  # fmt: skip
        await connection.execute(
            "DELETE FROM ctx.keys WHERE kid <> ALL ($1::text[])", list(context_keys.keys)
        )


async def _migrate_plugin(
    connection: Any,
    url: str,
    plugin: str,
    tables: Any,
    report: MigrationReport,
    progress: Callable[[str], None],
) -> None:
    """Run one plugin's migrations as its own role; on any failure nothing of them stays."""
    app, role = roles.plugin_schema(plugin), roles.plugin_role(plugin)
    try:
        await connection.execute(f"SET ROLE {roles.OWNER}")
        missing = await _missing(connection, app, read_migrations(app, tables.migrations))
        await connection.execute("RESET ROLE")
        if missing:
            progress(f"{app}: {len(missing)}")
            password = secrets.token_urlsafe(32)
            database = urlsplit(url).path.strip("/")
            known = await _exists(connection, "pg_roles", "rolname", role)
            for statement in roles.plugin_statements(plugin, known, database, password):
                await connection.execute(statement)
            await run_as_plugin(_url_as(url, role, password), plugin, missing)
            report.applied += [migration.name for migration in missing]
        if await _exists(connection, "pg_namespace", "nspname", app):
            await connection.execute(f"SET ROLE {role}")
            await connection.execute(f"GRANT USAGE ON SCHEMA {app} TO {roles.APP}")
    except (CordeeError, PostgresError) as error:
        problem = error.problem if isinstance(error, PluginMigrationError) else str(error)
        report.refused[plugin] = PluginMigrationError(plugin, problem)
        await _shut_out(connection, plugin)
    finally:
        await connection.execute("RESET ROLE")
        if await _exists(connection, "pg_roles", "rolname", role):
            await connection.execute(f"ALTER ROLE {role} NOLOGIN PASSWORD NULL")


async def _shut_out(connection: Any, plugin: str) -> None:
    """Take the application's way into the schema of a refused plugin."""
    await connection.execute("RESET ROLE")
    schema = roles.plugin_schema(plugin)
    if await _exists(connection, "pg_namespace", "nspname", schema):
        await connection.execute(f"SET ROLE {roles.plugin_role(plugin)}")
        await connection.execute(f"REVOKE ALL ON SCHEMA {schema} FROM {roles.APP}, PUBLIC")
        await connection.execute("RESET ROLE")


async def _exists(connection: Any, catalogue: str, column: str, name: str) -> bool:
    query = f"SELECT EXISTS (SELECT 1 FROM {catalogue} WHERE {column} = $1)"  # noqa: S608
    return bool(await connection.fetchval(query, name))


def _url_as(url: str, role: str, password: str) -> str:
    parts = urlsplit(url)
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(password)}@{where}"))
