"""Rows that a permission lets a member read who reaches a team's cases only: the ordinary road.

The planner leaves such a caller to it, for it knows the own record and the whole tenant.
"""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from cordee_core.access.permissions import Reach
from cordee_core.referents.reach import reached_rows
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.loading import _rows, _subjects, made
from cordee_graphql.planner.shapes import source_of

N = TypeVar("N", bound=Node)


def reaches_team(cls: type, operation: Operation) -> bool:
    """Return whether the permission that `cls` needs reaches the caller's team only."""
    source = source_of(cls)
    if source is None or source.needs is None or source.subject_column is None:
        return False
    return operation.scope.permissions.get(source.needs) is Reach.TEAM


async def load_reached(cls: type[N], operation: Operation, uuids: Sequence[UUID]) -> dict[UUID, N]:
    """Return those rows of the node `cls` that the caller's team reaches; note whose they are."""
    source = source_of(cls)
    assert source is not None
    assert source.needs is not None
    async with operation.read() as reading:
        rows = await _rows(cls, "id", uuids)
        kept = await reached_rows(source.table, source.needs, rows)
        persons = await _subjects(source, kept)
        reading.saw(persons.get(row["id"]) for row in kept)
    return {row["id"]: made(cls, row) for row in kept}
