"""Identifiers of a person are added and removed; a tenant defines kinds of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import change, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import IdentifierInvalidError, IdentifierTakenError
from cordee_core.languages import Text
from cordee_core.people.disclosure import person_to_change
from cordee_core.people.fields import need_code, need_label
from cordee_core.people.identifiers import KNOWN, normalised
from cordee_core.people.queries import identifier_kind, put_kind
from cordee_core.people.record_change import record_change
from cordee_core.people.tables import Person, PersonIdentifier
from cordee_core.people.tokens import index_person
from cordee_core.validation import maybe_text, need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentifierDraft:
    """An identifier: its kind, its value and the system that issued it."""

    person: UUID
    row_version: int
    kind: str
    value: str
    system: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentifierRemoval:
    """An identifier, by its kind and system, that is taken away, and why."""

    person: UUID
    row_version: int
    kind: str
    reason: str
    system: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KindDraft:
    """A kind of identifier that the tenant defines."""

    code: str
    title: Text


async def add_identifier(uow: UnitOfWork, draft: IdentifierDraft) -> Changed:
    """Add the identifier, normalised and with its checksum verified where its kind has one.

    Raises:
        IdentifierInvalidError: the form or the check digits are wrong.
        IdentifierTakenError: another person has it, or this one has another of the kind.
        InvalidInputError: there is no such kind, or the value is empty.
        StaleObjectError: the person changed since they were read.
        NotFoundError, NotDisclosedError, PersonMergedError: as `person_to_change` says.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    known = await person_to_change(scope, draft.person)
    title, system = await _kind(draft.kind, draft.system)
    value = normalised(need_text(draft.value, "input", "value"))
    if not value or (draft.kind in KNOWN and not KNOWN[draft.kind].check(value)):
        raise IdentifierInvalidError(path=("input", "value"), kind=title)
    await change(Person, draft.person, draft.row_version, {})
    try:
        await insert(
            PersonIdentifier(
                tenant_id=scope.tenant, id=scope.new_id(), person_id=draft.person,
                protected=known["protected"], kind=draft.kind, system=system, value=value,
                added_at=scope.clock(), added_by=scope.actor.id,
            )
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        raise IdentifierTakenError(path=("input", "value"), kind=title) from error
    await _noted(uow, known, "identifier_added", draft.kind)
    return {"person": draft.person}


async def remove_identifier(uow: UnitOfWork, draft: IdentifierRemoval) -> Changed:
    """Take the identifier away; the history keeps that there was one of the kind, and why it went.

    Raises:
        InvalidInputError: the person has none of that kind and system, or the reason is missing.
        StaleObjectError: the person changed since they were read.
        NotFoundError, NotDisclosedError, PersonMergedError: as `person_to_change` says.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    known = await person_to_change(scope, draft.person)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    _, system = await _kind(draft.kind, draft.system)
    gone = await (
        PersonIdentifier.delete()
        .where(PersonIdentifier.person_id == draft.person)
        .where(PersonIdentifier.kind == draft.kind)
        .where(PersonIdentifier.system == system)
        .returning(PersonIdentifier.id)
    )
    if not gone:
        raise problem(
            ("input", "kind"),
            "the person has no identifier of this kind",
            "la personne n'a pas d'identifiant de cette sorte",
        )
    await change(Person, draft.person, draft.row_version, {})
    await _noted(uow, known, "identifier_removed", draft.kind, reason)
    return {"person": draft.person}


async def define_kind(uow: UnitOfWork, draft: KindDraft) -> Changed:
    """Define a kind of identifier of the tenant's own, or change its title. It has no checksum.

    Raises:
        InvalidInputError: the code is malformed or one of Cordée's own, or a text is missing.
    """
    scope = uow.scope
    scope.require(Permission.TENANT_MANAGE)
    code = need_code(draft.code, "input", "code")
    if code in KNOWN:
        raise problem(
            ("input", "code"), "this kind comes with Cordée", "cette sorte existe déjà dans Cordée"
        )
    await put_kind(scope.tenant, code, need_label(draft.title, "input", "title"))
    uow.touched("IdentifierKind", scope.tenant, fields=(code,))
    return {"tenant": scope.tenant}


async def _kind(code: str, system: str | None) -> tuple[Text, str]:
    """Return the title of a kind, and the system of an identifier of it."""
    if code in KNOWN:
        return KNOWN[code].title, KNOWN[code].system
    found = await identifier_kind(code)
    if found is None:
        raise problem(
            ("input", "kind"),
            "the organisation has no such kind of identifier",
            "l'organisation n'a pas cette sorte d'identifiant",
        )
    return found["title"], maybe_text(system, "input", "system") or ""


async def _noted(
    uow: UnitOfWork, known: Mapping[str, object], kind: str, what: str, reason: str | None = None
) -> None:
    person = UUID(str(known["id"]))
    await index_person(uow.scope, person)
    await record_change(
        uow.scope, person, kind, (what,), protected=bool(known["protected"]), reason=reason
    )
    uow.touched("Person", person, person=person, fields=("identifiers",))
