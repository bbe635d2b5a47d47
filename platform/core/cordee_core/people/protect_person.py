"""A person is protected: absent from search and lists, known to those who have access.

``restricted`` persons keep their name, ``coded`` ones have none. The database decides who sees them
(`ctx.secure`, classes ``person`` and ``personal``); access is a row with its source and reason.
"""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.database.rows import change, find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import IdentifierTakenError
from cordee_core.members.tables import Member
from cordee_core.people import queries
from cordee_core.people.disclosure import LEVELS, person_to_change
from cordee_core.people.record_change import record_change
from cordee_core.people.search import drop_tokens
from cordee_core.people.tables import Person
from cordee_core.people.tokens import index_person
from cordee_core.validation import need_one_of, need_text, problem

PROTECTIONS = ("none", "restricted", "coded")


@dataclass(frozen=True, kw_only=True, slots=True)
class ProtectDraft:
    """How a person is protected from now on, and what every member is still shown of them."""

    person: UUID
    row_version: int
    protection: str
    reason: str
    disclosure: str = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessDraft:
    """A member who is given access to a protected person, how much, and why."""

    person: UUID
    member: UUID
    reason: str
    level: str = "full"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessEnd:
    """A member whose access to a protected person ends, and why."""

    person: UUID
    member: UUID
    reason: str


async def protect_person(uow: UnitOfWork, draft: ProtectDraft) -> Changed:
    """Protect the person, change how they are protected, or end their protection.

    The caller, the referents of the person's cases and the person themself have full access.
    Ending it makes the person searchable again.

    Raises:
        StaleObjectError: the row changed since it was read.
        IdentifierTakenError: ending it would give two persons one identifier.
        InvalidInputError: the reason is missing, or a person without a name would be shown.
        NotFoundError, NotDisclosedError, PersonMergedError: as `person_to_change` says.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_PROTECT)
    known = await person_to_change(scope, draft.person)
    need_one_of(draft.protection, PROTECTIONS, "input", "protection")
    need_one_of(draft.disclosure, LEVELS, "input", "disclosure")
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    if known["family_name"] is None and draft.protection != "coded":
        raise problem(
            ("input", "protection"),
            "the person has no name: they stay coded",
            "la personne n'a pas de nom : elle reste codée",
        )
    await change(Person, draft.person, draft.row_version, {})
    await set_protection(scope, draft.person, draft.protection, draft.disclosure)
    protected = draft.protection != "none"
    fields = ("secrecy", "disclosure")
    await record_change(
        scope, draft.person, "protected", fields, protected=protected, reason=reason
    )
    uow.touched("Person", draft.person, person=draft.person, fields=fields)
    return {"person": draft.person}


async def set_protection(scope: Scope, person: UUID, protection: str, disclosure: str) -> None:
    """Give access to those who have it by what they are, then protect; records merged in as well.

    Raises:
        IdentifierTakenError: without protection two persons would have one identifier.
    """
    merged = [one["id"] for one in await queries.merged_into(person)]
    for one in (person, *merged):
        if protection != "none":
            await _give_what_is_due(scope, one)
            await drop_tokens(scope.tenant, one)
    level = disclosure if protection != "none" else "full"
    values = {"secrecy": protection, "disclosure": level}
    try:
        await queries.protected_now(scope.tenant, [person, *merged], values)
    except asyncpg.UniqueViolationError as error:
        kind = {"en": "identifier", "fr": "identifiant"}
        raise IdentifierTakenError(path=("input", "protection"), kind=kind) from error
    if protection == "none":
        await index_person(scope, person)


async def _give_what_is_due(scope: Scope, person: UUID) -> None:
    """Give access to who acts, to the referents and to the person themself."""
    due: list[tuple[UUID, str, str | None]]
    due = [(one, "referent", None) for one in await queries.leading_members(person)]
    due += [(one, "own", None) for one in await queries.own_members(person)]
    if scope.member is not None:
        due.append((scope.member.id, "granted", "protected the person"))
    for member, source, reason in due:
        await queries.set_access(
            scope.tenant, member, person, source, "full", reason, scope.clock(),
            scope.member.id if scope.member else None,
        )  # fmt: skip


async def give_access(scope: Scope, person: UUID, member: UUID, source: str) -> None:
    """Give a member full access by what they are: ``referent``, ``circle`` or ``own``.

    For those who make a member one; nothing changes for a person who is not protected.
    """
    await queries.set_access(
        scope.tenant, member, person, source, "full", None, scope.clock(),
        scope.member.id if scope.member else None,
    )  # fmt: skip


async def take_access(scope: Scope, person: UUID, member: UUID, source: str) -> None:
    """End what `give_access` gave; access from another source stays."""
    await queries.end_access_rows(scope.tenant, member, person, source, scope.clock())


async def grant_access(uow: UnitOfWork, draft: AccessDraft) -> Changed:
    """Give a member access to a protected person, with the reason.

    Raises:
        InvalidInputError: the level or the reason is missing, or the member can read no person.
        NotFoundError, NotDisclosedError, PersonMergedError: as `person_to_change` says.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_PROTECT)
    known = await person_to_change(scope, draft.person)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    need_one_of(draft.level, LEVELS[1:], "input", "level")
    member = await find(Member, draft.member)
    if member["status"] != "active":
        raise problem(("input", "memberId"), "this member has left", "ce membre est parti")
    # First the history: who lowers their own access could not write it afterwards.
    await record_change(
        scope, draft.person, "access_granted", (draft.level,), protected=known["protected"],
        reason=reason,
    )  # fmt: skip
    await queries.set_access(
        scope.tenant, draft.member, draft.person, "granted", draft.level, reason, scope.clock(),
        scope.actor.id,
    )  # fmt: skip
    uow.touched("Person", draft.person, person=draft.person, fields=("access",))
    return {"person": draft.person, "member": draft.member}


async def end_access(uow: UnitOfWork, draft: AccessEnd) -> Changed:
    """End a granted access to a protected person; that of a referent stays while they are one.

    Raises:
        InvalidInputError: the reason is missing, or there is no granted access.
        NotFoundError, NotDisclosedError, PersonMergedError: as `person_to_change` says.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_PROTECT)
    known = await person_to_change(scope, draft.person)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    await find(Member, draft.member)
    await record_change(
        scope, draft.person, "access_ended", (), protected=known["protected"], reason=reason
    )
    ended = await queries.end_access_rows(
        scope.tenant, draft.member, draft.person, "granted", scope.clock()
    )
    if not ended:
        raise problem(
            ("input", "memberId"),
            "this member was granted no access",
            "aucun accès n'a été accordé à ce membre",
        )
    uow.touched("Person", draft.person, person=draft.person, fields=("access",))
    return {"person": draft.person}
