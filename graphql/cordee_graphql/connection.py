# mypy: disable-error-code="untyped-decorator"
"""Lists a page at a time, by keyset: Relay's Cursor Connections Specification.

A page starts after the sort key in the cursor, not at an offset, so rows that come or go
meanwhile neither repeat nor hide others.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from cordee_core.errors import InvalidInputError, LimitExceededError
from cordee_graphql.context import Info
from cordee_graphql.cursors import Key, read_cursor, write_cursor
from cordee_graphql.operation import Reading

T = TypeVar("T")
Row = TypeVar("Row")

DEFAULT_PAGE = 50
MAX_PAGE = 100

First = Annotated[
    int | None,
    strawberry.argument(description=f"How many from the start, at most {MAX_PAGE}."),
]
Last = Annotated[
    int | None, strawberry.argument(description=f"How many from the end, at most {MAX_PAGE}.")
]
After = Annotated[str | None, strawberry.argument(description="Only what follows this cursor.")]
Before = Annotated[str | None, strawberry.argument(description="Only what precedes this cursor.")]

PageFunction = Callable[[Reading, Key | None, Key | None, int, bool], Awaitable[Sequence[Row]]]
"""``page(reading, after, before, limit, reverse)``: at most `limit` rows whose key is greater than
`after` and less than `before` in the list's order; in that order, or from its end if `reverse`."""


@strawberry.type(description="Whether there is more of a list, and where.")
class PageInfo:
    """Whether there is more, and where."""

    has_next_page: bool = strawberry.field(description="Whether more follows this page.")
    has_previous_page: bool = strawberry.field(description="Whether more precedes this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first element.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last element.")


@strawberry.type(description="An element of a list, with its place in it.")
class Edge(Generic[T]):
    """An element of a list, with its place in it."""

    cursor: str = strawberry.field(description="Its place; opaque.")
    node: T = strawberry.field(description="The element.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    """One page of a list."""

    edges: list[Edge[T]] = strawberry.field(description="The page's elements with their cursors.")
    nodes: list[T] = strawberry.field(description="The page's elements.")
    page_info: PageInfo = strawberry.field(description="Whether there is more, and where.")
    counter: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many elements the whole list has. Counted only when asked.")
    async def total_count(self) -> int:
        """Count the whole list."""
        return await self.counter()


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """How a list is read.

    `order` names the list and its order; a cursor of another one is refused. `key` gives the sort
    key of a row, whose parts have the types `key_types` (UUID, datetime, date, str, int) and whose
    last part is unique. `count(reading)` counts the whole list. Both run inside the
    operation's read transaction.
    """

    order: str
    page: PageFunction[Row]
    key: Callable[[Row], Key]
    key_types: tuple[type, ...]
    count: Callable[[Reading], Awaitable[int]]


async def connect(
    info: Info,
    listing: Listing[Row],
    to_node: Callable[[Row], T],
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Connection[T]:
    """Return the page that the arguments ask for, each row made a node by `to_node`.

    Raises:
        InvalidInputError: `first` and `last` are both given or negative, or a cursor is not ours.
        LimitExceededError: a page larger than `MAX_PAGE` is asked for.
    """
    size, reverse = page_size(first, last), last is not None
    start = _key(after, "after", listing)
    end = _key(before, "before", listing)
    async with info.context.operation.read() as reading:
        rows = list(await listing.page(reading, start, end, size + 1, reverse))
    more, rows = len(rows) > size, rows[:size]
    if reverse:
        rows.reverse()
    edges = [
        Edge(cursor=write_cursor(listing.order, listing.key(row)), node=to_node(row))
        for row in rows
    ]
    return Connection(
        edges=edges,
        nodes=[edge.node for edge in edges],
        page_info=PageInfo(
            has_next_page=end is not None if reverse else more,
            has_previous_page=more if reverse else start is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        counter=lambda: _count(info, listing),
    )


async def _count(info: Info, listing: Listing[Any]) -> int:
    async with info.context.operation.read() as reading:
        return await listing.count(reading)


def _key(cursor: str | None, argument: str, listing: Listing[Any]) -> Key | None:
    if cursor is None:
        return None
    return read_cursor(cursor, listing.order, listing.key_types, argument)


def page_size(first: int | None, last: int | None) -> int:
    """Return how many elements a page has at most.

    Raises:
        InvalidInputError: both are given or the one given is negative.
        LimitExceededError: it is larger than `MAX_PAGE`.
    """
    if first is not None and last is not None:
        raise InvalidInputError(
            path=("last",),
            problem={
                "en": "give `first` or `last`, not both.",
                "fr": "donnez `first` ou `last`, pas les deux.",
            },
        )
    name, size = ("last", last) if last is not None else ("first", first)
    if size is None:
        return DEFAULT_PAGE
    if size < 0:
        raise InvalidInputError(
            path=(name,),
            problem={"en": "it must not be negative.", "fr": "elle ne doit pas être négative."},
        )
    if size > MAX_PAGE:
        raise LimitExceededError(path=(name,), limit=name, value=size, maximum=MAX_PAGE)
    return size
