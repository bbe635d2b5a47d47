"""Queries about notes."""

from cordee_core.database.lists import OwnedLists
from cordee_core.notes.tables import Note

NOTES_OF_CASE = OwnedLists(Note, Note.case_id)
"""The notes of each case, newest first."""
