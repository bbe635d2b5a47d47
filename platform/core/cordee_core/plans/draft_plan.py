"""A plan is begun, and revised: a revision is a new version with its trigger, agreed again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import StaleObjectError
from cordee_core.obligations.open_cases import blocked, need_open
from cordee_core.obligations.queries import flagged_cases
from cordee_core.plans.members import need_subject
from cordee_core.plans.model import PlanStepError, drafted, revised
from cordee_core.plans.queries import cases_with_safety_plan, goals_of, needs_in, open_actions
from cordee_core.plans.tables import CasePlan, PlanAction, PlanGoal, PlanNeed
from cordee_core.plans.versions import Opened, history_of, open_version
from cordee_core.validation import need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanDraft:
    """The case, whose plan it is where that is not the case's one person, and its sections."""

    case: UUID
    person: UUID | None = None
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """The version as it was read, and what makes it change."""

    plan: UUID
    row_version: int
    trigger: str


async def draft_plan(uow: UnitOfWork, draft: PlanDraft) -> Changed:
    """Begin the plan of a person: version 1, a draft.

    Raises:
        TransitionBlockedError: the case is not admitted or has ended, there is a plan already, or a
            risk is flagged and no safety plan exists: that comes first.
        InvalidInputError: a section has no name or stands twice, or the person is not of the case.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    case = need_open(await find(Case, draft.case, lock=True))
    person = await need_subject(case, draft.person)
    if case["stage"] == "intake":
        raise blocked("plan_too_early")
    await _safety_first(uow, case)
    sections = _sections(draft.sections)
    history, _ = await history_of(uow, case, person)
    try:
        drafted(history)
    except PlanStepError as error:
        raise blocked(str(error)) from error
    plan = await _insert(uow, case, person, 1, sections, None)
    await add_entry(scope, draft.case, "plan_drafted", params={"version": 1})
    uow.touched("CasePlan", plan, person=person)
    return {"plan": plan, "case": draft.case}


async def revise_plan(uow: UnitOfWork, draft: Revision) -> Changed:
    """Make the next version: goals, needs and open actions are taken over, to be changed.

    The version in force stays so until the new one is agreed.

    Raises:
        TransitionBlockedError: the newest version is a draft that nobody has seen yet.
        InvalidInputError: no trigger is given.
        StaleObjectError: the version changed since it was read, or is not the newest.
        NotFoundError: there is no such version.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    trigger = need_text(draft.trigger, "input", "trigger", longest=2000)
    opened = await open_version(uow, draft.plan)
    former = opened.row
    if former["row_version"] != draft.row_version or former["version"] != max(opened.ids):
        raise StaleObjectError(path=("input", "rowVersion"))
    try:
        number = revised(opened.history)[-1].number
    except PlanStepError as error:
        raise blocked(str(error), "input", "planId") from error
    if former["status"] == "draft":
        raised: Any = {"status": "replaced", "row_version": former["row_version"] + 1}
        await CasePlan.update(raised).where(CasePlan.id == former["id"])
    sections = tuple(former["sections"])
    plan = await _insert(uow, opened.case, former["person_id"], number, sections, trigger)
    await _take_over(uow, opened, plan)
    params = {"version": number, "trigger": trigger}
    await add_entry(scope, former["case_id"], "plan_revised", params=params)
    uow.touched("CasePlan", plan, person=former["person_id"])
    return {"plan": plan, "case": former["case_id"]}


async def _insert(
    uow: UnitOfWork,
    case: Found,
    person: UUID | None,
    number: int,
    sections: tuple[str, ...],
    trigger: str | None,
) -> UUID:
    plan = uow.scope.new_id()
    await insert(
        CasePlan(
            tenant_id=uow.scope.tenant, id=plan, case_id=case["id"], person_id=person,
            version=number, status="draft", sections=list(sections), revision_trigger=trigger,
            author_id=uow.scope.actor.id, created_at=uow.scope.clock(),
        )
    )  # fmt: skip
    return plan


async def _take_over(uow: UnitOfWork, opened: Opened, plan: UUID) -> None:
    """Copy goals with their needs, needs left out and open actions into the version `plan`."""
    scope = uow.scope
    goals: dict[UUID, UUID] = {}
    made: dict[str, Any] = {
        "plan_id": plan,
        "created_at": scope.clock(),
        "created_by": scope.actor.id,
    }
    for goal in await goals_of(opened.row["id"]):
        goals[goal["id"]] = scope.new_id()
        await insert(PlanGoal(**{**goal, **made, "id": goals[goal["id"]], "row_version": 1}))
    for link in await needs_in(opened.row["id"]):
        answered = goals.get(link["goal_id"])
        await insert(PlanNeed(**{**link, **made, "id": scope.new_id(), "goal_id": answered}))
    for action in await open_actions(plan=opened.row["id"]):
        copied = {**action, **made, "id": scope.new_id(), "row_version": 1}
        await insert(PlanAction(**{**copied, "goal_id": goals.get(action["goal_id"])}))


async def _safety_first(uow: UnitOfWork, case: Found) -> None:
    tenant, cases = uow.scope.tenant, [case["id"]]
    flagged = await flagged_cases(tenant, cases)
    if flagged and not await cases_with_safety_plan(tenant, cases):
        raise blocked("safety_plan_missing")


def _sections(given: tuple[str, ...]) -> tuple[str, ...]:
    path = ("input", "sections")
    names = tuple(need_text(one, *path, at, longest=100) for at, one in enumerate(given))
    if len(set(names)) != len(names):
        raise problem(path, "a section stands twice", "une section est donnée deux fois")
    return names
