"""Connections over rows of the database, in the order they were made: declared for both roads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from strawberry.types.field import StrawberryField

from cordee_core.access.permissions import Permission, Reach
from cordee_core.database.lists import OwnedLists, RowList
from cordee_core.database.rows import Found
from cordee_core.errors import ForbiddenError
from cordee_core.referents.reach import within_reach
from cordee_graphql.connection import After, Before, Connection, First, Last, Listing, connect
from cordee_graphql.context import Info
from cordee_graphql.cursors import Key
from cordee_graphql.operation import Operation, Reading
from cordee_graphql.planner.declare import Ref, annotated, lookup
from cordee_graphql.planner.loading import made
from cordee_graphql.planner.shapes import Pages, RootPages, shaped
from cordee_graphql.types.declaring import made_of

_LARGEST = 2**63 - 1


def pages(
    description: str,
    target: Ref,
    lists: OwnedLists,
    *,
    order: str | None = None,
    key: tuple[str, type] = ("id", UUID),
    needs: Permission | None = None,
) -> StrawberryField:
    """Make a field that gives the rows belonging to this one a page at a time.

    They are the record of the person whose record this row is. With `needs` the field is null with
    ``FORBIDDEN`` where the permission does not reach that person.
    """
    cls, name = lookup(target), order or f"case.{target.__name__}"  # type: ignore[union-attr]

    async def resolve(
        self: Any,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        operation = info.context.operation
        subject = self.row["person_id"] if needs is None else self.uuid
        if needs is not None and operation.scope.own_only(needs) not in (None, subject):
            raise ForbiddenError(permission=str(needs))
        rows = owned_listing(operation, name, lists, self.uuid, subject=subject, key=key)
        node = cls()
        return await connect(
            info,
            rows,
            lambda row: made(node, row),
            first=first,
            after=after,
            last=last,
            before=before,
        )

    kind: Any = Connection
    connection = kind[annotated(target)]
    resolve.__annotations__["return"] = connection if needs is None else connection | None
    return made_of(resolve, description, metadata=shaped(Pages(cls, lists, name, key, needs)))


def root_pages(
    description: str,
    target: type,
    order: str,
    rows: Callable[[Any, UUID | None], RowList],
    needs: Permission,
    *,
    given: Any = None,
    subject: str | None = None,
    key: tuple[str, type] = ("id", UUID),
) -> StrawberryField:
    """Make a root field that gives the rows ``rows(filter, own)`` a page at a time.

    `given` annotates the argument ``filter``. Rows with a `subject`, the column with the person
    whose record they are, may be limited to those of the person `own`; others need the
    permission for the whole organisation.
    """
    shape = RootPages(lambda: target, order, rows, needs, key, own=subject is not None)

    async def resolve(
        info: Info,
        filter: Any = None,  # noqa: A002 -- the name in the API
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        scope = info.context.operation.scope
        own, team = None, scope.permissions.get(needs) is Reach.TEAM
        if subject is None:
            scope.require(needs)
        elif not team:
            own = scope.own_only(needs)
        wanted = rows(filter, own)
        if team:
            limit = within_reach(wanted.table, needs)
            wanted = replace(wanted, conditions=(*wanted.conditions, limit))
        found = listing(order, wanted, subject=_value_of(subject), key=key)
        return await connect(
            info,
            found,
            lambda row: made(target, row),
            first=first,
            after=after,
            last=last,
            before=before,
        )

    async def unfiltered(
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        return await resolve(info, None, first, after, last, before)

    chosen = unfiltered if given is None else resolve
    chosen.__annotations__["return"] = Connection[target] | None  # type: ignore[valid-type]
    if given is not None:
        chosen.__annotations__["filter"] = given
    return made_of(chosen, description, metadata=shaped(shape))


def _value_of(column: str | None) -> Callable[[Found], UUID | None] | None:
    return None if column is None else lambda row: row[column]


def listing(
    order: str,
    rows: RowList,
    *,
    subject: Callable[[Found], UUID | None] | None = None,
    key: tuple[str, type] = ("id", UUID),
) -> Listing[Found]:
    """Return how `rows` are read a page at a time; `key` is the column that orders them.

    `subject` says whose personal record a row is; the persons of a page go to the journal of reads.
    """
    column, kind = key

    async def page(
        reading: Reading, after: Key | None, before: Key | None, limit: int, reverse: bool
    ) -> list[Found]:
        found = await rows.page(_first(after), _first(before), limit, reverse=reverse)
        if subject is not None:
            # The last of `limit` rows only tells that there is more: nobody is shown it.
            reading.saw(subject(row) for row in found[: limit - 1])
        return found

    async def count(reading: Reading) -> int:
        return await rows.count()

    return Listing(
        order=order, page=page, key=lambda row: (row[column],), key_types=(kind,), count=count
    )


def owned_listing(
    operation: Operation,
    order: str,
    lists: OwnedLists,
    owner: UUID,
    *,
    subject: UUID,
    key: tuple[str, type] = ("id", UUID),
) -> Listing[Found]:
    """Return how the list of `owner` is read; siblings read their first pages in one statement.

    `subject` is the person whose record every row is.
    """
    one = listing(order, lists.of(owner), subject=lambda _: subject, key=key)

    async def page(
        reading: Reading, after: Key | None, before: Key | None, limit: int, reverse: bool
    ) -> Sequence[Found]:
        if after is not None or before is not None:
            return await one.page(reading, after, before, limit, reverse)

        async def load(op: Operation, owners: Sequence[UUID]) -> Mapping[UUID, list[Found]]:
            async with op.read():
                return await lists.first_pages(owners, limit, reverse=reverse)

        found: list[Found] = await operation.loader((order, limit, reverse), load).load(owner)
        if found[: limit - 1]:
            reading.saw([subject])
        return found

    return replace(one, page=page)


def _first(key: Key | None) -> Any:
    """Return the one part of a key; a number beyond what a column can hold is its nearest end."""
    if key is None:
        return None
    part = key[0]
    return max(-_LARGEST - 1, min(part, _LARGEST)) if isinstance(part, int) else part
