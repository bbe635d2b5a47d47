"""A list of rows that is read a page at a time, by keyset."""

from dataclasses import dataclass
from typing import Any

from piccolo.table import Table

from cordee_core.database.rows import Found, count


@dataclass(frozen=True, slots=True)
class RowList:
    """The rows of `table` that meet all `conditions`, ordered by the unique column `key`.

    Without `key` it is the id (UUIDv7), so the order is that in which the rows were made.
    """

    table: type[Table]
    conditions: tuple[Any, ...] = ()
    newest_first: bool = True
    key: Any = None

    async def page(self, after: Any, before: Any, limit: int, *, reverse: bool) -> list[Found]:
        """Return up to `limit` rows between two keys; from the list's end if `reverse`."""
        key = self.key if self.key is not None else self.table._meta.primary_key
        query = self.table.select().limit(limit)
        query = query.order_by(key, ascending=self.newest_first is reverse)
        for condition in self.conditions:
            query = query.where(condition)
        if after is not None:
            query = query.where(key < after if self.newest_first else key > after)
        if before is not None:
            query = query.where(key > before if self.newest_first else key < before)
        return list(await query)

    async def count(self) -> int:
        """Return how many rows the list has."""
        return await count(self.table, *self.conditions)
