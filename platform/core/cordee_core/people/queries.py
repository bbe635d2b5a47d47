"""Queries about persons."""

from uuid import UUID

from cordee_core.database.lists import RowList
from cordee_core.people.tables import Person


def all_persons(own: UUID | None = None) -> RowList:
    """Return the tenant's persons, newest first; only `own` where that is given."""
    return RowList(Person, () if own is None else (Person.id == own,))
