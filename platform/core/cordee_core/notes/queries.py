"""Queries about notes."""

from collections.abc import Iterable
from uuid import UUID

from cordee_core.database.lists import OwnedLists
from cordee_core.database.rows import Found, find_many
from cordee_core.notes.tables import Note

NOTES_OF_CASE = OwnedLists(Note, Note.case_id)
"""The notes of each case, newest first."""


async def notes_by_id(identifiers: Iterable[UUID]) -> list[Found]:
    """Return the notes with those ids."""
    return await find_many(Note, identifiers)
