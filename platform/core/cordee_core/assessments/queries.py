"""Queries about assessments."""

from collections.abc import Iterable
from uuid import UUID

from cordee_core.assessments.tables import Assessment
from cordee_core.database.lists import OwnedLists
from cordee_core.database.rows import Found, find_many

ASSESSMENTS_OF_CASE = OwnedLists(Assessment, Assessment.case_id)
"""The assessments of each case, newest first."""


async def assessments_by_id(identifiers: Iterable[UUID]) -> list[Found]:
    """Return the assessments with those ids."""
    return await find_many(Assessment, identifiers)
