"""A version of a plan is approved by a role that the model names, never by its author."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import change
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError
from cordee_core.obligations.open_cases import blocked
from cordee_core.plans.model import AGREE
from cordee_core.plans.queries import goals_of
from cordee_core.plans.tables import CasePlan
from cordee_core.plans.versions import model_of, open_version
from cordee_core.validation import maybe_text


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalDraft:
    """The version as it was read, and a word about it."""

    plan: UUID
    row_version: int
    note: str | None = None


async def approve_plan(uow: UnitOfWork, draft: ApprovalDraft) -> Changed:
    """Approve the version as it is; from then on its content no longer changes.

    Raises:
        TransitionBlockedError: the actor wrote the plan and is not granted to approve their own, or
            has none of the roles that the model names, or the version is replaced or empty.
        AlreadyDecidedError: it is approved.
        StaleObjectError: it changed since it was read.
        NotFoundError: there is no such version.
    """
    scope = uow.scope
    scope.require(Permission.PLAN_APPROVE)
    opened = await open_version(uow, draft.plan)
    row, path = opened.row, ("input", "planId")
    if row["approved_at"] is not None:
        raise AlreadyDecidedError(path=path)
    if row["status"] == "replaced":
        raise blocked("plan_frozen", *path)
    if not await goals_of(draft.plan):
        raise blocked("plan_empty", *path)
    own = row["author_id"] == scope.actor.id
    if own and Permission.PLAN_APPROVE_OWN not in scope.permissions:
        raise blocked("own_plan", *path)
    roles = (await model_of(opened.case)).approvers(AGREE)
    if roles and not roles & set(scope.actor.roles):
        raise blocked("approval_by_another_role", *path)
    note = maybe_text(draft.note, "input", "note", longest=2000)
    values = {
        "approved_at": scope.clock(), "approved_by": scope.actor.id, "approval_note": note,
    }  # fmt: skip
    await change(CasePlan, draft.plan, draft.row_version, values)
    await add_entry(scope, row["case_id"], "plan_approved", params={"version": row["version"]})
    uow.touched("CasePlan", draft.plan, person=row["person_id"], fields=values)
    return {"plan": draft.plan, "case": row["case_id"]}
