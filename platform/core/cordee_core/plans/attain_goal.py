"""How far a goal was reached is scored, or why it is not; later scores are follow-ups."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.obligations.open_cases import blocked
from cordee_core.plans.model import SCALE
from cordee_core.plans.queries import was_scored
from cordee_core.plans.tables import CasePlan, GoalAttainment, PlanGoal
from cordee_core.validation import maybe_text, need_one_of, need_past, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class AttainmentDraft:
    """A score from -2 to +2, or the reason why there is none; never both."""

    goal: UUID
    attained_on: date
    score: int | None = None
    reason: str | None = None
    comment: str | None = None


async def attain_goal(uow: UnitOfWork, draft: AttainmentDraft) -> Changed:
    """Keep how far the goal was reached, on the scale of Goal Attainment Scaling.

    -2 is much less than expected, 0 what was expected, +2 much more (Kiresuk and Sherman 1968).
    Each is kept; whatever comes after the first is a follow-up, also after the case has closed.

    Raises:
        InvalidInputError: neither or both of score and reason, or another score, or a future day.
        TransitionBlockedError: the goal stands in a version that was replaced.
        NotFoundError: there is no such goal.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    goal = await find(PlanGoal, draft.goal)
    case = await find(Case, goal["case_id"], lock=True)
    plan = await find(CasePlan, goal["plan_id"])
    if plan["status"] == "replaced":
        raise blocked("plan_frozen", "input", "goalId")
    reason = _score_or_reason(draft)
    attainment = scope.new_id()
    await insert(
        GoalAttainment(
            tenant_id=scope.tenant, id=attainment, goal_id=draft.goal, case_id=case["id"],
            origin_id=goal["origin_id"], score=draft.score, reason=reason,
            follow_up=await was_scored(scope.tenant, goal["origin_id"]),
            comment=maybe_text(draft.comment, "input", "comment", longest=5000),
            attained_on=need_past(draft.attained_on, scope.clock().date(), "input", "attainedOn"),
            recorded_at=scope.clock(), recorded_by=scope.actor.id,
        )
    )  # fmt: skip
    kind = "goal_not_scored" if draft.score is None else "goal_attained"
    params = {"goal": goal["words"], "score": f"{draft.score or 0:+d}", "reason": reason or ""}
    await add_entry(scope, case["id"], kind, params=params)
    uow.touched("GoalAttainment", attainment, person=plan["person_id"])
    return {"goal": draft.goal, "plan": plan["id"], "case": case["id"]}


def _score_or_reason(draft: AttainmentDraft) -> str | None:
    """Return the reason why there is no score; None where there is one, on the scale."""
    reason = maybe_text(draft.reason, "input", "reason", longest=2000)
    if (draft.score is None) is (reason is None):
        raise problem(
            ("input", "score"),
            "a score is given, or the reason why there is none",
            "un degré d'atteinte est donné, ou la raison de son absence",
        )
    if draft.score is not None:
        need_one_of(draft.score, SCALE, "input", "score")
    return reason
