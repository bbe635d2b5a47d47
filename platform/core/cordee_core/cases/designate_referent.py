"""Exactly one active referent for each case: a member is designated, or takes over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from cordee_core.access.permissions import Permission, grants
from cordee_core.access.scope import Scope
from cordee_core.cases.tables import Case, Designation
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import ReferentConflictError, TransitionBlockedError
from cordee_core.languages import catalogue
from cordee_core.members.tables import Member
from cordee_core.tallies.queries import count_on
from cordee_core.validation import maybe_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class DesignationDraft:
    """Who becomes referent; `row_version` is the case's as it was read."""

    case: UUID
    row_version: int
    member: UUID
    reason: str | None = None


async def designate_referent(uow: UnitOfWork, draft: DesignationDraft) -> Changed:
    """Designate the member; a former referent's designation ends at the same moment.

    Raises:
        StaleObjectError: the case changed since it was read, for example by another designation.
        ReferentConflictError: the member is the referent already.
        InvalidInputError: the member can't lead cases, or a handover gives no reason.
        NotFoundError: there is no such case or member.
    """
    scope, moment = uow.scope, uow.scope.clock()
    scope.require(Permission.CASE_ASSIGN)
    case = await find(Case, draft.case, lock=True)
    if case["stage"] == "refused":
        raise TransitionBlockedError(
            codes=["case_closed"], objections=catalogue("objections")["case_closed"]
        )
    member = await find(Member, draft.member)
    if member["status"] != "active" or Permission.CASE_MOVE not in grants(member["roles"]):
        raise problem(
            ("input", "memberId"),
            "this member can't lead cases",
            "ce membre ne peut pas être référent",
        )
    await _hand_over(scope, case, draft, moment)
    await change(Case, draft.case, draft.row_version, {"referent_id": draft.member})
    tally = {("case_referent", str(draft.member)): 1}
    if case["referent_id"] is not None:
        tally["case_referent", str(case["referent_id"])] = -1
    await count_on(scope.tenant, tally)
    params = {"member": member["display_name"]}
    await add_entry(scope, draft.case, "referent_designated", params=params)
    uow.touched("Case", draft.case, person=case["person_id"], fields=("referent",))
    uow.emit("cordee_referent_assigned", case=draft.case, **_previous(case), referent=draft.member)
    return {"case": draft.case, "member": draft.member}


async def _hand_over(scope: Scope, case: Found, draft: DesignationDraft, moment: datetime) -> None:
    reason = maybe_text(draft.reason, "input", "reason", longest=2000)
    if case["referent_id"] == draft.member:
        raise ReferentConflictError(path=("input", "memberId"))
    if case["referent_id"] is not None:
        if reason is None:
            raise problem(
                ("input", "reason"),
                "a handover has a reason",
                "un changement de référent a un motif",
            )
        await Designation.update({Designation.ends_at: moment}).where(
            (Designation.case_id == draft.case) & Designation.ends_at.is_null()
        )
    try:
        await insert(
            Designation(
                tenant_id=scope.tenant, id=scope.new_id(), case_id=draft.case,
                member_id=draft.member, starts_at=moment, reason=reason,
                designated_by=scope.actor.id,
            )
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        raise ReferentConflictError(path=("input", "caseId")) from error


def _previous(case: Found) -> dict[str, UUID]:
    return {"previous": case["referent_id"]} if case["referent_id"] else {}
