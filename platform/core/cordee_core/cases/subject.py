"""Whom a case is about: a person, the persons of a household, or a group without names."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from cordee_core.cases.tables import CasePerson
from cordee_core.database.rows import find, find_many, insert
from cordee_core.database.unit_of_work import UnitOfWork
from cordee_core.errors import PersonMergedError
from cordee_core.households.tables import Household
from cordee_core.people.tables import Person
from cordee_core.validation import need_text, problem

SUBJECTS = ("person", "household", "group")
LARGEST_GROUP = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """One of the three: a person, a household with its persons, or a group with its size."""

    person: UUID | None = None
    household: tuple[UUID, ...] = ()
    household_id: UUID | None = None
    group_label: str | None = None
    group_size: int | None = None
    protected: bool = False

    @property
    def kind(self) -> str:
        """Which of the three it is."""
        if self.person is not None:
            return "person"
        return "household" if self.household else "group"

    def columns(self) -> dict[str, Any]:
        """Return what the case's row says of it."""
        return {
            "subject_kind": self.kind, "person_id": self.person,
            "household_id": self.household_id, "group_label": self.group_label,
            "group_size": self.group_size, "protected": self.protected,
        }  # fmt: skip


async def take_subject(given: Subject) -> Subject:
    """Return the subject if it is one of the three and its persons are registered.

    Raises:
        InvalidInputError: none or several are given, or a group lacks its label or its size.
        NotFoundError: a person is not one of the tenant's.
    """
    is_group = given.group_label is not None or given.group_size is not None
    if [given.person is not None, bool(given.household), is_group].count(True) != 1:
        raise problem(
            ("input",),
            "a case is about one person, the persons of a household, or a group",
            "un suivi concerne une personne, les personnes d'un ménage, ou un groupe",
        )
    if given.household_id is not None and not given.household:
        raise problem(
            ("input", "householdPersonIds"),
            "name the persons of the household",
            "nommez les personnes du ménage",
        )
    if given.household_id is not None:
        await find(Household, given.household_id)
    for person in (given.person, *given.household):
        if person is not None:
            row = await find(Person, person)
            if row["merged"]:
                raise PersonMergedError(path=("input", "personId"))
            if person == given.person:
                given = replace(given, protected=row["protected"])
    if len(set(given.household)) < len(given.household):
        raise problem(
            ("input", "householdPersonIds"), "each person once", "chaque personne une seule fois"
        )
    return _group(given) if is_group else given


async def place_household(uow: UnitOfWork, case: UUID, persons: Iterable[UUID], day: date) -> None:
    """Note whom the case of a household is about from that day on."""
    scope = uow.scope
    for row in await find_many(Person, persons):
        await insert(
            CasePerson(
                tenant_id=scope.tenant, id=scope.new_id(), case_id=case, person_id=row["id"],
                protected=row["protected"], joined_on=day, added_by=scope.actor.id,
            )
        )  # fmt: skip


def _group(given: Subject) -> Subject:
    label = need_text(given.group_label, "input", "groupLabel")
    if given.group_size is None or not 2 <= given.group_size <= LARGEST_GROUP:
        raise problem(
            ("input", "groupSize"),
            "a group has between 2 and 100,000 people",
            "un groupe compte de 2 à 100 000 personnes",
        )
    return Subject(group_label=label, group_size=given.group_size)
