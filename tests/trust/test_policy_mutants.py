"""Each policy is altered in turn; what the application may then do must show it.

The behaviour is checked on every table of tenants as the catalogue gives it, inside a superuser's
transaction that is rolled back, with triggers off so that foreign keys don't hide a missing policy.
"""

import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from cordee_core.database.lint import declared_classes, lint

ROWS_OF_TENANTS = ("tenant", "person", "personal", "granted", "outbox", "shared")
SCRATCH = "core.zz_shared"
TABLES = {name: kind for name, kind in declared_classes().items() if kind in ROWS_OF_TENANTS}
TABLES[SCRATCH] = "shared"  # the class has no table yet in the first slice
OWN = "tenant_id = (SELECT ctx.tenant())"


@dataclass
class Stage:
    """One table under test with a row of A and a row of B."""

    connection: Any
    table: str
    kind: str
    a: Any
    b: Any
    contexts: dict[str, str]

    @asynccontextmanager
    async def acting(self, context: str = "", role: str = "cordee_app") -> Any:
        """Act as the role for one check; whatever it does is undone."""
        inner = self.connection.transaction()
        await inner.start()
        try:
            await self.connection.fetchval(
                "SELECT set_config('cordee.context', $1, true), set_config('role', $2, true)",
                context,
                role,
            )
            yield self.connection
        finally:
            await inner.rollback()

    async def count(
        self, statement: str, *args: object, context: str, role: str = "cordee_app"
    ) -> int:
        """How many rows a statement touched, -1 for an error."""
        try:
            async with self.acting(context, role) as connection:
                return int((await connection.execute(statement, *args)).split()[-1])
        except asyncpg.PostgresError:
            return -1

    async def after(self, statement: str, *args: object, context: str) -> str | dict[Any, int]:
        """How many rows each tenant has after a statement, or what refused it."""
        try:
            async with self.acting(context) as connection:
                await connection.execute(statement, *args)
                await connection.execute("RESET ROLE")
                rows = await connection.fetch(
                    f"SELECT tenant_id, count(*) FROM {self.table} GROUP BY tenant_id"
                )
                return {row[0]: row[1] for row in rows}
        except asyncpg.PostgresError as error:
            return "policy" if "row-level security" in str(error) else str(error)

    async def inserted(self, row: dict[str, Any], context: str) -> str | dict[Any, int]:
        """What comes of inserting the row where no row is in its way."""
        inner, names = self.connection.transaction(), ", ".join(row)
        await inner.start()
        try:
            await self.connection.execute(f"DELETE FROM {self.table}")
            return await self.after(
                f"INSERT INTO {self.table} ({names}) SELECT {names}"
                f" FROM jsonb_populate_record(null::{self.table}, $1)",
                _json(row),
                context=context,
            )
        finally:
            await inner.rollback()


async def reads(stage: Stage) -> bool:
    """Own rows and no others, and without a context none."""
    shown = 2 if stage.kind in ("granted", "shared") else 1  # the second one is shared to A
    for context, wanted in ((stage.contexts["a"], shown), (stage.contexts["b"], shown), ("", 0)):
        if await stage.count(f"SELECT * FROM {stage.table}", context=context) != wanted:
            return False
    theirs = f"SELECT * FROM {stage.table} WHERE tenant_id = $1"
    return await stage.count(theirs, stage.b.id, context=stage.contexts["a"]) == shown - 1


async def inserts(stage: Stage) -> bool:
    """A row of one's own, and none for anybody else or without a context."""
    own, theirs, context = stage.a.rows[stage.table], stage.b.rows[stage.table], stage.contexts["a"]
    return (
        await stage.inserted(own, context) == {stage.a.id: 1}
        and await stage.inserted(theirs, context) == "policy"
        and await stage.inserted(own, "") == "policy"
    )


async def updates(stage: Stage) -> bool:
    """Own rows only, never towards another tenant. Without WHERE no SELECT policy helps."""
    context, both = stage.contexts["a"], {stage.a.id: 1, stage.b.id: 1}
    same = f"UPDATE {stage.table} SET tenant_id = $1"
    return (
        await stage.count(same, stage.a.id, context=context) == 1
        and await stage.after(same, stage.a.id, context=context) == both
        and await stage.after(same, stage.b.id, context=context) == "policy"
        and await stage.count(same, stage.a.id, context="") == 0
    )


async def deletes(stage: Stage) -> bool:
    """Own rows only."""
    delete = f"DELETE FROM {stage.table}"
    return (
        await stage.after(delete, context=stage.contexts["a"]) == {stage.b.id: 1}
        and await stage.count(delete, context="") == 0
    )


async def relays(stage: Stage) -> bool:
    """The relay reaches all rows of an outbox, and the application doesn't by its policy."""
    touch = f"UPDATE {stage.table} SET created_at = now()"
    every = await stage.count("SELECT * FROM " + stage.table, context="", role="cordee_relay")
    return every == 2 and await stage.count(touch, context="", role="cordee_relay") == 2


async def binds_the_owner(stage: Stage) -> bool:
    """The table's owner sees no row either."""
    select = f"SELECT * FROM {stage.table}"
    return await stage.count(select, context=stage.contexts["a"], role="cordee_owner") == 0


Behaviour = Callable[[Stage], Awaitable[bool]]


def behaviours(kind: str) -> list[Behaviour]:
    """What must hold for a table of the class."""
    common = [reads, inserts, updates, deletes, binds_the_owner]
    return [*common, relays] if kind == "outbox" else common


def mutants(table: str, kind: str) -> list[str]:
    """Every single change of a policy that must show."""
    on = f"ON {table}"
    found = [
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        *(
            f"DROP POLICY {name} {on}"
            for name in ("base", "own_select", "own_insert", "own_update", "own_delete")
        ),
        *(
            f"ALTER POLICY {name} {on} TO cordee_auth"
            for name in ("base", "own_select", "own_insert", "own_update", "own_delete")
        ),
        f"ALTER POLICY base {on} USING (false)",
        f"ALTER POLICY base {on} WITH CHECK (false)",
        *(
            f"ALTER POLICY {name} {on} USING ({wrong})"
            for name in ("own_select", "own_update", "own_delete")
            for wrong in ("true", "false", "tenant_id <> (SELECT ctx.tenant())")
        ),
        *(
            f"ALTER POLICY {name} {on} WITH CHECK ({wrong})"
            for name in ("own_insert", "own_update")
            for wrong in ("true", "false", "tenant_id <> (SELECT ctx.tenant())")
        ),
        f"DROP POLICY base {on}; CREATE POLICY base {on} FOR SELECT TO cordee_app USING (true)",
        *(
            f"DROP POLICY own_{command} {on};"
            f" CREATE POLICY own_{command} {on} AS PERMISSIVE FOR {command}"
            f" TO cordee_app {check} ({OWN})"
            for command, check in (
                ("select", "USING"),
                ("insert", "WITH CHECK"),
                ("update", "USING"),
                ("delete", "USING"),
            )
        ),
    ]
    if kind in ("granted", "shared"):
        found.append(f"ALTER POLICY own_select {on} USING ({OWN})")
    if kind == "outbox":
        found += [
            f"DROP POLICY relay {on}",
            f"ALTER POLICY relay {on} TO cordee_auth",
            f"ALTER POLICY relay {on} USING (false)",
            f"ALTER POLICY relay {on} WITH CHECK (false)",
        ]
    return found


@pytest.fixture
async def stage(request: pytest.FixtureRequest, yard: Any, admin: Any) -> Stage:
    """The table with its rows; every right is given, so that only policies refuse."""
    table = request.param
    await admin.set_type_codec("jsonb", encoder=str, decoder=str, schema="pg_catalog")
    await admin.execute("SET LOCAL session_replication_role = replica")
    if table == SCRATCH:
        await _make_shared(admin, yard)
    await admin.execute("DELETE FROM core.shares")
    for one, other in ((yard.a, yard.b), (yard.b, yard.a)):
        shared = one.rows[SCRATCH if table == SCRATCH else "core.cases"]
        case = shared["case_id"] if table == SCRATCH else shared["id"]
        await admin.execute(
            "INSERT INTO core.shares VALUES ($1, $2, $3, $4,"
            " now() - interval '1 h', now() + interval '1 h')",
            one.id,
            uuid4(),
            case,
            other.id,
        )
    await admin.execute(f"GRANT ALL ON {table} TO cordee_app, cordee_relay, cordee_owner")
    contexts = {"a": yard.context(yard.a.id), "b": yard.context(yard.b.id)}
    return Stage(admin, table, TABLES[table], yard.a, yard.b, contexts)


@pytest.mark.parametrize("stage", sorted(TABLES), indirect=True, ids=str)
async def test_every_policy_mutant_is_killed(stage: Stage) -> None:
    for behaviour in behaviours(stage.kind):
        assert await behaviour(stage), f"{behaviour.__name__} fails without any mutant"
    survivors, unseen = [], []
    for mutant in mutants(stage.table, stage.kind):
        inner = stage.connection.transaction()
        await inner.start()
        await stage.connection.execute(mutant)
        if mutant.startswith("DROP") and stage.table != SCRATCH:
            findings = [one for one in await lint(stage.connection) if one.table == stage.table]
            if not any(one.rule.startswith(("L01", "L02")) for one in findings):
                unseen.append(mutant)
        killed = False
        for behaviour in sorted(behaviours(stage.kind), key=lambda one: _unlikely(one, mutant)):
            killed = killed or not await behaviour(stage)
        await inner.rollback()
        if not killed:
            survivors.append(mutant)
    assert survivors == []
    assert unseen == []


def _unlikely(behaviour: Behaviour, mutant: str) -> bool:
    return {
        "inserts": "own_insert",
        "updates": "own_update",
        "deletes": "own_delete",
        "relays": "relay",
    }.get(behaviour.__name__, "base") not in mutant


async def _make_shared(admin: Any, yard: Any) -> None:
    await admin.execute(
        f"CREATE TABLE {SCRATCH} (tenant_id uuid NOT NULL, id uuid NOT NULL, case_id uuid NOT NULL,"
        " PRIMARY KEY (tenant_id, id)); "
        f"ALTER TABLE {SCRATCH} OWNER TO cordee_owner; SELECT ctx.secure('{SCRATCH}', 'shared')"
    )
    for tenant in (yard.a, yard.b):
        row = {"tenant_id": tenant.id, "id": uuid4(), "case_id": tenant.rows["core.cases"]["id"]}
        tenant.rows[SCRATCH] = row
        await admin.execute(f"INSERT INTO {SCRATCH} VALUES ($1, $2, $3)", *row.values())


def _json(row: dict[str, Any]) -> str:
    def plain(value: object) -> object:
        if isinstance(value, bytes):
            return "\\x" + value.hex()
        return value if isinstance(value, bool | int | list | None) else str(value)

    return json.dumps(
        {
            name: [str(one) for one in value] if isinstance(value, list) else plain(value)
            for name, value in row.items()
        }
    )
