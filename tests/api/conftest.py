"""A small schema on a backend in memory, served by a real Hypercorn: the API without the domain."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

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
from cordee_graphql.connection import After, Before, Connection, First, Last, Listing, connect
from cordee_graphql.context import Context, Info
from cordee_graphql.guards import PUBLIC, Guarded
from cordee_graphql.mutation import Payload, attempt
from cordee_graphql.nodes import Node, NodeQueries, load_node
from cordee_graphql.operation import Operation
from cordee_graphql.schema import CordeeSchema
from cordee_server.http.application import make_application
from cordee_server.http.controller import Gateway
from cordee_server.http.pages import Pages
from cordee_server.readiness import Readiness

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


@pytest.fixture(scope="session")
def serving() -> Callable[[Any], AbstractAsyncContextManager[str]]:
    """Serve an application: `served`, for the folders below."""
    return served
