"""A small schema on a backend in memory: the API without the domain."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.context import ContextKeys
from cordee_core.access.permissions import Permission, Reach
from cordee_core.access.scope import Actor, Scope
from cordee_core.clock import new_id
from cordee_core.database.unit_of_work import Outcome
from cordee_core.errors import ForbiddenError, InvalidInputError, StaleObjectError
from cordee_core.plugins.host import PluginHost
from cordee_graphql.connection import After, Before, Connection, First, Last, Listing, connect
from cordee_graphql.context import Info
from cordee_graphql.guards import PUBLIC, Guarded
from cordee_graphql.mutation import Payload, attempt
from cordee_graphql.nodes import Node, load_node
from cordee_graphql.operation import Operation


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
