"""What belongs to a case: who may read the case may read it, and reading it is journalled."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases.queries import persons_of
from cordee_core.database.rows import Found
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import one
from cordee_graphql.types.declaring import described_interface


@described_interface
class BelowCase:
    """A record of one case."""

    case_id: strawberry.Private[UUID]
    row: strawberry.Private[Mapping[str, Any]]
    case = one("The case that it belongs to.", "cordee_graphql.types.case:Case", "case_id")


async def rows_below(
    operation: Operation,
    uuids: Iterable[UUID],
    find: Callable[[Iterable[UUID]], Awaitable[list[Found]]],
) -> list[Found]:
    """Return the rows `find(uuids)` of cases that the caller may read; note whose they are."""
    own = operation.scope.own_only(Permission.CASE_READ)
    async with operation.read() as reading:
        rows = await find(uuids)
        persons = await persons_of({row["case_id"] for row in rows}) if rows else {}
        kept = [row for row in rows if own in (None, persons.get(row["case_id"]))]
        reading.saw(persons.get(row["case_id"]) for row in kept)
    return kept
