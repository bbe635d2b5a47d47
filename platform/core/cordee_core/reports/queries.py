"""Queries about field work."""

from typing import Any
from uuid import UUID

from cordee_core.database.lists import OwnedLists, RowList
from cordee_core.reports.tables import FieldAssignment, FieldReport

REPORTS_OF_CASE = OwnedLists(FieldReport, FieldReport.case_id)
"""The reports and visits of each case, newest first."""


def assignments_like(author: UUID | None = None) -> RowList:
    """Return assignments, newest first; only those of a member if given."""
    return RowList(FieldAssignment, _of(FieldAssignment.member_id, author))


def reports_like(author: UUID | None = None) -> RowList:
    """Return reports and visits, newest first; only those that a member wrote if given."""
    return RowList(FieldReport, _of(FieldReport.author_id, author))


def _of(column: Any, value: UUID | None) -> tuple[Any, ...]:
    return () if value is None else (column == value,)
