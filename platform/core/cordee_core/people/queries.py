"""Queries about persons."""

from collections.abc import Iterable
from uuid import UUID

from cordee_core.database.lists import RowList
from cordee_core.database.rows import Found, find_many
from cordee_core.people.tables import Person


def all_persons(own: UUID | None = None) -> RowList:
    """Return the tenant's persons, newest first; only `own` where that is given."""
    return RowList(Person, () if own is None else (Person.id == own,))


async def persons_by_id(identifiers: Iterable[UUID]) -> list[Found]:
    """Return the persons with those ids."""
    return await find_many(Person, identifiers)
