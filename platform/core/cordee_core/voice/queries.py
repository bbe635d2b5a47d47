"""Queries about what persons say."""

from cordee_core.database.lists import OwnedLists
from cordee_core.voice.tables import Statement

STATEMENTS_OF_CASE = OwnedLists(Statement, Statement.case_id)
"""What the person said in each case, newest first."""
