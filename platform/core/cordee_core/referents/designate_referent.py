"""Exactly one active referent for each case: a member is designated, or takes over."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.lifecycle import ENDED
from cordee_core.cases.tables import Case
from cordee_core.database.rows import Found, find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import NotFoundError, StaleObjectError, TransitionBlockedError
from cordee_core.languages import catalogue
from cordee_core.referents.fitness import need_leader
from cordee_core.referents.hand_over import Terms, hand_over
from cordee_core.referents.queries import lock_members
from cordee_core.validation import maybe_text, need_one_of

CONFLICT_ANSWERS = ("none", "not_asked")


@dataclass(frozen=True, kw_only=True, slots=True)
class DesignationDraft:
    """Who becomes referent; `row_version` is the case's as it was read.

    A handover has a reason, may have a note and the day it took place; until `overlap_until` the
    former referent reads along. `conflict_answer` is what the member said of conflicts of interest.
    """

    case: UUID
    row_version: int
    member: UUID
    reason: str | None = None
    note: str | None = None
    on: date | None = None
    overlap_until: date | None = None
    conflict_answer: str = "not_asked"
    override_reason: str | None = None


async def designate_referent(uow: UnitOfWork, draft: DesignationDraft) -> Changed:
    """Designate the member; a former referent's designation ends at the same moment.

    Raises:
        StaleObjectError: the case changed since it was read, for example by another designation.
        ReferentConflictError: the member is the referent already.
        InvalidInputError: the member can't lead it, a handover gives no reason, or the assignments
            would overlap.
        MemberLeftError, ConductNotAcceptedError, InterestConflictError, TrainingMissingError,
            CaseloadFullError: see `fitness`.
        NotFoundError: there is no such case or member.
    """
    scope = uow.scope
    scope.require(Permission.CASE_ASSIGN)
    case = await find(Case, draft.case, lock=True)
    need_open(case)
    path = ("input", "memberId")
    member = (await lock_members([draft.member])).get(draft.member)
    if member is None:
        raise NotFoundError(path=path, identifier=draft.member)
    if case["row_version"] != draft.row_version:
        raise StaleObjectError(path=("input", "rowVersion"))
    await need_leader(member, path)
    terms = Terms(
        reason=maybe_text(draft.reason, "input", "reason", longest=2000),
        note=maybe_text(draft.note, "input", "note", longest=5000),
        on=draft.on,
        overlap_until=draft.overlap_until,
        conflict_answer=need_one_of(
            draft.conflict_answer, CONFLICT_ANSWERS, "input", "conflictAnswer"
        ),
        override=maybe_text(draft.override_reason, "input", "overrideReason", longest=2000),
    )
    await hand_over(uow, case, member, terms, path)
    return {"case": draft.case, "member": draft.member}


def need_open(case: Found, *path: str | int) -> None:
    """Return if the case is not ended. Raises TransitionBlockedError."""
    if case["stage"] in ENDED:
        raise TransitionBlockedError(
            path=path, codes=["case_closed"], objections=catalogue("objections")["case_closed"]
        )
