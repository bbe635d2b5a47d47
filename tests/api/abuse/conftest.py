"""The platform as it is served, with subscriptions; a WebSocket client; a case to listen to."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from cordee_core.access.scope import Scope
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.committed import LISTENERS
from cordee_core.database.engine import CordeeEngine, fetch
from cordee_core.database.unit_of_work import perform, unit_of_work
from cordee_core.plugins.host import PluginHost
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme
from cordee_core.programmes.edit_programme import ProgrammeEdit, edit_programme
from cordee_core.settings import Settings
from cordee_graphql import ids
from cordee_graphql.backend import Database
from cordee_graphql.context import Installation
from cordee_graphql.schema import CordeeSchema, build_schema
from cordee_graphql.streaming import Streamer
from cordee_graphql.throttle import LocalBuckets
from cordee_graphql.wakeups import Hub
from cordee_server.auth import authenticate
from cordee_server.http.application import make_application
from cordee_server.http.controller import Gateway
from cordee_server.http.pages import Pages
from cordee_server.readiness import Readiness
from cordee_server.streams.endpoint import Streams
from cordee_server.streams.limits import Seats, StreamLimits

sys.path.insert(0, str(Path(__file__).parent))

from socket_client import SECONDS, dialled


@dataclass
class Served:
    """The platform at an address."""

    address: str
    hub: Hub
    seats: Seats
    streams: Streams
    engine: CordeeEngine
    schema: CordeeSchema
    http: httpx.AsyncClient

    async def post(self, query: Any, *, token: str | None = None, **more: Any) -> httpx.Response:
        headers = {"Accept": "application/graphql-response+json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return await self.http.post("/graphql", json={"query": query, **more}, headers=headers)

    def busy(self) -> int:
        """Return how many database connections are in use."""
        pool: Any = self.engine.pool
        return pool.get_size() - pool.get_idle_size()

    async def rests(self) -> bool:
        """Return whether everything that connections took is given back, after a while."""
        for _ in range(600):
            if not (self.busy() or self.hub.tenants or self.seats._taken):
                return True
            await asyncio.sleep(0.05)
        return False


async def _nothing() -> Sequence[str]:
    return ()


@pytest.fixture(scope="session")
def schema_of_installation(host: PluginHost) -> CordeeSchema:
    """The schema of the installation."""
    return build_schema(host, strict=True)


@pytest.fixture
def serve(
    engine: CordeeEngine,
    host: PluginHost,
    cluster: Any,
    serving: Any,
    schema_of_installation: CordeeSchema,
) -> Callable[..., Any]:
    """Serve the platform with its subscriptions."""

    @asynccontextmanager
    async def run(
        hub: Hub | None = None,
        limits: StreamLimits | None = None,
        origins: Sequence[str] = (),
        max_body: int = 1 << 20,
        **more: Any,
    ) -> AsyncIterator[Served]:
        hub = hub or Hub(reliable=True)
        settings = Settings(keys=dict(cluster.keys.keys))
        schema, backend = schema_of_installation, Database(engine)
        schema.buckets = LocalBuckets()
        installation = Installation(engine, host, cluster.keys, settings)
        caller = partial(authenticate, engine, host, cluster.keys)
        seats = Seats(limits or StreamLimits())
        streamer = Streamer(schema, backend, hub, 30.0, installation)
        streams = Streams(streamer, caller, origins=origins, seats=seats, **more)
        gateway = Gateway(
            schema, backend, caller, Pages(), 30.0, installation, streams=streams, **more
        )
        application = make_application(
            gateway, Readiness(_nothing, _nothing), max_body=max_body, origins=origins
        )
        LISTENERS.append(hub.tell)
        try:
            async with (
                serving(application) as address,
                httpx.AsyncClient(base_url=address, timeout=SECONDS) as http,
            ):
                yield Served(address, hub, seats, streams, engine, schema, http)
        finally:
            LISTENERS.remove(hub.tell)

    return run


@pytest.fixture
async def platform(serve: Callable[..., Any]) -> AsyncIterator[Served]:
    """The platform as it is served."""
    async with serve() as found:
        yield found


@pytest.fixture(scope="session")
def dial() -> Callable[..., Any]:
    """Connect a WebSocket."""
    return dialled


@pytest.fixture(scope="session")
def token(tenants: Any) -> str:
    """The token of a referent."""
    return tenants[0].tokens["referent"]


@dataclass
class Listened:
    """A tenant with a case that grows."""

    tenancy: Any
    engine: CordeeEngine
    case: UUID
    programme: UUID

    @property
    def gid(self) -> str:
        return ids.encode("Case", self.case)

    def token(self, role: str = "referent") -> str:
        return self.tenancy.tokens[role]

    def scope(self, role: str = "referent") -> Scope:
        return self.tenancy[role]

    async def grow(self, number: int = 1, case: UUID | None = None) -> int:
        """Add entries to the timeline; return the last one's number."""
        last = 0
        for _ in range(number):
            async with unit_of_work(self.engine, self.scope(), "test"):
                last = await add_entry(self.scope(), case or self.case, "note_added")
        return last

    async def open(self, person: UUID) -> UUID:
        draft = CaseDraft(
            person=person, programme=self.programme, request_source="self",
            requested_on=date(2026, 1, 15),
        )  # fmt: skip
        done = await perform(self.engine, self.scope(), "caseOpen", open_case, draft)
        return done.changed["case"]

    async def journal(self, action: str) -> list[Any]:
        """Return the entries of reads of one action, oldest first."""
        async with self.engine.transaction(cordee__context=self.scope("admin").signed()):
            return await fetch(
                "SELECT subjects FROM core.journal_entries WHERE kind = 'read' AND action = $1"
                " ORDER BY id", action,
            )  # fmt: skip


@pytest.fixture
async def listened(engine: CordeeEngine, tenant: Any) -> Listened:
    """A tenant of this test with a case of its person."""

    async def do(role: str, use_case: Callable[..., Awaitable[Any]], draft: Any) -> Any:
        return (await perform(engine, tenant[role], "test", use_case, draft)).changed

    copied = await do(
        "supervisor", copy_programme, CopyDraft(template="housing.support_to_housing")
    )
    programme = copied["programme"]
    await do("supervisor", edit_programme, ProgrammeEdit(
        programme=programme, row_version=1, parts={"places": 12}, reason="Small town",
    ))  # fmt: skip
    await do("supervisor", activate_programme, ActivateDraft(programme=programme, row_version=2))
    found = Listened(tenant, engine, UUID(int=0), programme)
    found.case = await found.open(tenant.person)
    return found
