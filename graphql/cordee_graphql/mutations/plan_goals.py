# mypy: disable-error-code="untyped-decorator"
"""Goals are written into a plan, needs are left out of it, attainments are scored."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.plans.add_goal import GoalChange, GoalDraft, add_goal, change_goal
from cordee_core.plans.attain_goal import AttainmentDraft, attain_goal
from cordee_core.plans.leave_need import NeedLeft, leave_need
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutations.plans import PlanPayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.plan import PlanGoal


def _all(given: list[strawberry.ID], field: str) -> tuple[UUID, ...]:
    return tuple(uuid_of(one, "Need", "input", field, at) for at, one in enumerate(given))


@strawberry.input(description="A goal of a plan.")
class PlanGoalAddInput:
    """A goal, in two wordings."""

    plan_id: strawberry.ID = strawberry.field(description="A draft of a plan.")
    words: str = strawberry.field(description="In the person's own words.")
    wording: str = strawberry.field(description="In the professional wording.")
    objective: str = strawberry.field(
        description="Code of the programme's objective that it serves."
    )
    baseline: str | None = strawberry.field(default=None, description="Where it starts.")
    target: str | None = strawberry.field(default=None, description="What is to be reached.")
    indicator: str | None = strawberry.field(default=None, description="What shows it.")
    target_date: date | None = strawberry.field(default=None, description="By when.")
    section: str | None = strawberry.field(default=None, description="A section of the plan.")
    need_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="The needs and wishes that it answers."
    )
    strength_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="The strengths that it uses."
    )

    def draft(self) -> GoalDraft:
        """Return what the use case takes."""
        return GoalDraft(
            plan=uuid_of(self.plan_id, "CasePlan", "input", "planId"), words=self.words,
            wording=self.wording, objective=self.objective, baseline=self.baseline,
            target=self.target, indicator=self.indicator, target_date=self.target_date,
            section=self.section, needs=_all(self.need_ids, "needIds"),
            strengths=_all(self.strength_ids, "strengthIds"),
        )  # fmt: skip


_PATCHED = (
    *("words", "wording", "objective", "baseline", "target", "indicator", "target_date"),
    "section",
)


@strawberry.input(
    description="What changes in a goal. A field that is absent stays; null empties it."
)
class PlanGoalUpdateInput:
    """The values that change."""

    goal_id: strawberry.ID = strawberry.field(description="A goal of a draft.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")
    words: strawberry.Maybe[str | None] = strawberry.field(description="In the person's own words.")
    wording: strawberry.Maybe[str | None] = strawberry.field(
        description="In the professional wording."
    )
    objective: strawberry.Maybe[str | None] = strawberry.field(
        description="Code of the programme's objective that it serves."
    )
    baseline: strawberry.Maybe[str | None] = strawberry.field(description="Where it starts.")
    target: strawberry.Maybe[str | None] = strawberry.field(description="What is to be reached.")
    indicator: strawberry.Maybe[str | None] = strawberry.field(description="What shows it.")
    target_date: strawberry.Maybe[date | None] = strawberry.field(description="By when.")
    section: strawberry.Maybe[str | None] = strawberry.field(description="A section of the plan.")

    def draft(self) -> GoalChange:
        """Return what the use case takes."""
        given: dict[str, Any] = {name: getattr(self, name) for name in _PATCHED}
        return GoalChange(
            goal=uuid_of(self.goal_id, "PlanGoal", "input", "goalId"),
            row_version=self.row_version,
            values={name: some.value for name, some in given.items() if some},
        )


@strawberry.input(description="A need that a plan leaves out.")
class PlanNeedLeaveInput:
    """Which need, and why."""

    plan_id: strawberry.ID = strawberry.field(description="A draft of a plan.")
    need_id: strawberry.ID = strawberry.field(description="A need or a wish of the case.")
    reason: str = strawberry.field(description="Why, at most 2,000 characters.")

    def draft(self) -> NeedLeft:
        """Return what the use case takes."""
        return NeedLeft(
            plan=uuid_of(self.plan_id, "CasePlan", "input", "planId"),
            need=uuid_of(self.need_id, "Need", "input", "needId"), reason=self.reason,
        )  # fmt: skip


@strawberry.input(description="How far a goal was reached, or why that is not said.")
class GoalAttainInput:
    """A score or a reason."""

    goal_id: strawberry.ID = strawberry.field(description="The goal.")
    attained_on: date = strawberry.field(description="Of which day it speaks; not in the future.")
    score: int | None = strawberry.field(
        default=None,
        description="Goal Attainment Scaling: -2 much less than expected, 0 as expected, +2 much "
        "more.",
    )
    reason: str | None = strawberry.field(
        default=None, description="Why there is no score; never beside one."
    )
    comment: str | None = strawberry.field(default=None, description="What was said about it.")

    def draft(self) -> AttainmentDraft:
        """Return what the use case takes."""
        return AttainmentDraft(
            goal=uuid_of(self.goal_id, "PlanGoal", "input", "goalId"), score=self.score,
            attained_on=self.attained_on, reason=self.reason, comment=self.comment,
        )  # fmt: skip


@strawberry.type
class GoalPayload(PlanPayload):
    """Base of payloads about a goal."""

    @strawberry.field(description="The goal as it is now.")
    async def goal(self, info: Info) -> PlanGoal | None:
        """Return the goal."""
        return await load_node(info, PlanGoal, self.changed.get("goal"))


@strawberry.type(description="The goal that was written, its plan and its case.")
class PlanGoalAddPayload(GoalPayload):
    """Payload of ``planGoalAdd``."""


@strawberry.type(description="The goal as it is now, its plan and its case.")
class PlanGoalUpdatePayload(GoalPayload):
    """Payload of ``planGoalUpdate``."""


@strawberry.type(description="The plan that leaves the need out, and its case.")
class PlanNeedLeavePayload(PlanPayload):
    """Payload of ``planNeedLeave``."""


@strawberry.type(description="The goal with its attainment, its plan and its case.")
class GoalAttainPayload(GoalPayload):
    """Payload of ``goalAttain``."""


@strawberry.type
class PlanGoalMutations:
    """Mutations of goals."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Write a goal into a draft: in the person's words beside the professional wording, and "
            "the programme objective that it serves.",
        )
    )
    async def plan_goal_add(
        self, info: Info, given: Annotated[PlanGoalAddInput, INPUT]
    ) -> PlanGoalAddPayload | None:
        """Write a goal."""
        return await submit(info, PlanGoalAddPayload, "planGoalAdd", add_goal, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE, "Change a goal of a draft: absent fields stay as they are."
        )
    )
    async def plan_goal_update(
        self, info: Info, given: Annotated[PlanGoalUpdateInput, INPUT]
    ) -> PlanGoalUpdatePayload | None:
        """Change a goal."""
        return await submit(info, PlanGoalUpdatePayload, "planGoalUpdate", change_goal, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE, "Leave a need or a wish out of a draft, with its reason."
        )
    )
    async def plan_need_leave(
        self, info: Info, given: Annotated[PlanNeedLeaveInput, INPUT]
    ) -> PlanNeedLeavePayload | None:
        """Leave a need out."""
        return await submit(info, PlanNeedLeavePayload, "planNeedLeave", leave_need, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Score how far a goal was reached, or say why not. Each score is kept; those after the "
            "first are follow-ups, also after the case has closed.",
        )
    )
    async def goal_attain(
        self, info: Info, given: Annotated[GoalAttainInput, INPUT]
    ) -> GoalAttainPayload | None:
        """Score a goal."""
        return await submit(info, GoalAttainPayload, "goalAttain", attain_goal, given)
