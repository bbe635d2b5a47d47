"""Small queries that every feature shares: one row, a page, a lock, a number."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from piccolo.columns import Column
from piccolo.columns.combination import WhereRaw
from piccolo.query.functions.aggregate import Count
from piccolo.table import Table

from cordee_core.database.engine import Row, fetch, fetch_one
from cordee_core.errors import NotFoundError, StaleObjectError

Found = dict[str, Any]


def among(column: Column, values: Iterable[UUID]) -> Any:
    """Return the condition that `column` is one of `values`; of none, nothing meets it.

    (Piccolo's ``is_in`` raises for an empty list.)
    """
    wanted = list(values)
    return column.is_in(wanted) if wanted else WhereRaw("false")


async def find(table: type[Table], identifier: UUID, *, lock: bool = False) -> Found:
    """Return the row with that id. Raises NotFoundError for absent and foreign alike."""
    query = table.select().where(table._meta.primary_key == identifier)
    rows = await (query.lock_rows("UPDATE") if lock else query)
    if not rows:
        raise NotFoundError(identifier=identifier)
    return dict(rows[0])


async def find_many(table: type[Table], identifiers: Iterable[UUID]) -> list[Found]:
    """Return the rows with those ids, in no order; what is absent or foreign is left out."""
    return list(await table.select().where(among(table._meta.primary_key, identifiers)))


async def page(
    table: type[Table],
    *conditions: Any,
    after: UUID | None,
    before: UUID | None,
    limit: int,
    reverse: bool,
    newest_first: bool = True,
) -> list[Found]:
    """Return up to `limit` rows between two ids (UUIDv7, so in the order they were made).

    `newest_first` is the order of the list, `reverse` reads it from its end.
    """
    key = table._meta.primary_key
    descending = newest_first is not reverse
    query = table.select().order_by(key, ascending=not descending).limit(limit)
    for condition in conditions:
        query = query.where(condition)
    if after is not None:
        query = query.where(key < after if newest_first else key > after)
    if before is not None:
        query = query.where(key > before if newest_first else key < before)
    return list(await query)


async def count(table: type[Table], *conditions: Any) -> int:
    """Return how many rows meet the conditions."""
    query = table.select(Count())
    for condition in conditions:
        query = query.where(condition)
    return int((await query)[0]["count"])


async def change(
    table: type[Table], identifier: UUID, row_version: int, values: Mapping[str, Any]
) -> None:
    """Change one row if it still has `row_version`, and raise that by one.

    Raises:
        StaleObjectError: it has another.
        NotFoundError: there is no such row that the tenant sees.
    """
    columns: Any = {**values, "row_version": row_version + 1}
    changed = await (
        table.update(columns)
        .where(table._meta.primary_key == identifier)
        .where(WhereRaw("row_version = {}", row_version))
        .returning(table._meta.primary_key)
    )
    if not changed:
        await find(table, identifier)
        raise StaleObjectError(path=("input", "rowVersion"))


async def next_number(tenant: UUID, name: str, year: int) -> str:
    """Return the next human number of a kind, as ``2026-000001``; without gaps, per tenant."""
    row: Row | None = await fetch_one(
        "INSERT INTO core.counters (tenant_id, name, value) VALUES ($1, $2, 1)"
        " ON CONFLICT (tenant_id, name) DO UPDATE SET value = core.counters.value + 1"
        " RETURNING value",
        tenant, f"{name}:{year}",
    )  # fmt: skip
    assert row is not None
    return f"{year}-{row['value']:06d}"


async def insert(row: Table) -> None:
    """Insert one row. (Piccolo's ``save`` would ask for it first.)"""
    await type(row).insert(row)


__all__ = [
    "Found",
    "among",
    "change",
    "count",
    "fetch",
    "find",
    "find_many",
    "insert",
    "next_number",
    "page",
]
