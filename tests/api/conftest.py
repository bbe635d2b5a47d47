"""A small schema on a backend in memory, served by a real Hypercorn: the API without the domain."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
import strawberry
from hypercorn.asyncio import serve
from hypercorn.config import Config

from cordee_core.access.context import ContextKeys
from cordee_core.access.permissions import Permission, Reach
from cordee_core.access.scope import Actor, Scope
from cordee_core.clock import new_id
from cordee_core.database.unit_of_work import Outcome
from cordee_core.errors import (
    ForbiddenError,
    InvalidInputError,
    StaleObjectError,
    UnauthenticatedError,
)
from cordee_core.plugins.host import PluginHost
from cordee_core.settings import Settings
from cordee_graphql.backend import Database
from cordee_graphql.connection import After, Before, Connection, First, Last, Listing, connect
from cordee_graphql.context import Context, Info, Installation
from cordee_graphql.guards import PUBLIC, Guarded
from cordee_graphql.ids import decode
from cordee_graphql.mutation import Payload, attempt
from cordee_graphql.nodes import Node, NodeQueries, load_node
from cordee_graphql.operation import Operation
from cordee_graphql.schema import CordeeSchema, build_schema
from cordee_server.auth import authenticate
from cordee_server.readiness import Readiness
from cordee_server.http.application import make_application
from cordee_server.http.controller import Gateway
from cordee_server.http.pages import Pages

TOKEN = "cdt_0123456789abcdefghijklmnop"


@dataclass
class Shelf:
    """A backend in memory that notes what is done with it."""

    books: dict[UUID, str] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    open: int = 0
    loads: int = 0

    def reading(self, scope: Scope, action: str) -> "Reading":
        return Reading(self, action)

    async def perform(self, scope: Scope, action: str, use_case: Any, draft: Any, key: Any):
        assert self.open == 0, "a write began while the read transaction held a connection"
        self.log.append(f"write {action}" + (f" {key.key}/{key.response_key}" if key else ""))
        return Outcome(changed=await use_case(self, draft), once={"token": "secret"})

    async def deny(self, scope: Scope, action: str, error: ForbiddenError) -> None:
        assert self.open == 0
        self.log.append(f"denied {action} {error.params['permission']}")


@dataclass
class Reading:
    """A read transaction: opened at the first query, ended once."""

    shelf: Shelf
    action: str
    opened: bool = False
    seen: set[UUID] = field(default_factory=set)

    def saw(self, persons: Iterable[UUID | None]) -> None:
        self.seen.update(one for one in persons if one)

    @asynccontextmanager
    async def active(self) -> AsyncIterator[None]:
        if not self.opened:
            self.opened = True
            self.shelf.open += 1
        await asyncio.sleep(0)
        yield

    async def finish(self) -> None:
        if self.opened:
            self.shelf.open -= 1
            self.shelf.log.append(f"read {self.action} {len(self.seen)}")


def _shelf(operation: Operation) -> Shelf:
    shelf = operation.backend
    assert isinstance(shelf, Shelf)
    return shelf


@strawberry.type(name="TestBook")
class Book(Node):
    title: str

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Book"]:
        shelf = _shelf(operation)
        async with operation.read() as reading:
            shelf.loads += 1
            reading.saw(uuids)
            return {
                one: cls(uuid=one, title=shelf.books[one]) for one in uuids if one in shelf.books
            }

    @strawberry.field
    async def same(self, info: Info) -> "Book | None":
        return await load_node(info, Book, self.uuid)

    @strawberry.field
    async def others(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> "Connection[Book]":
        return await connect(info, BOOKS, _book, first=first, after=after, last=last, before=before)

    @strawberry.field(extensions=[Guarded("journal.read")], description="A secret.")
    def secret(self) -> str | None:
        return "hidden"


Row = tuple[str, UUID]


def _book(row: Row) -> Book:
    return Book(uuid=row[1], title=row[0])


async def page_of(rows: list[Row], after: Any, before: Any, limit: int, reverse: bool) -> list[Row]:
    found = [
        row
        for row in sorted(rows)
        if (after is None or row > after) and (before is None or row < before)
    ]
    return (found[::-1] if reverse else found)[:limit]


async def _page(reading: Any, after: Any, before: Any, limit: int, reverse: bool) -> list[Row]:
    rows = [(title, uuid) for uuid, title in reading.shelf.books.items()]
    return await page_of(rows, after, before, limit, reverse)


async def _count(reading: Any) -> int:
    reading.shelf.log.append("count")
    return len(reading.shelf.books)


BOOKS = Listing(
    order="books.title", page=_page, key=lambda row: row, key_types=(str, UUID), count=_count
)


@strawberry.type
class TestQueries:
    @strawberry.field
    async def books(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Book] | None:
        return await connect(info, BOOKS, _book, first=first, after=after, last=last, before=before)

    @strawberry.field
    async def fail(self, info: Info, text: str = "") -> str | None:
        raise RuntimeError(f"secret {text}")

    @strawberry.field
    async def sqlstate(self, info: Info, state: str) -> str | None:
        error = RuntimeError("Key (email)=(someone@example.org)")
        error.sqlstate = state  # type: ignore[attr-defined]
        raise error

    @strawberry.field
    async def slow(self, info: Info, seconds: int) -> str | None:
        async with info.context.operation.read():
            await asyncio.sleep(seconds)
        return "done"

    @strawberry.field
    async def many(self, info: Info) -> list[Book]:
        return []


@strawberry.type(name="TestAddPayload")
class AddPayload(Payload):
    @strawberry.field
    async def book(self, info: Info) -> Book | None:
        return await load_node(info, Book, self.changed.get("book"))


async def _add(shelf: Shelf, title: str) -> Mapping[str, UUID]:
    if title == "stale":
        raise StaleObjectError(path=("input", "rowVersion"))
    if title == "forbidden":
        raise ForbiddenError(permission="book.write")
    identifier = new_id()
    shelf.books[identifier] = title
    return {"book": identifier}


def _draft(title: str) -> str:
    if not title:
        raise InvalidInputError(
            path=("input", "title"), problem={"en": "it is empty.", "fr": "il est vide."}
        )
    return title


@strawberry.type
class TestMutations:
    @strawberry.mutation
    async def book_add(self, info: Info, title: str) -> AddPayload | None:
        return await attempt(info, AddPayload, "bookAdd", _add, lambda: _draft(title))

    @strawberry.mutation(metadata=PUBLIC)
    async def sign_up(self, info: Info, title: str) -> AddPayload | None:
        return await attempt(info, AddPayload, "signUp", _add, lambda: title, scope=make_scope())


def make_scope(language: str = "fr", permissions: Iterable[str] = ()) -> Scope:
    return Scope(
        tenant=UUID(int=1),
        keys=ContextKeys({"k1": b"k" * 32}),
        host=PluginHost(),
        member=Actor(id=UUID(int=2), roles=("reader",), display_name="A"),
        permissions={Permission(one): Reach.TENANT for one in permissions},
        enabled=frozenset({"housing"}),
        language=language,  # type: ignore[arg-type]
    )


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def schema() -> CordeeSchema:
    return CordeeSchema((NodeQueries, TestQueries), (TestMutations,))


@pytest.fixture
def run(schema: CordeeSchema, shelf: Shelf) -> Callable[..., Any]:
    """Execute an operation on the test schema and return the whole answer."""

    async def execute(query: str, *, scope: Scope | None = None, **options: Any) -> dict[str, Any]:
        variables = options.pop("variables", None)
        anonymous = options.pop("anonymous", False)
        operation = Operation(
            shelf, None if anonymous else scope or make_scope(), **{"request_id": "r-1", **options}
        )
        result = await schema.execute(
            query, variable_values=variables, context_value=Context(operation)
        )
        errors = [error.formatted for error in result.errors or ()]
        return {"data": result.data, "errors": errors, "extensions": result.extensions}

    return execute


async def _authenticate(authorization: str | None, language: Any, request_id: str) -> Scope | None:
    if authorization is None:
        return None
    if authorization != f"Bearer {TOKEN}":
        raise UnauthenticatedError
    return make_scope(language or "fr")


async def _nothing() -> Sequence[str]:
    return ()


@asynccontextmanager
async def served(application: Any) -> AsyncIterator[str]:
    """Serve an application on a free port of the loopback; give its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    port = listener.getsockname()[1]
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.loglevel = "ERROR"
    stop = asyncio.Event()
    task = asyncio.create_task(serve(application, config, shutdown_trigger=stop.wait))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        stop.set()
        await task


@pytest.fixture
async def address(schema: CordeeSchema, shelf: Shelf) -> AsyncIterator[str]:
    """Address of the served test schema."""
    gateway = Gateway(schema, shelf, _authenticate, Pages(), 5.0)
    application = make_application(
        gateway, Readiness(_nothing, _nothing), max_body=2000, origins=["https://app.example"]
    )
    async with served(application) as found:
        yield found


@pytest.fixture
async def http(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the served test schema that carries a token."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=address, headers=headers) as client:
        yield client


@pytest.fixture
def make() -> Callable[..., Scope]:
    """Make a scope in a language and with permissions."""
    return make_scope


@dataclass(frozen=True)
class Client:
    """Asks the real schema on the real database, over HTTP."""

    http: httpx.AsyncClient

    async def post(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        token: str | None = None,
        language: str = "en",
        key: str | None = None,
    ) -> httpx.Response:
        headers = {
            "Accept": "application/graphql-response+json",
            "Accept-Language": language,
            **({"Authorization": f"Bearer {token}"} if token else {}),
            **({"Idempotency-Key": key} if key else {}),
        }
        body = {"query": document, "variables": dict(variables or {})}
        return await self.http.post("/graphql", json=body, headers=headers)

    async def ask(self, document: str, **options: Any) -> dict[str, Any]:
        """Return the whole answer."""
        return (await self.post(document, **options)).json()

    async def change(
        self, token: str | None, name: str, given: Mapping[str, Any], want: str = "", **options: Any
    ) -> dict[str, Any]:
        """Run one mutation; return the whole answer."""
        document = (
            f"mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input)"
            f" {{ {want} userErrors {{ code message path }} }} }}"
        )
        return await self.ask(document, variables={"input": given}, token=token, **options)

    async def do(
        self, token: str | None, name: str, given: Mapping[str, Any], want: str = "", **options: Any
    ) -> dict[str, Any]:
        """Run one mutation that must be done; return its payload."""
        answer = await self.change(token, name, given, want, **options)
        assert "errors" not in answer, answer
        assert answer["data"][name]["userErrors"] == [], answer
        return answer["data"][name]


@pytest.fixture(scope="session")
async def client(engine: Any, host: PluginHost, cluster: Any) -> AsyncIterator[Client]:
    """The platform as it is served, on the engine of the tests."""
    settings = Settings(keys=dict(cluster.keys.keys))
    gateway = Gateway(
        build_schema(host, strict=True),
        Database(engine),
        partial(authenticate, engine, host, cluster.keys),
        Pages(),
        30.0,
        Installation(engine, host, cluster.keys, settings),
    )
    application = make_application(
        gateway, Readiness(_nothing, _nothing), max_body=settings.max_body_bytes
    )
    async with (
        served(application) as found,
        httpx.AsyncClient(base_url=found, timeout=30.0) as http,
    ):
        yield Client(http)


ROLES = ("supervisor", "referent", "team_member", "reader", "person")
FACTS = {
    "days_until_homeless": 20, "health_difficulty": True, "income_difficulty": True,
    "isolation": False, "debts": False, "violence": False, "wants_support": True,
}  # fmt: skip


@dataclass
class World:
    """A tenant made through the API: tokens by role, global ids and row versions by name."""

    client: Client
    slug: str
    tenant: UUID
    tokens: dict[str, str]
    ids: dict[str, str] = field(default_factory=dict)

    async def do(
        self, role: str, name: str, given: Mapping[str, Any], *keep: str, **options: Any
    ) -> dict[str, Any]:
        """Run one mutation that must be done; remember the ids of the objects `keep`."""
        want = " ".join(f"{one} {{ id }}" for one in keep)
        payload = await self.client.do(self.tokens[role], name, given, want, **options)
        self.ids.update({one: payload[one]["id"] for one in keep})
        return payload

    async def version(self, name: str) -> int:
        """The row version of the object `name` as it stands."""
        kind = {"result": "EligibilityResult"}.get(name, name.title())
        role = "admin" if name in ("programme", "member", "service") else "referent"
        answer = await self.client.ask(
            f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ rowVersion }} }} }}",
            variables={"id": self.ids[name]}, token=self.tokens[role],
        )  # fmt: skip
        return answer["data"]["node"]["rowVersion"]

    async def open(self) -> None:
        """Activate a programme, register a person and open a case at intake."""
        template = {"template": "housing.support_to_housing"}
        await self.do("supervisor", "programmeCopyTemplate", template, "programme")
        activate = {"programmeId": self.ids["programme"], "rowVersion": 1}
        await self.do("supervisor", "programmeActivate", activate)
        await self.do("referent", "personRegister", {"familyName": "Étoile"}, "person")
        await self.do("referent", "caseOpen", self.request(), "case")

    def request(self) -> dict[str, Any]:
        """The input of `caseOpen`."""
        return {
            "personId": self.ids["person"], "programmeId": self.ids["programme"],
            "requestSource": "SELF", "requestedOn": "2026-01-15",
        }  # fmt: skip

    async def admit(self) -> None:
        """Decide, take the consent, designate the referent: nothing stands against assessment."""
        case = {"caseId": self.ids["case"]}
        await self.do(
            "referent", "selectionDecide",
            {**case, "facts": FACTS, "decision": "ADMITTED", "reason": "Criteria met"},
        )  # fmt: skip
        given = {"givenOn": "2026-01-15", "informationGivenOn": "2026-01-15", "form": "SIGNED"}
        await self.do("referent", "consentRecord", {**case, **given, "language": "fr"}, "consent")
        designated = {"rowVersion": await self.version("case"), "memberId": self.ids["member"]}
        await self.do("supervisor", "referentDesignate", {**case, **designated})

    async def refer(self) -> None:
        """Evaluate eligibility, make a team and a service, prepare a referral."""
        case = {"caseId": self.ids["case"]}
        rule = {"rule": "housing.uk_homeless_duty", "facts": {"days_until_homeless": 20}}
        await self.do("referent", "eligibilityEvaluate", {**case, **rule}, "result")
        await self.do("admin", "teamCreate", {"name": "North"}, "team")
        text = {"en": "Shelter", "fr": "Abri"}
        service = {"code": "shelter", "name": text, "description": text, "kind": "ACCOMPAGNEMENT"}
        await self.do("admin", "serviceCreate", service, "service")
        referral = {**case, "serviceId": self.ids["service"], "reason": "A bed tonight"}
        await self.do("referent", "referralCreate", referral, "referral")


async def make_world(client: Client) -> World:
    """Sign a tenant up, enable the plugin, and have a member of each role join."""
    slug = f"w-{secrets.token_hex(8)}"
    admin = {"name": slug, "slug": slug, "plan": "standard", "adminName": "Ada"}
    signed = await client.do(
        None, "tenantSignUp", {**admin, "adminEmail": f"a@{slug}.example"}, "token tenant { id }"
    )
    tenant = decode(signed["tenant"]["id"])[1]
    world = World(client, slug, tenant, {"admin": signed["token"]})
    await world.do("admin", "pluginEnable", {"plugin": "housing"})
    for role in ROLES:
        given = {
            "email": f"{role}@{slug}.example",
            "displayName": role,
            "roles": [role.upper()],
        }
        if role == "person":
            await world.do("referent", "personRegister", {"familyName": "Own"}, "person")
            given["personId"] = world.ids["person"]
        invited = await client.do(world.tokens["admin"], "memberInvite", given, "code")
        joined = await client.do(
            None, "invitationAccept", {"code": invited["code"]}, "token member { id }"
        )
        world.tokens[role] = joined["token"]
        if role == "referent":
            world.ids["member"] = joined["member"]["id"]
    return world


@pytest.fixture
async def world(client: Client) -> World:
    """A tenant of this test alone, with nothing but its members."""
    return await make_world(client)


@pytest.fixture(scope="session")
async def worlds(client: Client) -> tuple[World, World]:
    """Two tenants, each with a case ready for assessment and a referral; only to be read."""
    both = (await make_world(client), await make_world(client))
    for one in both:
        await one.open()
        await one.admit()
        await one.refer()
    return both


Rows = Callable[[UUID], Awaitable[dict[str, int]]]


@pytest.fixture(scope="session")
async def rows(cluster: Any) -> AsyncIterator[Rows]:
    """Count all rows of a tenant by table, as the superuser; of the journal only writes."""
    connection = await asyncpg.connect(cluster.superuser_url())
    tables = await connection.fetch(
        "SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a"
        " ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
        " WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('core', 'auth')"
    )

    async def count(tenant: UUID) -> dict[str, int]:
        found = {}
        for (name,) in tables:
            more = " AND kind = 'write'" if name == "core.journal_entries" else ""
            found[name] = await connection.fetchval(
                f"SELECT count(*) FROM {name} WHERE tenant_id = $1{more}", tenant
            )
        return found

    yield count
    await connection.close()
