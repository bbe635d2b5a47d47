"""What belongs to a case: who may read the case may read it, and reading it is journalled."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases.queries import persons_of
from cordee_core.database.rows import Found
from cordee_graphql.context import Info
from cordee_graphql.nodes import load_node
from cordee_graphql.operation import Operation
from cordee_graphql.types.declaring import described_interface, field

if TYPE_CHECKING:
    from cordee_graphql.types.case import Case


@described_interface
class BelowCase:
    """A record of one case."""

    case_id: strawberry.Private[UUID]

    @field
    async def case(
        self, info: Info
    ) -> Annotated["Case", strawberry.lazy("cordee_graphql.types.case")] | None:
        """The case that it belongs to."""
        from cordee_graphql.types.case import Case

        return await load_node(info, Case, self.case_id)


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
