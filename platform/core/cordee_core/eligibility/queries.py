"""Queries about eligibility results."""

from cordee_core.database.lists import OwnedLists
from cordee_core.eligibility.tables import EligibilityResult

RESULTS_OF_CASE = OwnedLists(EligibilityResult, EligibilityResult.case_id)
"""The eligibility results of each case, newest first."""
