"""Queries about eligibility results."""

from collections.abc import Iterable
from uuid import UUID

from cordee_core.database.lists import OwnedLists
from cordee_core.database.rows import Found, find_many
from cordee_core.eligibility.tables import EligibilityResult

RESULTS_OF_CASE = OwnedLists(EligibilityResult, EligibilityResult.case_id)
"""The eligibility results of each case, newest first."""


async def results_by_id(identifiers: Iterable[UUID]) -> list[Found]:
    """Return the eligibility results with those ids."""
    return await find_many(EligibilityResult, identifiers)
