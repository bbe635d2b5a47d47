"""Queries about notes."""

from collections.abc import Iterable
from uuid import UUID

from cordee_core.database.lists import RowList
from cordee_core.database.rows import Found, find_many
from cordee_core.notes.tables import Note


def notes_of(case: UUID) -> RowList:
    """Return the notes of a case, newest first."""
    return RowList(Note, (Note.case_id == case,))


async def notes_by_id(identifiers: Iterable[UUID]) -> list[Found]:
    """Return the notes with those ids."""
    return await find_many(Note, identifiers)
