"""Queries about assessments."""

from cordee_core.assessments.tables import Assessment
from cordee_core.database.lists import OwnedLists

ASSESSMENTS_OF_CASE = OwnedLists(Assessment, Assessment.case_id)
"""The assessments of each case, newest first."""
