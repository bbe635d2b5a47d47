"""Queries about assessments."""

from collections.abc import Iterable
from uuid import UUID

from cordee_core.assessments.tables import Assessment
from cordee_core.database.lists import RowList
from cordee_core.database.rows import Found, find_many


def assessments_of(case: UUID) -> RowList:
    """Return the assessments of a case, newest first."""
    return RowList(Assessment, (Assessment.case_id == case,))


async def assessments_by_id(identifiers: Iterable[UUID]) -> list[Found]:
    """Return the assessments with those ids."""
    return await find_many(Assessment, identifiers)
