"""Queries about customs."""

from cordee_core.customs.tables import Custom
from cordee_core.database.lists import OwnedLists

CUSTOMS_OF_PERSON = OwnedLists(Custom, Custom.person_id)
"""The customs of each person, newest first."""
