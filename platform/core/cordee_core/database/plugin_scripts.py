"""Runs a plugin's SQL so that it can do nothing beyond its own schema, and lints what it did."""

import secrets
from collections.abc import Iterable
from typing import Any

from cordee_core.database.lint import Finding, lint
from cordee_core.database.migration_files import Migration
from cordee_core.database.provision import connect
from cordee_core.database.roles import plugin_role, plugin_schema
from cordee_core.database.tables import DECLARED
from cordee_core.errors import PluginMigrationError

_SECONDS = 600


async def run_as_plugin(url: str, plugin: str, scripts: Iterable[Migration]) -> None:
    """Run `scripts` and the linter in one transaction of the plugin's own login, and commit.

    Raises:
        PluginMigrationError: the linter finds something that was not there before; nothing stays.
    """
    session = await connect(url)
    try:
        transaction = session.transaction()
        await transaction.start()
        await session.execute(f"SET LOCAL statement_timeout = '{_SECONDS}s'")
        before = frozenset(await lint(session))
        for script in scripts:
            await session.execute(_sealed(script.sql))
            await session.execute("SELECT ctx.record_migration($1, $2)", script.name, script.sha256)
        await _check_identity(session, plugin)
        if problems := await _problems(session, plugin, before):
            raise PluginMigrationError(plugin, "; ".join(problems))
        await transaction.commit()
    finally:
        await session.close()


def _sealed(sql: str) -> str:
    """Return `sql` as the text of a block, in which no statement can end the transaction."""
    outer, inner = (f"$t{secrets.token_hex(16)}$" for _ in range(2))
    return f"DO {outer} BEGIN EXECUTE {inner}{sql}{inner}; END {outer}"


async def _check_identity(session: Any, plugin: str) -> None:
    who = await session.fetchrow("SELECT current_user AS now, session_user AS login")
    if {who["now"], who["login"]} != {plugin_role(plugin)}:
        raise PluginMigrationError(plugin, "a migration must not change its role")


async def _problems(session: Any, plugin: str, before: frozenset[Finding]) -> list[str]:
    """Return what is wrong with the plugin's own schema, and what else it made wrong."""
    # A migration may have set a search_path, in which names of the catalogue mean something else.
    await session.execute("SET LOCAL search_path = pg_catalog, pg_temp")
    schema = plugin_schema(plugin)
    found = [
        str(one) for one in await lint(session)
        if one not in before or one.table.partition(".")[0] == schema
    ]  # fmt: skip
    rows = await session.fetch(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = $1",
        schema,
    )
    made = {row["relname"] for row in rows}
    wanted = {name for owner, name in DECLARED if owner == schema}
    return found + [f"L00 declared table is missing: {one}" for one in sorted(wanted - made)]
