"""A case goes on elsewhere in the organisation: requested, approved by both sides, done at once."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from cordee_core.access.permissions import Permission
from cordee_core.cases.guards import objection
from cordee_core.cases.manifest import manifest_of
from cordee_core.cases.move_case import against_move
from cordee_core.cases.tables import Case, Transfer
from cordee_core.cases.timeline import add_entry
from cordee_core.cases.transitions import blocked
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import ForbiddenError, StaleObjectError
from cordee_core.members.tables import Member, Team
from cordee_core.programmes.definition import parse_draft
from cordee_core.programmes.pairing import model_for_case
from cordee_core.programmes.queries import current_version
from cordee_core.programmes.tables import Programme
from cordee_core.validation import need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferDraft:
    """The case as it was read, where it goes and who takes it over."""

    case: UUID
    row_version: int
    programme: UUID
    receiver: UUID
    reason: str
    team: UUID | None = None
    model: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerDraft:
    """The transfer as it was read, and why it is not wanted."""

    transfer: UUID
    row_version: int
    reason: str


async def request_transfer(uow: UnitOfWork, draft: TransferDraft) -> Changed:
    """Request the transfer; the manifest of what moves is written down for both sides to read.

    Raises:
        TransitionBlockedError: the model does not provide for it, one is requested already, or the
            programme is not active.
        InvalidInputError: who takes over has left, or no reason is given.
        StaleObjectError: the case changed since it was read.
        NotFoundError: case, programme, team or member is not one of the tenant's.
    """
    scope = uow.scope
    scope.require(Permission.CASE_MOVE)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    case = await find(Case, draft.case, lock=True)
    version = await _place(draft)
    if case["row_version"] != draft.row_version:
        raise StaleObjectError(path=("input", "rowVersion"))
    unknown = [one for one in await against_move(uow, case, "transferred") if _for_good(one.code)]
    if unknown:
        raise blocked(unknown, "input", "caseId")
    transfer = scope.new_id()
    try:
        await insert(
            Transfer(
                tenant_id=scope.tenant, id=transfer, case_id=draft.case,
                programme_id=draft.programme, model_id=draft.model, team_id=draft.team,
                referent_id=draft.receiver, reason=reason, state="requested",
                manifest=await manifest_of(draft.case), requested_by=scope.actor.id,
                requested_at=scope.clock(),
            )
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        raise blocked([objection(draft.case, "transfer_open")], "input", "caseId") from error
    params = {"programme": dict(parse_draft(version["definition"]).title), "reason": reason}
    await add_entry(scope, draft.case, "transfer_requested", params=params)
    uow.touched("Transfer", transfer, person=case["person_id"])
    return {"transfer": transfer, "case": draft.case}


async def _place(draft: TransferDraft) -> Found:
    """Return the programme's version in which the case would go on, if it can be taken over."""
    version = await target_version(draft.programme, draft.team)
    await model_for_case(version, draft.model)
    member = await find(Member, draft.receiver)
    if member["status"] != "active":
        raise problem(("input", "receiverId"), "this member has left", "ce membre est parti")
    return version


async def decline_transfer(uow: UnitOfWork, draft: AnswerDraft) -> Changed:
    """Decline the transfer, as one of its sides, or withdraw it, as who requested it.

    Raises:
        TransitionBlockedError: it is settled already.
        ForbiddenError: the member belongs to neither side.
        StaleObjectError: it changed since it was read.
        NotFoundError: there is no such transfer.
    """
    scope = uow.scope
    scope.require(Permission.CASE_MOVE)
    transfer = await open_transfer(draft.transfer)
    case = await find(Case, transfer["case_id"], lock=True)
    withdrawn = transfer["requested_by"] == scope.actor.id
    if not (withdrawn or may_give(uow, case) or may_receive(uow, transfer)):
        raise ForbiddenError(permission=str(Permission.CASE_ASSIGN))
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    state = "withdrawn" if withdrawn else "declined"
    values = {"state": state, "answer": reason, "settled_at": scope.clock()}
    await change(Transfer, draft.transfer, draft.row_version, values)
    await add_entry(scope, case["id"], f"transfer_{state}", params={"reason": reason})
    uow.touched("Transfer", draft.transfer, person=case["person_id"], fields=values)
    return {"transfer": draft.transfer, "case": case["id"]}


async def open_transfer(identifier: UUID) -> Found:
    """Return the transfer, locked. Raises TransitionBlockedError where it is settled."""
    transfer = await find(Transfer, identifier, lock=True)
    if transfer["state"] != "requested":
        settled = [objection(transfer["case_id"], "transfer_settled")]
        raise blocked(settled, "input", "transferId")
    return transfer


def may_give(uow: UnitOfWork, case: Found) -> bool:
    """Return whether the actor speaks for the side that hands over: its referent, a supervisor."""
    return case["referent_id"] == uow.scope.actor.id or _assigns(uow)


def may_receive(uow: UnitOfWork, transfer: Found) -> bool:
    """Return whether the actor speaks for the side that takes over: the one named, a supervisor."""
    return transfer["referent_id"] == uow.scope.actor.id or _assigns(uow)


async def target_version(programme: UUID, team: UUID | None) -> Found:
    """Return the version in force of the programme that takes the case over.

    Raises:
        TransitionBlockedError: the programme is not active.
        NotFoundError: programme or team is not one of the tenant's.
    """
    row = await find(Programme, programme)
    if team is not None:
        await find(Team, team)
    version = await current_version(programme)
    if version is None or row["status"] != "active":
        raise blocked([objection(programme, "programme_not_active")], "input", "programmeId")
    return version


def _assigns(uow: UnitOfWork) -> bool:
    return Permission.CASE_ASSIGN in uow.scope.permissions


def _for_good(code: str) -> bool:
    """Return whether an objection stands against the very request of a transfer."""
    return code == "transition_unknown"
