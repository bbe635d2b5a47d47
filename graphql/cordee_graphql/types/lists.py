"""Connections over rows of the database, in the order they were made."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from cordee_core.database.lists import RowList
from cordee_core.database.rows import Found
from cordee_graphql.connection import Listing
from cordee_graphql.cursors import Key
from cordee_graphql.operation import Reading


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


def _first(key: Key | None) -> Any:
    return None if key is None else key[0]
