"""The ordinary road: rows as the declarations say, loaded for all sibling fields at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from cordee_core.cases.queries import persons_of
from cordee_core.database.rows import Found, among
from cordee_graphql.context import Info
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.shapes import CASE_ID, RowSource, source_of

N = TypeVar("N", bound=Node)


async def load_rows(cls: type[N], operation: Operation, uuids: Sequence[UUID]) -> dict[UUID, N]:
    """Return those rows of the node `cls` that its source lets the caller read; note whose.

    Raises:
        ForbiddenError: the caller lacks the permission that the source needs.
    """
    source = _source(cls)
    own = None
    if source.needs is not None and source.subject_column is None:
        operation.scope.require(source.needs)
    elif source.needs is not None:
        own = operation.scope.own_only(source.needs)
    async with operation.read() as reading:
        rows = await _rows(cls, "id", uuids)
        persons = await _subjects(source, rows)
        if source.below:  # a case that the caller may not know of hides what is below it
            rows = [row for row in rows if row["id"] in persons]
        kept = [row for row in rows if own in (None, persons.get(row["id"]))]
        reading.saw(persons.get(row["id"]) for row in kept)
    return {row["id"]: made(cls, row) for row in kept}


async def _subjects(source: RowSource, rows: Sequence[Found]) -> Mapping[UUID, UUID | None]:
    """Return whose record each row is, by its id."""
    if source.subject is not None:
        return {row["id"]: row[source.subject] for row in rows}
    if not source.below or not rows:
        return {}
    persons = await persons_of({row[CASE_ID] for row in rows})
    return {row["id"]: persons[row[CASE_ID]] for row in rows if row[CASE_ID] in persons}


async def load_named(info: Info, cls: type, uuid: UUID | None) -> Any:
    """Return the `cls` that a record names. Who may read the record may know which that is."""
    if uuid is None:
        return None
    return await info.context.operation.loader(*named_rows(cls)).load(uuid)


def named_rows(cls: type) -> tuple[object, Callable[[Operation, Sequence[UUID]], Any]]:
    """Return name and function of the loader of rows of `cls` that asks for no permission."""

    async def load(operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, Any]:
        async with operation.read():
            return {row["id"]: made(cls, row) for row in await _rows(cls, "id", uuids)}

    return (cls, "named"), load


async def rows_belonging(
    info: Info, cls: type, owner: str, identifier: UUID, order: str = "id"
) -> list[Any]:
    """Return all rows of `cls` whose column `owner` is the id given, by `order`."""
    found: list[Any] = await _belonging(info, cls, owner, order).load(identifier) or []
    return found


async def row_belonging(info: Info, cls: type, owner: str, identifier: UUID) -> Any:
    """Return the one row of `cls` whose column `owner` is the id given."""
    return await _belonging(info, cls, owner, None).load(identifier)


def made(cls: Any, row: Mapping[str, Any]) -> Any:
    """Return the `cls` in a row."""
    from cordee_graphql.types.rows import from_row

    return cls.of(row) if hasattr(cls, "of") else from_row(cls, row)


def _belonging(info: Info, cls: type, owner: str, order: str | None) -> Any:
    """Return the loader of the rows by `owner`: all of each, or without `order` the one."""

    async def load(operation: Operation, keys: Sequence[UUID]) -> Mapping[UUID, Any]:
        found: dict[UUID, list[Any]] = {}
        subject = _source(cls).subject
        async with operation.read() as reading:
            for row in await _rows(cls, owner, keys, order):
                if subject is not None:
                    reading.saw([row[subject]])
                found.setdefault(row[owner], []).append(made(cls, row))
        return found if order else {key: rows[0] for key, rows in found.items()}

    return info.context.operation.loader((cls, owner, order), load)


async def _rows(
    cls: type, column: str, keys: Sequence[UUID], order: str | None = None
) -> list[Found]:
    table = _source(cls).table
    query = table.select().where(among(getattr(table, column), keys))
    if order is not None:
        query = query.order_by(getattr(table, order)).order_by(table._meta.primary_key)
    return list(await query)


def _source(cls: type) -> RowSource:
    source = source_of(cls)
    if source is None:
        raise TypeError(f"{cls.__name__} has no source")
    return source
