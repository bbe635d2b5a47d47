"""The agreed plan of a person in a case: versions, goals, actions, agreements, attainments."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.plans import tables
from cordee_graphql.nodes import Node
from cordee_graphql.plan_enums import ActionStatus, AgreementForm, PlanStatus, Responsible
from cordee_graphql.planner.declare import RowSource, column, many, named, one, written_as
from cordee_graphql.planner.written import inside
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described
from cordee_graphql.types.member import Member
from cordee_graphql.types.need import Need
from cordee_graphql.types.service import Service


@described
class GoalAttainment:
    """How far a goal was reached (Goal Attainment Scaling), or why that is not said."""

    source = RowSource(table=tables.GoalAttainment)
    score: int | None = column(
        "From -2, much less than expected, to +2, much more; 0 as expected; null with a reason."
    )
    reason: str | None = column("Why there is no score.")
    follow_up: bool = column("Whether the goal was scored before.")
    comment: str | None = column("What was said about it.")
    attained_on: date = column("Of which day it speaks.")
    recorded_at: datetime = column("When it was recorded.")
    row: strawberry.Private[Mapping[str, Any]]
    recorded_by = named("Who recorded it.", Member, "recorded_by")


@described
class PlanAgreement:
    """Whether somebody agrees to a version of a plan, and what they said."""

    source = RowSource(table=tables.PlanAgreement)
    signatory: str = column("`person`, or the code of a signatory that the model names.")
    form: AgreementForm = column("How.")
    agrees: bool = column("Whether they agree; dissent is kept too.")
    name: str | None = column("Who signed: of a representative, always.")
    language: str = column("In which language (ISO 639) the plan was spoken about.")
    agreed_on: date = column("When.")
    comment: str | None = column("What they said.")
    dissent: str | None = column("What they do not agree with.")
    recorded_at: datetime = column("When it was recorded.")
    row: strawberry.Private[Mapping[str, Any]]
    recorded_by = named("Who recorded it.", Member, "recorded_by")


@described
class PlanAction(BelowCase, Node):
    """Who does what by when, by which method, for which goal."""

    source = RowSource(table=tables.PlanAction, needs=Permission.CASE_READ, below=True)
    description: str = column("What is done.")
    responsible: Responsible | None = column("Who is responsible.")
    responsible_name: str | None = column("Which relative or provider is.")
    due_on: date | None = column("By when.")
    method_code: str | None = column("The method of the programme that it applies.")
    status: ActionStatus = column("How it stands.")
    settled_at: datetime | None = column("When it was done or given up.")
    reason: str | None = column("What was done, or why it was given up.")
    created_at: datetime = column("When it was written.")
    row_version: int = column("Raised by each change.")
    member = named("The member who is responsible.", Member, "member_id")
    service = one("The service that it uses.", Service, "service_id")
    goal = one("The goal that it serves.", "cordee_graphql.types.plan:PlanGoal", "goal_id")
    plan = one("The version in which it stands.", "cordee_graphql.types.plan:CasePlan", "plan_id")
    settled_by = named("Who settled it.", Member, "settled_by")


@described
class PlanNeed:
    """A need that a goal answers or a strength that it uses; or a need left out, and why."""

    source = RowSource(table=tables.PlanNeed)
    reason: str | None = column("Why it is left out; null where a goal takes it up.")
    row: strawberry.Private[Mapping[str, Any]]
    need = one("The need, strength or wish.", Need, "need_id")
    goal = one("The goal that takes it up.", "cordee_graphql.types.plan:PlanGoal", "goal_id")


@described
class PlanGoal(BelowCase, Node):
    """What the person wants to reach, in their own words and in the professional wording."""

    source = RowSource(table=tables.PlanGoal, needs=Permission.CASE_READ, below=True)
    words: str = column("In the person's own words.")
    wording: str = column("In the professional wording.")
    objective_code: str = column("The programme objective that it serves.")
    baseline: str | None = column("Where it starts.")
    target: str | None = column("What is to be reached.")
    indicator: str | None = column("What shows it.")
    target_date: date | None = column("By when.")
    section: str | None = column("The section of the plan in which it stands.")
    created_at: datetime = column("When it was written.")
    row_version: int = column("Raised by each change.")
    plan = one("The version in which it stands.", "cordee_graphql.types.plan:CasePlan", "plan_id")
    origin = one(
        "The same goal in the version in which it was first written.",
        "cordee_graphql.types.plan:PlanGoal",
        "origin_id",
    )
    needs = many("The needs that it answers and the strengths that it uses.", PlanNeed, "goal_id")
    actions = many("The actions that serve it, oldest first.", PlanAction, "goal_id")
    attainments = many(
        "How far it was reached, as recorded on this version, oldest first.",
        GoalAttainment,
        "goal_id",
    )
    history = many(
        "Of a goal where it was first written: how far it was reached, in whatever version.",
        GoalAttainment,
        "origin_id",
    )


@described
class CasePlan(BelowCase, Node):
    """One version of a person's plan in a case; a revision is a new version, agreed again."""

    source = RowSource(table=tables.CasePlan, needs=Permission.CASE_READ, below=True)
    version: int = column("Its number: 1, 2, 3.")
    status: PlanStatus = column("How it stands.")
    revision_trigger: str | None = column("What made the version before change.")
    created_at: datetime = column("When it was begun.")
    agreed_at: datetime | None = column("When the person's agreement was recorded.")
    approved_at: datetime | None = column("When it was approved.")
    approval_note: str | None = column("What was said on approval.")
    waived_at: datetime | None = column("When the agreement was waived.")
    waiver_reason: str | None = column("Why no agreement was asked.")
    row_version: int = column("Raised by each change.")

    @written_as(inside("sections", empty="[]"))
    def sections(self) -> list[str]:
        """Its sections, in their order."""
        return list(self.row["sections"])

    person = one(
        "Whose plan it is; null for a group.", "cordee_graphql.types.person:Person", "person_id"
    )
    author = named("Who began it.", Member, "author_id")
    approved_by = named("Who approved it.", Member, "approved_by")
    waived_by = named("Who recorded the waiver.", Member, "waived_by")
    goals = many("Its goals, oldest first.", PlanGoal, "plan_id")
    actions = many("Its actions, oldest first.", PlanAction, "plan_id")
    needs = many(
        "Needs answered, strengths used, and needs left out with why.", PlanNeed, "plan_id"
    )
    agreements = many("Who agreed and who did not, oldest first.", PlanAgreement, "plan_id")
