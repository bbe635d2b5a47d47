"""A need is left out of a plan; the reason is kept."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from cordee_core.access.permissions import Permission
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError
from cordee_core.plans.add_goal import need_of_case
from cordee_core.plans.tables import PlanNeed
from cordee_core.plans.versions import open_draft
from cordee_core.validation import need_text


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedLeft:
    """Which need is left out of which version, and why."""

    plan: UUID
    need: UUID
    reason: str


async def leave_need(uow: UnitOfWork, draft: NeedLeft) -> Changed:
    """Note in a draft that a need or a wish is left out, and why.

    Raises:
        InvalidInputError: no reason, or the case has no such need.
        AlreadyDecidedError: it is left out already.
        TransitionBlockedError: the version is frozen.
        NotFoundError: there is no such plan.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    opened = await open_draft(uow, draft.plan)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    await need_of_case(opened.case, (draft.need,), ("need", "wish"), "needId", listed=False)
    link = scope.new_id()
    try:
        await insert(
            PlanNeed(
                tenant_id=scope.tenant, id=link, plan_id=draft.plan, case_id=opened.case["id"],
                need_id=draft.need, reason=reason, created_at=scope.clock(),
                created_by=scope.actor.id,
            )
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        raise AlreadyDecidedError(path=("input", "needId")) from error
    await add_entry(scope, opened.case["id"], "need_left_out", params={"reason": reason})
    uow.touched("PlanNeed", link, person=opened.row["person_id"])
    return {"plan": draft.plan, "case": opened.case["id"]}
