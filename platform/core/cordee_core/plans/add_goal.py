"""A goal is written: in the person's own words, beside the professional wording."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, change, find, find_many, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.needs.tables import Need
from cordee_core.plans.tables import PlanGoal, PlanNeed
from cordee_core.plans.versions import Opened, open_draft, programme_of
from cordee_core.validation import maybe_text, need_one_of, need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalDraft:
    """The goal, the programme objective it serves, the needs it answers, the strengths it uses."""

    plan: UUID
    words: str
    wording: str
    objective: str
    baseline: str | None = None
    target: str | None = None
    indicator: str | None = None
    target_date: date | None = None
    section: str | None = None
    needs: tuple[UUID, ...] = ()
    strengths: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalChange:
    """The goal as it was read, and the values that change by the name of their field."""

    goal: UUID
    row_version: int
    values: Mapping[str, Any]


async def add_goal(uow: UnitOfWork, draft: GoalDraft) -> Changed:
    """Add the goal to a draft.

    Raises:
        InvalidInputError: a text is missing, the programme has no such objective, the plan no such
            section, or a need is not one of the case's.
        TransitionBlockedError: the version is frozen.
        NotFoundError: there is no such plan or need.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    opened = await open_draft(uow, draft.plan)
    values = await _values(opened, draft)
    goal = scope.new_id()
    await insert(
        PlanGoal(
            tenant_id=scope.tenant, id=goal, plan_id=draft.plan, case_id=opened.case["id"],
            origin_id=goal, created_at=scope.clock(), created_by=scope.actor.id, **values,
        )
    )  # fmt: skip
    await _link(uow, opened, draft, goal)
    params = {"words": values["words"]}
    await add_entry(scope, opened.case["id"], "goal_added", params=params)
    uow.touched("PlanGoal", goal, person=opened.row["person_id"])
    return {"goal": goal, "plan": draft.plan, "case": opened.case["id"]}


async def change_goal(uow: UnitOfWork, draft: GoalChange) -> Changed:
    """Change a goal of a draft; needs and strengths stay. Raises as `add_goal`.

    Raises:
        StaleObjectError: the goal changed since it was read.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    row = await find(PlanGoal, draft.goal)
    opened = await open_draft(uow, row["plan_id"])
    columns = {"objective": "objective_code"}
    kept = {name: row[columns.get(name, name)] for name in _WRITTEN}
    values = await _values(opened, GoalDraft(plan=row["plan_id"], **{**kept, **draft.values}))
    await change(PlanGoal, draft.goal, draft.row_version, values)
    params = {"words": values["words"]}
    await add_entry(scope, opened.case["id"], "goal_changed", params=params)
    uow.touched("PlanGoal", draft.goal, person=opened.row["person_id"], fields=draft.values)
    return {"goal": draft.goal, "plan": row["plan_id"], "case": opened.case["id"]}


_WRITTEN = (
    *("words", "wording", "objective", "baseline", "target", "indicator", "target_date"),
    "section",
)


async def _values(opened: Opened, draft: GoalDraft) -> dict[str, Any]:
    programme = await programme_of(opened.case)
    objectives = [one.code for one in programme.objectives]
    section = maybe_text(draft.section, "input", "section", longest=100)
    if section is not None:
        need_one_of(section, opened.row["sections"], "input", "section")
    return {
        "words": need_text(draft.words, "input", "words", longest=5000),
        "wording": need_text(draft.wording, "input", "wording", longest=5000),
        "objective_code": need_one_of(draft.objective, objectives, "input", "objective"),
        "baseline": maybe_text(draft.baseline, "input", "baseline", longest=2000),
        "target": maybe_text(draft.target, "input", "target", longest=2000),
        "indicator": maybe_text(draft.indicator, "input", "indicator", longest=2000),
        "target_date": draft.target_date,
        "section": section,
    }


async def _link(uow: UnitOfWork, opened: Opened, draft: GoalDraft, goal: UUID) -> None:
    needs = await need_of_case(opened.case, draft.needs, ("need", "wish"), "needIds")
    strengths = await need_of_case(opened.case, draft.strengths, ("strength",), "strengthIds")
    for one in (*needs, *strengths):
        await insert(
            PlanNeed(
                tenant_id=uow.scope.tenant, id=uow.scope.new_id(), plan_id=draft.plan,
                case_id=opened.case["id"], goal_id=goal, need_id=one,
                created_at=uow.scope.clock(), created_by=uow.scope.actor.id,
            )
        )  # fmt: skip


async def need_of_case(
    case: Found,
    wanted: tuple[UUID, ...],
    kinds: tuple[str, ...],
    field: str,
    *,
    listed: bool = True,
) -> list[UUID]:
    """Return the ids, each once, of rows of those kinds that the case has.

    Raises:
        InvalidInputError: one is of another kind or another case, or there is none.
    """
    found = {row["id"]: row for row in await find_many(Need, wanted)}
    for at, one in enumerate(wanted):
        row = found.get(one)
        if row is None or row["case_id"] != case["id"] or row["kind"] not in kinds:
            raise problem(
                ("input", field, at) if listed else ("input", field),
                "the case has no such row of this kind",
                "le suivi n'a pas d'élément de cette sorte",
            )
    return list(dict.fromkeys(wanted))
