"""A tenant with one case, a plugin that listens, and rows in the outbox."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from cordee_core import hookimpl
from cordee_core.clock import new_id, now
from cordee_core.contracts import CaseView, Effects, ReferralView, TenantView
from cordee_core.database.engine import CordeeEngine, parse_url
from cordee_core.outbox.deliver import Delivery, deliver
from cordee_core.plugins.host import PluginHost
from cordee_core.plugins.manifest import Manifest
from cordee_worker.leader import Lease
from cordee_worker.relay import Relay

REFERRED = "cordee_case_referred"
LABEL = {"en": "Seen", "fr": "Vu"}


@dataclass(frozen=True)
class EchoSettings:
    """What a tenant may set for the plugin of these tests."""

    days: int = 14


@dataclass
class Echo:
    """Adds one entry to the timeline for each referral, and remembers what it was told."""

    before: Callable[[CaseView], Awaitable[None]] | None = None
    kind: str = "echo.seen"
    label: dict[str, str] = field(default_factory=lambda: dict(LABEL))
    heard: list[tuple[TenantView, CaseView, ReferralView, EchoSettings]] = field(
        default_factory=list
    )

    @hookimpl
    def cordee_settings(self) -> type:
        return EchoSettings

    @hookimpl
    async def cordee_case_referred(
        self, tenant: TenantView, case: CaseView, referral: ReferralView, effects: Effects
    ) -> None:
        self.heard.append((tenant, case, referral, effects.settings(EchoSettings)))
        await effects.timeline(case.id, self.kind, self.label)
        if self.before is not None:
            await self.before(case)


def host_with(plugin: object, name: str = "echo") -> PluginHost:
    """A host that knows this plugin and no other."""
    host = PluginHost(isolated=False)
    hooks = frozenset(one for one in dir(plugin) if one.startswith("cordee_"))
    host.register(Manifest(name=name, api=1, hooks=hooks), plugin)
    return host


class Later:
    """A clock that can be moved on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class World:
    """The database as its superuser sees it, for what tests put there and look at."""

    admin: Any
    keys: Any
    engine: CordeeEngine
    clock: Later = field(default_factory=Later)

    async def tenant(self) -> "Tenant":
        """A new tenant with one case and one referral, `echo` enabled."""
        tenant = Tenant(self, *(new_id() for _ in range(5)))
        await tenant.create()
        return tenant

    async def relay(self, cluster: Any, **options: Any) -> Relay:
        """A relay with its own engine; closed by the fixture `relays`."""
        engine = CordeeEngine(cluster.relay)
        await engine.start_connection_pool(max_size=2)
        lease = Lease(engine, f"relay-{new_id()}")
        return Relay(engine, options.pop("broker"), lease, clock=self.clock, **options)


@dataclass
class Tenant:
    """One tenant's ids."""

    world: World
    id: UUID
    member: UUID
    person: UUID
    case: UUID
    referral: UUID

    async def create(self) -> None:
        programme, version, service = new_id(), new_id(), new_id()
        t, m = self.id, self.member
        sql = [
            ("INSERT INTO core.tenants (tenant_id, id, slug, name, plan_code, language,"
             " created_at) VALUES ($1, $1, $2, 'T', 'standard', 'fr', $3)",
             (t, f"t{str(t).replace('-', '')}", now())),
            ("INSERT INTO core.members (tenant_id, id, account_id, display_name, email, roles,"
             " status, created_at) VALUES ($1, $2, $2, 'M', 'm@x.test', '{referent}', 'active',"
             " $3)", (t, m, now())),
            ("INSERT INTO core.persons (tenant_id, id, number, family_name,"
             " birth_date_precision, sex, created_at, created_by)"
             " VALUES ($1, $2, 'P1', 'Secret-Family-Name', 'unknown', 'unknown', $3, $4)",
             (t, self.person, now(), m)),
            ("INSERT INTO core.cases (tenant_id, id, number, person_id, programme_id,"
             " programme_version_id, model_version_id, stage, request_source, requested_on,"
             " opened_at, opened_by) VALUES ($1, $2, 'C1', $3, $4, $5, $5, 'intake', 'self',"
             " current_date, $6, $7)", (t, self.case, self.person, programme, version, now(), m)),
            ("INSERT INTO core.programmes (tenant_id, id, code, status, definition, created_at,"
             " created_by) VALUES ($1, $2, 'echo.programme', 'active', '{}', $3, $4)",
             (t, programme, now(), m)),
            ("INSERT INTO core.services (tenant_id, id, code, name, description, kind,"
             " created_at) VALUES ($1, $2, 'echo.shelter', '{}', '{}', 'shelter', $3)",
             (t, service, now())),
            ("INSERT INTO core.referrals (tenant_id, id, case_id, service_id, state, reason,"
             " created_at, created_by) VALUES ($1, $2, $3, $4, 'sent', 'why', $5, $6)",
             (t, self.referral, self.case, service, now(), m)),
            ("INSERT INTO core.tenant_plugins (tenant_id, plugin, enabled, changed_at,"
             " changed_by) VALUES ($1, 'echo', true, $2, $3)", (t, now(), m)),
        ]  # fmt: skip
        async with self.world.admin.transaction():
            # The rows a case refers to are another feature's matter.
            await self.world.admin.execute("SET LOCAL session_replication_role = replica")
            for text, values in sql:
                await self.world.admin.execute(text, *values)

    async def emit(self, *, case: UUID | None = None, event: str = REFERRED, **ids: str) -> UUID:
        """A row of the outbox, due now."""
        message = new_id()
        payload = {"referral": str(self.referral), **ids}
        await self.world.admin.execute(
            "INSERT INTO core.outbox (tenant_id, id, event, consumer, queue, case_id, payload,"
            " created_at, due_at) VALUES ($1, $2, $3, 'echo', 'events', $4, $5, $6, $6)",
            self.id, message, event, case or self.case, payload, self.world.clock(),
        )  # fmt: skip
        return message

    async def deliver(self, host: PluginHost, message: UUID) -> Delivery:
        """One delivery, the way the actor does it."""
        world = self.world
        return await deliver(world.engine, world.keys, host, self.id, message, clock=world.clock)

    async def row(self, message: UUID) -> Any:
        return await self.world.admin.fetchrow(
            "SELECT * FROM core.outbox WHERE tenant_id = $1 AND id = $2", self.id, message
        )

    async def timeline(self) -> list[Any]:
        return await self.world.admin.fetch(
            "SELECT * FROM core.timeline_entries WHERE tenant_id = $1 ORDER BY case_id, seq",
            self.id,
        )

    async def letters(self) -> list[Any]:
        return await self.world.admin.fetch(
            "SELECT * FROM core.dead_letters WHERE tenant_id = $1", self.id
        )


@pytest.fixture
def make_echo() -> type[Echo]:
    """The plugin of these tests."""
    return Echo


@pytest.fixture
def make_host() -> Callable[..., PluginHost]:
    """Makes a host that knows one plugin."""
    return host_with


@pytest.fixture
async def world(cluster: Any, engine: CordeeEngine) -> AsyncIterator[World]:
    """The world, its outbox empty of what other tests left open."""
    import msgspec

    admin = await asyncpg.connect(**parse_url(cluster.superuser_url()))
    await admin.set_type_codec(
        "jsonb", encoder=lambda value: msgspec.json.encode(value).decode(),
        decoder=msgspec.json.decode, schema="pg_catalog",
    )  # fmt: skip
    await admin.execute("UPDATE core.outbox SET done_at = now() WHERE done_at IS NULL")
    yield World(admin, cluster.keys, engine)
    await admin.close()


@pytest.fixture
async def tenant(world: World) -> Tenant:
    """One tenant."""
    return await world.tenant()


@pytest.fixture
async def make_relay(world: World, cluster: Any) -> AsyncIterator[Callable[..., Awaitable[Relay]]]:
    """Makes relays and closes their pools."""
    made: list[Relay] = []

    async def make(**options: Any) -> Relay:
        made.append(await world.relay(cluster, **options))
        return made[-1]

    yield make
    for one in made:
        await one.engine.close_connection_pool()
