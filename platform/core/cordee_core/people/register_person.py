"""A person is registered, or what is known of them changes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.database.rows import change, insert, next_number
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.people.check_record import checked_record, merged_extra
from cordee_core.people.disclosure import person_to_change
from cordee_core.people.names import ContactPoint, FurtherName
from cordee_core.people.protect_person import set_protection
from cordee_core.people.record_change import record_change
from cordee_core.people.reference import drawn_reference
from cordee_core.people.tables import Person
from cordee_core.people.tokens import index_person
from cordee_core.validation import problem


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonDraft:
    """What is known of a person; ``unknown`` and ``refused`` are answers, different from none.

    `unanswered` says so of the fields that have no such value of their own.
    """

    family_name: str | None = None
    given_names: str = ""
    names: tuple[FurtherName, ...] = ()
    birth_date: date | None = None
    birth_date_precision: str | None = None
    sex: str | None = None
    gender: str | None = None
    languages: tuple[str, ...] = ()
    languages_read: tuple[str, ...] = ()
    interpreter_needed: bool | None = None
    phone: str | None = None
    email: str | None = None
    contact_points: tuple[ContactPoint, ...] = ()
    safe_contact: str | None = None
    extra: Mapping[str, object] | None = None
    unanswered: Mapping[str, str] | None = None
    coded: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonChange:
    """The values that change, by column, and the row version that was read."""

    person: UUID
    row_version: int
    values: Mapping[str, Any]


COLUMNS = tuple(one.name for one in fields(PersonDraft) if one.name != "coded")
"""The columns of what is known of a person."""


async def register_person(uow: UnitOfWork, draft: PersonDraft) -> Changed:
    """Register the person under a number of the tenant.

    A coded person has a reference drawn by lot, which tells nothing of others, and no name; who
    registers them has access and nobody else.

    Raises:
        InvalidInputError: a value is missing, malformed or contradicts another.
        FieldInvalidError: a value does not fit a field that the tenant defined.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    moment = scope.clock()
    values = {name: getattr(draft, name) for name in COLUMNS}
    values["extra"], values["unanswered"] = draft.extra or {}, draft.unanswered or {}
    if draft.coded:
        _need_no_name(values)
    found = await checked_record(values, values, moment.date(), coded=draft.coded)
    identifier = scope.new_id()
    number = await _number(scope, moment.year, coded=draft.coded)
    found |= {"secrecy": "coded", "protected": True} if draft.coded else {}
    await insert(
        Person(
            tenant_id=scope.tenant, id=identifier, number=number, created_at=moment,
            created_by=scope.actor.id, **found,
        )
    )  # fmt: skip
    if draft.coded:
        await set_protection(scope, identifier, "coded", "none")
    else:
        await index_person(scope, identifier, fresh=True)
    given = [name for name in COLUMNS if found[name] not in (None, "", [], {}, ())]
    await record_change(scope, identifier, "registered", given, protected=draft.coded)
    uow.touched("Person", identifier, person=identifier, fields=found)
    return {"person": identifier}


async def update_person(uow: UnitOfWork, draft: PersonChange) -> Changed:
    """Change what is known of a person.

    Raises:
        StaleObjectError: the row changed since it was read.
        InvalidInputError: a value is malformed or contradicts another.
        FieldInvalidError: a value does not fit a field that the tenant defined.
        NotFoundError: there is no such person that the caller may know of.
        NotDisclosedError: the caller is shown less than everything of the person.
        PersonMergedError: the record was merged into another one.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    known = await person_to_change(scope, draft.person)
    current = {name: known[name] for name in COLUMNS}
    coded = known["secrecy"] == "coded"
    if coded:
        _need_no_name(draft.values)
    given = dict(draft.values)
    for name in ("extra", "unanswered"):
        if name in given:
            given[name] = merged_extra(known[name], given[name])
    found = await checked_record(
        {**current, **given}, draft.values, scope.clock().date(), coded=coded
    )
    values = {name: found[name] for name in (*draft.values, "unanswered")}
    await change(Person, draft.person, draft.row_version, values)
    await index_person(scope, draft.person)
    changed = [name for name in values if values[name] != known[name]]
    await record_change(scope, draft.person, "updated", changed, protected=known["protected"])
    uow.touched("Person", draft.person, person=draft.person, fields=draft.values)
    return {"person": draft.person}


def _need_no_name(values: Mapping[str, Any]) -> None:
    for name in ("family_name", "given_names", "names"):
        if values.get(name):
            raise problem(
                (
                    "input",
                    {"family_name": "familyName", "given_names": "givenNames"}.get(name, name),
                ),
                "a coded person is registered without a name",
                "une personne codée est enregistrée sans nom",
            )


async def _number(scope: Scope, year: int, *, coded: bool) -> str:
    """Return a number in the tenant's order; for a coded person one that stands in no order."""
    if coded:
        return drawn_reference()
    return await next_number(scope.tenant, "person", year)
