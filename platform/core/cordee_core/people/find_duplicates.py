"""The persons who may be one: looked up by shared words and numbers, then scored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.database.rows import Found, find_many
from cordee_core.people.duplicates import LEAST, Likeness, likeness, traits_of
from cordee_core.people.queries import identifiers_of
from cordee_core.people.search import persons_sharing
from cordee_core.people.tables import Person
from cordee_core.people.tokens import tokens_of

MOST_COMPARED = 50
"""Most records that are compared with one."""
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be of the same person, how likely and why."""

    person: UUID
    likeness: Likeness


async def find_duplicates(
    scope: Scope, row: Mapping[str, Any], identifiers: Iterable[Mapping[str, Any]] = ()
) -> list[Candidate]:
    """Return the records that may be of the same person, the likeliest first.

    Protected persons have no tokens and are never among them; for a protected person there are
    none, so that asking tells nobody.
    """
    scope.require(Permission.PERSON_READ)
    if row.get("protected") or row.get("merged"):
        return []
    known = list(identifiers)
    tokens = tokens_of(row, (one["value"] for one in known))
    shared = await persons_sharing(scope.tenant, list(tokens), row.get("id"), MOST_COMPARED)
    rows = [one for one in await find_many(Person, shared) if not one["protected"]]
    return _scored(row, known, rows, await identifiers_of(one["id"] for one in rows))


def _scored(
    row: Mapping[str, Any], own: list[Mapping[str, Any]], rows: list[Found], others: list[Found]
) -> list[Candidate]:
    by_person: dict[UUID, list[Found]] = {}
    for one in others:
        by_person.setdefault(one["person_id"], []).append(one)
    mine = traits_of(row, own)
    found = [
        Candidate(one["id"], likeness(mine, traits_of(one, by_person.get(one["id"], ()))))
        for one in rows
    ]
    kept = [one for one in found if one.likeness.score >= LEAST]
    return sorted(kept, key=lambda one: (-one.likeness.score, one.person))[:MOST_SHOWN]
