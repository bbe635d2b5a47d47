"""Makes a migrated database with many tenants: the catalogue by the use cases, the rows by SQL."""

import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cordee_core import demo
from cordee_core.access.context import ContextKeys
from cordee_core.database.migrate import migrate
from cordee_core.database.migration_files import core_migrations
from cordee_core.database.provision import connect, provision
from cordee_core.database.roles import APP, MIGRATOR
from cordee_core.plugins.host import PluginHost

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Plan:
    """How many cases each tenant gets, and how many members."""

    sizes: tuple[int, ...]
    members: int = 20

    @property
    def cases(self) -> int:
        """All cases together."""
        return sum(self.sizes)


@dataclass(frozen=True)
class Cluster:
    """The PostgreSQL server, the passwords of its roles and the key that signs contexts."""

    superuser: str
    passwords: dict[str, str]
    key: str

    def url(self, role: str, database: str) -> str:
        """Return the address of `database` for `role`."""
        where = self.superuser.rpartition("@")[2].partition("/")[0]
        return f"postgresql://{role}:{self.passwords[role]}@{where}/{database}"

    def superuser_url(self, database: str) -> str:
        """Return the address of `database` for the superuser."""
        return f"{self.superuser.rpartition('/')[0]}/{database}"

    @property
    def keys(self) -> ContextKeys:
        """The signing key as the product reads it from its environment."""
        return ContextKeys({"k1": bytes.fromhex(self.key)})


@dataclass(frozen=True)
class Caller:
    """A member who asks: their tenant, their token and whether they supervise."""

    tenant: UUID
    member: UUID
    token: str
    supervisor: bool


@dataclass(frozen=True)
class Database:
    """A seeded database and who and what can be asked for in it."""

    name: str
    plan: Plan
    callers: dict[UUID, list[Caller]]
    cases: dict[UUID, list[UUID]]
    tenants: list[UUID]
    """In the order of the plan's sizes."""
    seconds: float


async def seed(cluster: Cluster, name: str, plan: Plan, say: Callable[[str], None]) -> Database:
    """Make the database `name` as `plan` says; return what can be asked for in it.

    One that an earlier run made by the same plan is taken over, with new tokens.
    """
    began = time.monotonic()
    kept = await _is_kept(cluster, name, _mark(plan))
    await provision(cluster.superuser, cluster.passwords, name)
    host = PluginHost.discover(strict=True)
    await migrate(cluster.url(MIGRATOR, name), context_keys=cluster.keys, host=host)
    say(f"{name}: {len(plan.sizes)} tenants, {plan.cases} cases{', kept' if kept else ' …'}")
    connection = await connect(cluster.superuser_url(name))
    try:
        if not kept:
            await demo.load(cluster.url(APP, name), cluster.keys, host)
            await _fill(connection, name, plan)
        callers = await _issue_tokens(connection)
        cases = await _sample(connection)
    finally:
        await connection.close()
    return Database(name, plan, callers, cases, list(callers), time.monotonic() - began)


def _mark(plan: Plan) -> str:
    """Return what tells databases apart that were not made alike."""
    made_by = (SQL / "seed.sql").read_text(encoding="utf-8") + json.dumps(asdict(plan))
    made_by += "".join(one.sha256 for one in core_migrations())
    return hashlib.sha256(made_by.encode()).hexdigest()


async def _is_kept(cluster: Cluster, name: str, mark: str) -> bool:
    """Return whether the database is there, made alike; drop one that is not."""
    connection = await connect(cluster.superuser)
    try:
        found = await connection.fetchval(
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database"
            " WHERE datname = $1",
            name,
        )
        if found is not None and found != mark:
            await connection.execute(f"DROP DATABASE {name}")
    finally:
        await connection.close()
    return bool(found == mark)


async def _fill(connection: Any, name: str, plan: Plan) -> None:
    """Make the rows, vacuumed and analysed, and mark the database as made."""
    wanted = json.dumps(asdict(plan))
    await connection.fetch("SELECT set_config('bench.plan', $1, false)", wanted)
    await connection.execute((SQL / "seed.sql").read_text(encoding="utf-8"), timeout=1800)
    await connection.execute("VACUUM (ANALYZE)", timeout=1800)
    await connection.execute(f"COMMENT ON DATABASE {name} IS '{_mark(plan)}'")
    await connection.execute("CHECKPOINT", timeout=600)


async def _issue_tokens(connection: Any) -> dict[UUID, list[Caller]]:
    rows = await connection.fetch(
        "SELECT m.tenant_id, m.id, 'supervisor' = ANY (m.roles) AS supervisor FROM core.members m"
        " JOIN core.tenants t ON t.id = m.tenant_id WHERE t.slug LIKE 'bench-%'"
        " ORDER BY t.created_at, substr(t.slug, 7)::int, m.id"
    )
    expires = datetime.now(UTC) + timedelta(days=30)
    callers: dict[UUID, list[Caller]] = {}
    records = []
    for tenant, member, supervisor in rows:
        token = f"cdt_{secrets.token_urlsafe(32)}"
        callers.setdefault(tenant, []).append(Caller(tenant, member, token, supervisor))
        records.append((hashlib.sha256(token.encode()).digest(), tenant, member, expires))
    columns = ["token_hash", "tenant_id", "member_id", "expires_at"]
    await connection.copy_records_to_table(
        "tokens", schema_name="auth", records=records, columns=columns
    )
    await connection.execute("ANALYZE auth.tokens")
    return callers


async def _sample(connection: Any) -> dict[UUID, list[UUID]]:
    """Return up to 200 cases of each tenant, chosen by a hash: everywhere in the table."""
    rows = await connection.fetch(
        "SELECT tenant_id, id FROM (SELECT c.tenant_id, c.id, row_number() OVER (PARTITION BY"
        " c.tenant_id ORDER BY md5(c.id::text)) AS place FROM core.cases c JOIN core.tenants t"
        " ON t.id = c.tenant_id WHERE t.slug LIKE 'bench-%' AND c.stage = 'assessment') one"
        " WHERE place <= 200"
    )
    cases: dict[UUID, list[UUID]] = {}
    for tenant, case in rows:
        cases.setdefault(tenant, []).append(case)
    return cases
