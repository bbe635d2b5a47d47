"""Queries about the journal."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.database.lists import RowList
from cordee_core.journal.tables import JournalEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalQuery:
    """Which entries are asked for; None asks for any."""

    kind: str | None = None
    person: UUID | None = None
    member: UUID | None = None


def entries_like(wanted: JournalQuery) -> RowList:
    """Return the entries of the tenant's journal that fit, newest first."""
    conditions = []
    if wanted.kind is not None:
        conditions.append(JournalEntry.kind == wanted.kind)
    if wanted.member is not None:
        conditions.append(JournalEntry.member_id == wanted.member)
    if wanted.person is not None:
        conditions.append(JournalEntry.subjects.any(wanted.person))
    return RowList(JournalEntry, tuple(conditions))
