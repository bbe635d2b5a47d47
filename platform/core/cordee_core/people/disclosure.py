"""How much of a person a caller is shown: ``none < exists < name < summary < full``.

What is open to every member with ``person.read`` stands on the person (``disclosure``); a protected
person's access rows raise it for the members who have one. PostgreSQL hides those of whom nothing
is disclosed, and all that is about a protected person from who has no full access.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission, Reach
from cordee_core.access.scope import Scope
from cordee_core.database.rows import Found, find
from cordee_core.errors import NotDisclosedError, NotFoundError, PersonMergedError
from cordee_core.people.queries import granted_levels
from cordee_core.people.tables import Person

LEVELS = ("none", "exists", "name", "summary", "full")
"""From nothing to all: each shows what the ones before it show, and more."""

SHOWN: Mapping[str, str] = {
    **dict.fromkeys(("number", "created_at", "row_version", "merged_into", "secrecy"), "exists"),
    **dict.fromkeys(("family_name", "given_names", "names"), "name"),
    **dict.fromkeys(
        (
            *("birth_date", "birth_date_precision", "sex", "gender", "languages"),
            *("languages_read", "interpreter_needed"),
        ),
        "summary",
    ),
    **dict.fromkeys(
        (
            *("phone", "email", "contact_points", "safe_contact", "extra", "unanswered"),
            *("identifiers", "changes", "access", "merged_from"),
        ),
        "full",
    ),
}
"""The level from which each field of a person is shown."""


def reaches(level: str, wanted: str) -> bool:
    """Return whether `level` shows what needs `wanted`."""
    return LEVELS.index(level) >= LEVELS.index(wanted)


def highest(levels: Iterable[str]) -> str:
    """Return the highest of several levels, ``none`` of none."""
    return max(levels, key=LEVELS.index, default="none")


async def levels_for(scope: Scope, persons: Iterable[Mapping[str, Any]]) -> dict[UUID, str]:
    """Return how much of each person (a row) the caller is shown; one statement at most."""
    rows = list(persons)
    closed = [row["id"] for row in rows if row["disclosure"] != "full"]
    if not closed or scope.member is None:
        return {row["id"]: "full" for row in rows}
    granted = await granted_levels(scope.actor.id, closed)
    own = None
    if scope.permissions.get(Permission.PERSON_READ) is Reach.SELF:
        own = scope.actor.person_id
    return {
        row["id"]: "full"
        if row["id"] == own
        else highest([row["disclosure"], *granted.get(row["id"], ())])
        for row in rows
    }


async def person_to_change(
    scope: Scope, person: UUID, *, merged: bool = False, lock: bool = True
) -> Found:
    """Return the row of a person of whom everything is disclosed to the caller.

    Raises:
        NotFoundError: there is none that the caller may know of.
        NotDisclosedError: the caller is shown less than everything.
        PersonMergedError: the record was merged into another one, unless `merged` is asked for.
    """
    row = await _found(person, lock=lock)
    level = (await levels_for(scope, [row]))[person]
    if level != "full" or (row["protected"] and not await _known(scope, row)):
        raise NotDisclosedError(level=level)
    if row["merged"] and not merged:
        raise PersonMergedError
    return row


async def _found(person: UUID, *, lock: bool) -> Found:
    """Return the row; locked where the caller may change it, which the database says."""
    try:
        return await find(Person, person, lock=lock)
    except NotFoundError:
        if not lock:
            raise
        return await find(Person, person)


async def _known(scope: Scope, row: Mapping[str, Any]) -> bool:
    """Return whether a protected person's records are open to the caller, not only the row."""
    if scope.member is None:
        return True
    return "full" in (await granted_levels(scope.actor.id, [row["id"]])).get(row["id"], ())
