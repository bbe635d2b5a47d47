"""The organisation sets who is called when an instrument raises a safety flag."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from cordee_core.access.permissions import Permission
from cordee_core.assessments.complete_assessment import find_instrument
from cordee_core.assessments.queries import safety_contact
from cordee_core.assessments.tables import SafetyContact
from cordee_core.database.rows import find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import StaleObjectError
from cordee_core.members.tables import Member
from cordee_core.validation import maybe_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class SafetyContactDraft:
    """For which instrument, whom, and how they are reached."""

    instrument: str
    member: UUID
    note: str | None = None


async def set_safety_contact(uow: UnitOfWork, draft: SafetyContactDraft) -> Changed:
    """Set whom the instrument's safety flags call from now on, in the place of anybody before.

    Raises:
        UnknownInstrumentError: no enabled plugin has the instrument.
        InvalidInputError: the instrument has no safety flag, or the member has left.
        StaleObjectError: somebody else set it at the same moment.
        NotFoundError: there is no such member.
    """
    scope = uow.scope
    scope.require(Permission.PLUGIN_MANAGE)
    member = await find(Member, draft.member)
    _, instrument = find_instrument(uow, draft.instrument)
    if not instrument.safety_flags:
        raise problem(
            ("input", "instrument"),
            "this instrument has no safety flag",
            "cet instrument n'a pas d'alerte de sécurité",
        )
    if member["status"] != "active":
        raise problem(
            ("input", "memberId"),
            "this member has left the organisation",
            "ce membre a quitté l'organisation",
        )
    note = maybe_text(draft.note, "input", "note", longest=2000)
    values: dict[str, Any] = {
        "member_id": draft.member, "note": note, "changed_at": scope.clock(),
        "changed_by": scope.actor.id,
    }  # fmt: skip
    identifier = await _set(uow, instrument.code, values)
    uow.touched("SafetyContact", identifier, fields=values)
    return {"contact": identifier}


async def _set(uow: UnitOfWork, instrument: str, values: dict[str, Any]) -> UUID:
    scope, known = uow.scope, await safety_contact(instrument)
    identifier: UUID = scope.new_id() if known is None else known["id"]
    if known is None:
        row = SafetyContact(
            tenant_id=scope.tenant, id=identifier, instrument_code=instrument, **values
        )
        try:
            await insert(row)
        except asyncpg.UniqueViolationError as error:
            raise StaleObjectError(path=("input", "instrument")) from error
    else:
        raised: Any = {**values, "row_version": known["row_version"] + 1}
        await SafetyContact.update(raised).where(SafetyContact.id == identifier)
    return identifier
