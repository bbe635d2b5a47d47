"""A volunteer or community worker is sent to a case, and no longer sent."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from cordee_core.access.permissions import Permission
from cordee_core.cases.lifecycle import ENDED
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError, MemberLeftError, TransitionBlockedError
from cordee_core.languages import catalogue
from cordee_core.members.give_roles import held_by
from cordee_core.members.tables import Member
from cordee_core.reports.tables import FieldAssignment
from cordee_core.validation import need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignDraft:
    """Who goes to which case, what for, from when until when."""

    case: UUID
    member: UUID
    task: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignmentEndDraft:
    """The assignment as read."""

    assignment: UUID
    row_version: int


async def assign_volunteer(uow: UnitOfWork, draft: AssignDraft) -> Changed:
    """Let the member report on the case, and on nothing else of it.

    Raises:
        InvalidInputError: the member can't report, or the dates or an assignment overlap.
        MemberLeftError: the member has left.
        TransitionBlockedError: the case is no longer open.
        NotFoundError: there is no such case or member.
    """
    scope = uow.scope
    scope.require(Permission.CASE_ASSIGN)
    case = await find(Case, draft.case, lock=True)
    if case["stage"] in ENDED:
        raise TransitionBlockedError(
            codes=["case_closed"], objections=catalogue("objections")["case_closed"]
        )
    path = ("input", "memberId")
    member = await _who_may_report(draft.member, path)
    if draft.ends_on is not None and draft.ends_on < draft.starts_on:
        raise problem(
            ("input", "endsOn"), "it ends before it begins", "elle finit avant de commencer"
        )
    task = need_text(draft.task, "input", "task", longest=2000)
    assignment = scope.new_id()
    try:
        await insert(
            FieldAssignment(
                tenant_id=scope.tenant, id=assignment, case_id=draft.case, member_id=draft.member,
                task=task, starts_on=draft.starts_on, ends_on=draft.ends_on,
                assigned_at=scope.clock(), assigned_by=scope.actor.id,
            )
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        raise problem(path, "the member goes there already", "ce membre s'y rend déjà") from error
    params = {"member": member["display_name"], "task": task}
    await add_entry(scope, draft.case, "field_assigned", params=params)
    uow.touched("FieldAssignment", assignment, person=case["person_id"])
    return {"assignment": assignment}


async def _who_may_report(identifier: UUID, path: tuple[str, ...]) -> Found:
    member = await find(Member, identifier)
    if member["status"] != "active":
        raise MemberLeftError(path=path, member=member["display_name"])
    if Permission.REPORT_WRITE not in (await held_by([member]))[identifier]:
        raise problem(path, "this member can't report", "ce membre ne peut pas rendre compte")
    return member


async def end_assignment(uow: UnitOfWork, draft: AssignmentEndDraft) -> Changed:
    """End it today.

    Raises:
        AlreadyDecidedError: it has ended.
        StaleObjectError: it changed since it was read.
        NotFoundError: there is no such assignment.
    """
    scope, today = uow.scope, uow.scope.clock().date()
    scope.require(Permission.CASE_ASSIGN)
    row = await find(FieldAssignment, draft.assignment, lock=True)
    if row["ends_on"] is not None and row["ends_on"] < today:
        raise AlreadyDecidedError(path=("input", "assignmentId"))
    values = {"ends_on": max(today, row["starts_on"])}
    await change(FieldAssignment, draft.assignment, draft.row_version, values)
    case, member = await find(Case, row["case_id"]), await find(Member, row["member_id"])
    await add_entry(scope, case["id"], "field_ended", params={"member": member["display_name"]})
    uow.touched("FieldAssignment", draft.assignment, person=case["person_id"], fields=values)
    return {"assignment": draft.assignment}
