"""Queries about notes."""

from datetime import datetime
from uuid import UUID

from cordee_core.cases.queries import Along
from cordee_core.database.lists import OwnedLists
from cordee_core.notes.tables import Note

NOTES_OF_CASE = OwnedLists(Note, Note.case_id)
"""The notes of each case, newest first."""


def written_note(
    note: UUID, text: str, occurred: datetime, author: UUID, moment: datetime
) -> Along:
    """Return a note as it is written with the entry about it."""
    return Along(
        "INSERT INTO core.notes (tenant_id, id, case_id, text, occurred_at, author_id, created_at)"
        " SELECT $1, $10, $2, $11, $12, $13, $14 FROM c",
        (note, text, occurred, author, moment),
    )
