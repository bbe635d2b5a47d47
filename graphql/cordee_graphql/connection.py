# mypy: disable-error-code="untyped-decorator"
"""Lists a page at a time, by keyset: Relay's Cursor Connections Specification.

A page starts after the sort key in the cursor, not at an offset, so rows that come or go
meanwhile neither repeat nor hide others.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from graphql import FieldNode

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.errors import InvalidInputError, LimitExceededError
from cordee_graphql.context import Info
from cordee_graphql.cursors import Key, read_cursor, write_cursor
from cordee_graphql.operation import Reading

T = TypeVar("T")
Row = TypeVar("Row")

DEFAULT_PAGE = 50
MAX_PAGE = 100
EXPORT_PAGE = 1_000
"""Most elements of a page for who has the permission `export`."""

_MOST = f"at most {MAX_PAGE}; {EXPORT_PAGE:,} with the permission `export`"
First = Annotated[int | None, strawberry.argument(description=f"How many from the start, {_MOST}.")]
Last = Annotated[int | None, strawberry.argument(description=f"How many from the end, {_MOST}.")]
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
        LimitExceededError: a larger page is asked for than the caller may read at once.
    """
    most = most_of(info.context.operation.scope)
    size, reverse = page_size(first, last, most), last is not None
    start = _key(after, "after", listing)
    end = _key(before, "before", listing)
    rows: list[Row] = []
    if not only_counted(info._raw_info.field_nodes):
        async with info.context.operation.read() as reading:
            rows = list(await listing.page(reading, start, end, size + 1, reverse))
    more, rows = len(rows) > size, rows[:size]
    if reverse:
        rows.reverse()
    edges = [
        Edge(cursor=write_cursor(listing.order, listing.key(row)), node=to_node(row))
        for row in rows
    ]
    around = PageInfo(
        has_next_page=end is not None if reverse else more,
        has_previous_page=more if reverse else start is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    nodes, counter = [edge.node for edge in edges], lambda: _count(info, listing)
    return Connection(edges=edges, nodes=nodes, page_info=around, counter=counter)


async def _count(info: Info, listing: Listing[Any]) -> int:
    async with info.context.operation.read() as reading:
        return await listing.count(reading)


def only_counted(nodes: Iterable[FieldNode]) -> bool:
    """Return whether nothing is asked of a list but how many elements it has."""
    return all(
        isinstance(one, FieldNode) and one.name.value in ("totalCount", "__typename")
        for node in nodes
        for one in (node.selection_set.selections if node.selection_set else ())
    )


def _key(cursor: str | None, argument: str, listing: Listing[Any]) -> Key | None:
    if cursor is None:
        return None
    return read_cursor(cursor, listing.order, listing.key_types, argument)


def most_of(scope: Scope) -> int:
    """Return how many elements a page may have for the caller."""
    return EXPORT_PAGE if Permission.EXPORT in scope.permissions else MAX_PAGE


def page_size(first: int | None, last: int | None, most: int = MAX_PAGE) -> int:
    """Return how many elements a page has, 50 where neither argument says it.

    Raises:
        InvalidInputError: both are given or the one given is negative.
        LimitExceededError: it is larger than `most`.
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
    if size > most:
        raise LimitExceededError(path=(name,), limit=name, value=size, maximum=most)
    return size
