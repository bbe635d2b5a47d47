"""Two tenants with a row in every table, made from the catalogue: new tables are covered."""

import json
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from cordee_core.access.context import ContextKeys, sign
from cordee_core.database.lint import declared_classes
from cordee_core.database.migrate import migrate
from cordee_core.database.provision import connect, provision

_MOMENT = datetime(2026, 1, 2, tzinfo=UTC)
_OVERRIDES: dict[str, Callable[["Tenant"], object]] = {
    "core.tenants.id": lambda tenant: tenant.id,
    "core.tenants.slug": lambda tenant: f"t{tenant.id.hex[:12]}",
    "core.persons.birth_date": lambda _: date(1990, 1, 1),
    "core.persons.birth_date_precision": lambda _: "day",
    "core.persons.family_name": lambda tenant: tenant.mark(),
    "core.person_access.source": lambda _: "circle",
    "core.members.roles": lambda _: ["person"],
    "core.invitations.roles": lambda _: ["person"],
    "core.roles.code": lambda tenant: f"role_{tenant.id.hex[:12]}",
    "core.member_trainings.code": lambda tenant: f"training_{tenant.id.hex[:12]}",
    "core.training_requirements.training_code": lambda tenant: f"training_{tenant.id.hex[:12]}",
    "core.supervision_points.action": lambda tenant: tenant.mark(),
    "core.consents.form": lambda _: "signed",
    "core.transfers.giver_id": lambda _: None,
    "core.transfers.receiver_id": lambda _: None,
    "core.needs.life_domain": lambda _: "social",
    "core.plan_actions.responsible": lambda _: "member",
    "core.goal_attainments.score": lambda _: 1,
    "core.authorisations.withdrawn_by": lambda _: None,
    "core.relations.other_id": lambda _: uuid4(),
    "core.representatives.representative_id": lambda _: None,
    "core.representatives.scopes": lambda _: ["consent"],
    "core.representatives.name": lambda tenant: tenant.mark(),
    "core.circle_members.person_id": lambda _: None,
    "core.shares.ends_at": lambda _: datetime(2099, 1, 1, tzinfo=UTC),
    "ctx.keys.inner_pad": lambda _: secrets.token_bytes(64),
    "ctx.keys.outer_pad": lambda _: secrets.token_bytes(64),
    "ctx.keys.kid": lambda tenant: f"old-{tenant.id.hex[:12]}",
}
_BY_NAME = {"language": "en", "plugin": "sample"}
_BY_TYPE: dict[str, Callable[["Tenant"], object]] = {
    "uuid": lambda _: uuid4(),
    "text": lambda tenant: tenant.mark(),
    "text[]": lambda tenant: [tenant.mark()],
    "uuid[]": lambda _: [uuid4()],
    "jsonb": lambda tenant: json.dumps({"mark": tenant.mark()}),
    "integer": lambda _: 1,
    "smallint": lambda _: 1,
    "bigint": lambda _: 1,
    "boolean": lambda _: True,
    "date": lambda _: date(2026, 1, 2),
    "timestamp with time zone": lambda _: _MOMENT,
    "bytea": lambda _: secrets.token_bytes(32),
}
_COLUMNS = """
SELECT n.nspname || '.' || c.relname AS table, a.attname::text AS column,
    format_type(a.atttypid, NULL) AS type, a.attnotnull AND NOT a.atthasdef AS required
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('core', 'auth', 'ctx') AND c.relkind = 'r' AND a.attnum > 0
    AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY 1, a.attnum
"""
_KEYS = """
SELECT k.conrelid::regclass::text AS table, k.confrelid::regclass::text AS target,
    ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(num, place)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY place
    ) AS here,
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(num, place)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num ORDER BY place
    ) AS there
FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
WHERE k.contype = 'f' AND n.nspname IN ('core', 'auth', 'ctx') ORDER BY 1, k.conname
"""
_CHECKS = """
SELECT k.conrelid::regclass::text AS table, pg_get_constraintdef(k.oid) AS text
FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
WHERE k.contype = 'c' AND n.nspname IN ('core', 'auth', 'ctx')
"""


@dataclass(frozen=True)
class Tenant:
    """A tenant of these tests; its texts carry a mark that no other tenant's text carries."""

    id: UUID
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def mark(self) -> str:
        """A text that is unique and tells whose it is."""
        return f"mark-{self.id.hex[:12]}-{secrets.token_hex(4)}"

    def secrets(self) -> set[str]:
        """What must never reach another tenant: the mark, and every id of its rows."""
        ids = {
            str(value)
            for row in self.rows.values()
            for value in row.values()
            if isinstance(value, UUID)
        }
        return {f"mark-{self.id.hex[:12]}", *ids}


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key of the catalogue."""

    table: str
    target: str
    here: tuple[str, ...]
    there: tuple[str, ...]


@dataclass(frozen=True)
class Yard:
    """A database of its own with two seeded tenants."""

    app: str
    relay: str
    superuser: str
    keys: ContextKeys
    columns: dict[str, dict[str, str]]
    foreign_keys: tuple[ForeignKey, ...]
    a: Tenant
    b: Tenant

    def context(self, tenant: UUID, **changed: Any) -> str:
        """A context that verifies, unless `changed` says otherwise."""
        values = {
            "member": None,
            "purpose": "test",
            "expires": datetime.now(UTC) + timedelta(hours=1),
        }
        return sign(changed.pop("keys", self.keys), tenant=tenant, **{**values, **changed})

    @asynccontextmanager
    async def connected(self, url: str, context: str | None = None) -> AsyncIterator[Any]:
        """A connection with a session-wide context, closed at the end."""
        connection = await connect(url)
        try:
            if context is not None:
                await connection.fetchval("SELECT set_config('cordee.context', $1, false)", context)
            yield connection
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def make_yard(cluster: Any, host: Any) -> Callable[[str], Awaitable[Yard]]:
    """Makes a migrated, seeded database called as asked."""

    async def make(name: str) -> Yard:
        await provision(cluster.superuser, cluster.passwords, database=name)
        await migrate(cluster.url("cordee_migrator", name), context_keys=cluster.keys, host=host)
        superuser = cluster.superuser_url(name)
        connection = await connect(superuser)
        a, b, classes = Tenant(uuid4()), Tenant(uuid4()), declared_classes()
        try:
            columns: dict[str, dict[str, str]] = {}
            required: set[tuple[str, str]] = set()
            for row in await connection.fetch(_COLUMNS):
                columns.setdefault(row["table"], {})[row["column"]] = row["type"]
                if row["required"]:
                    required.add((row["table"], row["column"]))
            keys = tuple(
                ForeignKey(row["table"], row["target"], tuple(row["here"]), tuple(row["there"]))
                for row in await connection.fetch(_KEYS)
            )
            checks = [(row["table"], row["text"]) for row in await connection.fetch(_CHECKS)]
            sower = _Sower(connection, columns, required, keys, checks)
            # Rows that only an act may write together (a stage and its history) are sown alone.
            await connection.execute("SET session_replication_role = replica")
            for tenant in (a, b):
                for table in sower.order():
                    if classes.get(table) != "reference":
                        await sower.sow(table, tenant)
        finally:
            await connection.close()
        return Yard(
            cluster.url("cordee_app", name),
            cluster.url("cordee_relay", name),
            superuser,
            cluster.keys,
            columns,
            keys,
            a,
            b,
        )

    return make


@pytest.fixture(scope="session")
async def yard(make_yard: Callable[[str], Awaitable[Yard]]) -> Yard:
    """The database of the tests that leave nothing behind."""
    return await make_yard("trust")


@pytest.fixture
async def admin(yard: Yard) -> AsyncIterator[Any]:
    """A superuser's transaction, rolled back at the end."""
    async with yard.connected(yard.superuser) as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            yield connection
        finally:
            await transaction.rollback()


@dataclass
class _Sower:
    """Writes a row of a tenant into any table, from what the catalogue says of its columns."""

    connection: Any
    columns: dict[str, dict[str, str]]
    required: set[tuple[str, str]]
    keys: tuple[ForeignKey, ...]
    checks: list[tuple[str, str]]

    def order(self) -> list[str]:
        """Tables, each after those that it refers to."""
        left, done = dict.fromkeys(self.columns), []
        while left:
            ready = [
                table
                for table in left
                if all(
                    key.target not in left or key.target == table
                    for key in self.keys
                    if key.table == table
                )
            ]
            assert ready, f"foreign keys in a circle: {list(left)}"
            done += ready
            for table in ready:
                del left[table]
        return done

    async def sow(self, table: str, tenant: Tenant) -> None:
        """Write one row; a table that can't be sown needs a line in `_OVERRIDES`."""
        row: dict[str, object] = {}
        for column, type_ in self.columns[table].items():
            override = _OVERRIDES.get(f"{table}.{column}")
            if override is not None:
                row[column] = override(tenant)
            elif column == "tenant_id":
                row[column] = tenant.id
            elif (table, column) in self.required:
                row[column] = self._value(table, column, type_, tenant)
        for key in self.keys:
            if key.table == table and key.target != table:
                row |= await self._reference(key, tenant)
        row |= {
            column: _OVERRIDES[f"{table}.{column}"](tenant)
            for column in self.columns[table]
            if f"{table}.{column}" in _OVERRIDES
        }
        names, marks = ", ".join(row), ", ".join(f"${place}" for place in range(1, len(row) + 1))
        try:
            stored = await self.connection.fetchrow(
                f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING *", *row.values()
            )
        except asyncpg.PostgresError as error:
            raise AssertionError(f"{table} can't be sown, see _OVERRIDES: {error}") from error
        tenant.rows[table] = {name: stored[name] for name in self.columns[table]}

    def _value(self, table: str, column: str, type_: str, tenant: Tenant) -> object:
        for owner, text in self.checks:
            listed = re.search(rf"^CHECK \(\({column} = (?:ANY \(ARRAY\[)?'([^']+)'", text)
            if owner == table and listed:
                return listed[1]
        return _BY_NAME[column] if column in _BY_NAME else _BY_TYPE[type_](tenant)

    async def _reference(self, key: ForeignKey, tenant: Tenant) -> dict[str, object]:
        if "tenant_id" in key.there:
            target = tenant.rows[key.target]
        else:
            target = await self.connection.fetchrow(f"SELECT * FROM {key.target} LIMIT 1")
        pairs = zip(key.here, key.there, strict=True)
        return {here: target[there] for here, there in pairs if here != "tenant_id"}
