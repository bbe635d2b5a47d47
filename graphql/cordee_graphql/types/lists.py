"""Connections over rows of the database, in the order they were made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from cordee_core.database.lists import OwnedLists, RowList
from cordee_core.database.rows import Found
from cordee_graphql.connection import Listing
from cordee_graphql.cursors import Key
from cordee_graphql.operation import Operation, Reading

_LARGEST = 2**63 - 1


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
