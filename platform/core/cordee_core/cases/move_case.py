"""A case changes its stage when nothing stands against it."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.enter_stage import Entry, enter_stage
from cordee_core.cases.guards import objection
from cordee_core.cases.tables import Case
from cordee_core.cases.transitions import blocked, transitions
from cordee_core.contracts import Objection
from cordee_core.database.rows import Found, find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.validation import maybe_text, need_text

_BY_ITS_ACT = {"closed": "closure_missing", "merged": "merger_missing"}
"""Stages that ask for more than a reason, with what is missing where only the stage is given."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveDraft:
    """The case as it was read, the stage it goes to, and why: a case put on hold has a reason."""

    case: UUID
    row_version: int
    target: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReasonDraft:
    """The case as it was read, and why."""

    case: UUID
    row_version: int
    reason: str | None = None


async def move_case(uow: UnitOfWork, draft: MoveDraft) -> Changed:
    """Move the case to the stage.

    Raises:
        TransitionBlockedError: something stands against it; all objections are listed.
        InvalidInputError: it is put on hold without a reason.
        StaleObjectError: the case changed since it was read.
        NotFoundError: there is no such case.
    """
    uow.scope.require(Permission.CASE_MOVE)
    case = await find(Case, draft.case, lock=True)
    objections = await against_move(uow, case, draft.target)
    if draft.target in _BY_ITS_ACT:
        objections.append(objection(case["id"], _BY_ITS_ACT[draft.target], draft.target))
    if objections:
        raise blocked(objections, "input", "stage")
    need = need_text if draft.target == "on_hold" else maybe_text
    reason = need(draft.reason, "input", "reason", longest=2000)
    await enter_stage(uow, case, Entry(draft.target, draft.row_version, reason))
    return {"case": draft.case}


async def hold_case(uow: UnitOfWork, draft: ReasonDraft) -> Changed:
    """Put the case on hold; it remembers the stage that it came from. Raises as `move_case`."""
    return await _go(uow, draft, "on_hold")


async def resume_case(uow: UnitOfWork, draft: ReasonDraft) -> Changed:
    """Have the case on hold return to the stage that it came from. Raises as `move_case`."""
    uow.scope.require(Permission.CASE_MOVE)
    case = await find(Case, draft.case, lock=True)
    if case["held_from"] is None:
        raise blocked([objection(case["id"], "not_on_hold")], "input", "caseId")
    return await _go(uow, draft, case["held_from"])


async def reopen_case(uow: UnitOfWork, draft: ReasonDraft) -> Changed:
    """Reopen a closed case: its history stays, and consent is asked again. Raises as `move_case`.

    Raises:
        DuplicateCaseError: the person has another open case in this programme.
        InvalidInputError: it has no reason.
    """
    need_text(draft.reason, "input", "reason", longest=2000)
    return await _go(uow, draft, "reopened")


async def against_move(uow: UnitOfWork, case: Found, target: str) -> list[Objection]:
    """Return what stands against the case going to `target`."""
    return (await transitions(uow.scope, case, [target]))[target]


async def _go(uow: UnitOfWork, draft: ReasonDraft, target: str) -> Changed:
    return await move_case(
        uow,
        MoveDraft(
            case=draft.case, row_version=draft.row_version, target=target, reason=draft.reason
        ),
    )
