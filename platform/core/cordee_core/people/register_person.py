"""A person is registered, or what is known of them changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import change, find, insert, next_number
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.people.tables import Person
from cordee_core.validation import (
    maybe_text,
    need_email,
    need_language,
    need_one_of,
    need_past,
    need_text,
    problem,
)

PRECISIONS = ("day", "month", "year", "unknown", "refused")
SEXES = ("female", "male", "other", "unknown", "refused")
_LIMITS = {"given_names": 200, "phone": 40, "safe_contact": 1000}


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonDraft:
    """What is known of a person; ``unknown`` and ``refused`` are answers, different from none."""

    family_name: str
    given_names: str = ""
    birth_date: date | None = None
    birth_date_precision: str = "unknown"
    sex: str = "unknown"
    languages: tuple[str, ...] = ()
    interpreter_needed: bool = False
    phone: str | None = None
    email: str | None = None
    safe_contact: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonChange:
    """The values that change, by column, and the row version that was read."""

    person: UUID
    row_version: int
    values: Mapping[str, Any]


async def register_person(uow: UnitOfWork, draft: PersonDraft) -> Changed:
    """Register the person under a number of the tenant.

    Raises:
        InvalidInputError: a value is missing, malformed or contradicts another.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    moment = scope.clock()
    values = {name: getattr(draft, name) for name in PersonDraft.__dataclass_fields__}
    found = _checked(values, moment.date())
    identifier = scope.new_id()
    number = await next_number(scope.tenant, "person", moment.year)
    await insert(
        Person(
            tenant_id=scope.tenant, id=identifier, number=number, created_at=moment,
            created_by=scope.actor.id, **found,
        )
    )  # fmt: skip
    uow.touched("Person", identifier, person=identifier, fields=found)
    return {"person": identifier}


async def update_person(uow: UnitOfWork, draft: PersonChange) -> Changed:
    """Change what is known of a person.

    Raises:
        StaleObjectError: the row changed since it was read.
        InvalidInputError: a value is malformed or contradicts another.
        NotFoundError: there is no such person.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    known = await find(Person, draft.person, lock=True)
    current = {name: known[name] for name in PersonDraft.__dataclass_fields__}
    found = _checked({**current, **draft.values}, scope.clock().date())
    await change(Person, draft.person, draft.row_version, {k: found[k] for k in draft.values})
    uow.touched("Person", draft.person, person=draft.person, fields=draft.values)
    return {"person": draft.person}


def _checked(values: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the values cleaned. Raises InvalidInputError."""
    found = dict(values)
    found["family_name"] = need_text(values["family_name"], "input", "familyName")
    for name, longest in _LIMITS.items():
        found[name] = maybe_text(values[name], "input", _camel(name), longest=longest)
    found["given_names"] = found["given_names"] or ""
    if values["email"]:
        found["email"] = need_email(values["email"], "input", "email")
    found["languages"] = [
        need_language(one, "input", "languages", place)
        for place, one in enumerate(values["languages"])
    ]
    need_one_of(values["sex"], SEXES, "input", "sex")
    need_one_of(values["birth_date_precision"], PRECISIONS, "input", "birthDatePrecision")
    _birth(values["birth_date"], values["birth_date_precision"], today)
    return found


def _birth(birth: date | None, precision: str, today: date) -> None:
    if birth is not None:
        need_past(birth, today, "input", "birthDate")
    if (birth is None) != (precision in ("unknown", "refused")):
        raise problem(
            ("input", "birthDatePrecision"),
            "a birth date has the precision day, month or year; without one: unknown or refused",
            "la date est précise au jour, au mois ou à l'année ; sans date : inconnue ou refusée",
        )


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)
