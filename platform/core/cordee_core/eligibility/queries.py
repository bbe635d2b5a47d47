"""Queries about eligibility results."""

from collections.abc import Iterable
from uuid import UUID

from cordee_core.database.lists import RowList
from cordee_core.database.rows import Found, find_many
from cordee_core.eligibility.tables import EligibilityResult


def results_of(case: UUID) -> RowList:
    """Return the eligibility results of a case, newest first."""
    return RowList(EligibilityResult, (EligibilityResult.case_id == case,))


async def results_by_id(identifiers: Iterable[UUID]) -> list[Found]:
    """Return the eligibility results with those ids."""
    return await find_many(EligibilityResult, identifiers)
