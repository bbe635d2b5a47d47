"""Lists of rows that are read a page at a time, by keyset."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from piccolo.table import Table

from cordee_core.database.engine import fetch
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


@dataclass(frozen=True, slots=True)
class OwnedLists:
    """One list of rows for each `owner` (a column): the notes of each case."""

    table: type[Table]
    owner: Any
    newest_first: bool = True
    key: Any = None

    def of(self, owner: UUID) -> RowList:
        """Return the list of one owner."""
        return RowList(self.table, (self.owner == owner,), self.newest_first, self.key)

    async def first_pages(
        self, owners: Iterable[UUID], limit: int, *, reverse: bool
    ) -> dict[UUID, list[Found]]:
        """Return up to `limit` rows from the start of each list, from the end if `reverse`.

        One statement, however many owners there are.
        """
        wanted = list(owners)
        found: dict[UUID, list[Found]] = {owner: [] for owner in wanted}
        meta, owner = self.table._meta, self.owner._meta.name
        key = (self.key if self.key is not None else meta.primary_key)._meta.name
        order = f'"{key}" {"DESC" if self.newest_first is not reverse else "ASC"}'
        query = (
            "SELECT r.* FROM unnest($1::uuid[]) AS o (id) CROSS JOIN LATERAL"  # noqa: S608 (names)
            f' (SELECT * FROM "{meta.schema}"."{meta.tablename}" AS t WHERE t."{owner}" = o.id'
            f" ORDER BY t.{order} LIMIT $2) AS r ORDER BY r.{order}"
        )
        for row in await fetch(query, wanted, limit):
            found[row[owner]].append(dict(row))
        return found
