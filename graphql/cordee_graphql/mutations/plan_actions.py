# mypy: disable-error-code="untyped-decorator"
"""Actions are written into a plan, done, or given up."""

from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.plans.add_action import ActionChange, ActionDraft, add_action, change_action
from cordee_core.plans.settle_action import ActionSettled, finish_action, give_up_action
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, camel, needs, submit
from cordee_graphql.mutations.plans import PlanPayload
from cordee_graphql.nodes import load_node
from cordee_graphql.plan_enums import Responsible
from cordee_graphql.types.plan import PlanAction

_IDS = {"goal_id": "PlanGoal", "member_id": "Member", "service_id": "Service"}
_PATCHED = (
    *("description", "goal_id", "responsible", "member_id", "responsible_name", "due_on"),
    *("method", "service_id"),
)


def _value(name: str, value: Any) -> Any:
    """Return a value of an input as the use case takes it."""
    if name in _IDS and value is not None:
        return uuid_of(value, _IDS[name], "input", camel(name))
    return value.value if isinstance(value, Enum) else value


@strawberry.input(description="An action of a plan.")
class PlanActionAddInput:
    """What is done, by whom."""

    plan_id: strawberry.ID = strawberry.field(description="A draft of a plan.")
    description: str = strawberry.field(description="What is done.")
    goal_id: strawberry.ID | None = strawberry.field(
        default=None, description="The goal that it serves."
    )
    responsible: Responsible | None = strawberry.field(
        default=None, description="Who is responsible."
    )
    member_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which member, where a member is responsible."
    )
    responsible_name: str | None = strawberry.field(
        default=None, description="Which relative or provider, where one is responsible."
    )
    due_on: date | None = strawberry.field(default=None, description="By when.")
    method: str | None = strawberry.field(
        default=None, description="Code of the programme's method that it applies."
    )
    service_id: strawberry.ID | None = strawberry.field(
        default=None, description="A service of the catalog that it uses."
    )

    def draft(self) -> ActionDraft:
        """Return what the use case takes."""
        given = {name.removesuffix("_id"): _value(name, getattr(self, name)) for name in _PATCHED}
        plan = uuid_of(self.plan_id, "CasePlan", "input", "planId")
        return ActionDraft(plan=plan, **given)


@strawberry.input(
    description="What changes in an action. A field that is absent stays; null empties it. With "
    "another `responsible`, the member or the name is given again."
)
class PlanActionUpdateInput:
    """The values that change."""

    action_id: strawberry.ID = strawberry.field(description="An action of a draft.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")
    description: strawberry.Maybe[str | None] = strawberry.field(description="What is done.")
    goal_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description="The goal that it serves."
    )
    responsible: strawberry.Maybe[Responsible | None] = strawberry.field(
        description="Who is responsible."
    )
    member_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description="Which member, where a member is responsible."
    )
    responsible_name: strawberry.Maybe[str | None] = strawberry.field(
        description="Which relative or provider, where one is responsible."
    )
    due_on: strawberry.Maybe[date | None] = strawberry.field(description="By when.")
    method: strawberry.Maybe[str | None] = strawberry.field(
        description="Code of the programme's method that it applies."
    )
    service_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description="A service of the catalog that it uses."
    )

    def draft(self) -> ActionChange:
        """Return what the use case takes."""
        given: dict[str, Any] = {name: getattr(self, name) for name in _PATCHED}
        return ActionChange(
            action=uuid_of(self.action_id, "PlanAction", "input", "actionId"),
            row_version=self.row_version,
            values={
                name.removesuffix("_id"): _value(name, some.value)
                for name, some in given.items()
                if some
            },
        )


@strawberry.input
class PlanActionInput:
    """Base of inputs that settle an action."""

    action_id: strawberry.ID = strawberry.field(description="The action.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")

    def settled(self, reason: str | None) -> ActionSettled:
        """Return what the use case takes."""
        action = uuid_of(self.action_id, "PlanAction", "input", "actionId")
        return ActionSettled(action=action, row_version=self.row_version, reason=reason)


@strawberry.input(description="An action that was done.")
class PlanActionDoneInput(PlanActionInput):
    """The action as read, and a word about it."""

    note: str | None = strawberry.field(
        default=None, description="How it went, at most 2,000 characters."
    )

    def draft(self) -> ActionSettled:
        """Return what the use case takes."""
        return self.settled(self.note)


@strawberry.input(description="An action that is given up.")
class PlanActionCancelInput(PlanActionInput):
    """The action as read, and why."""

    reason: str = strawberry.field(description="Why, at most 2,000 characters.")

    def draft(self) -> ActionSettled:
        """Return what the use case takes."""
        return self.settled(self.reason)


@strawberry.type
class ActionPayload(PlanPayload):
    """Base of payloads about an action."""

    @strawberry.field(description="The action as it is now.")
    async def action(self, info: Info) -> PlanAction | None:
        """Return the action."""
        return await load_node(info, PlanAction, self.changed.get("action"))


@strawberry.type(description="The action that was written, its plan and its case.")
class PlanActionAddPayload(ActionPayload):
    """Payload of ``planActionAdd``."""


@strawberry.type(description="The action as it is now, its plan and its case.")
class PlanActionUpdatePayload(ActionPayload):
    """Payload of ``planActionUpdate``."""


@strawberry.type(description="The action that was done, its plan and its case.")
class PlanActionDonePayload(ActionPayload):
    """Payload of ``planActionDone``."""


@strawberry.type(description="The action that is given up, its plan and its case.")
class PlanActionCancelPayload(ActionPayload):
    """Payload of ``planActionCancel``."""


@strawberry.type
class PlanActionMutations:
    """Mutations of actions."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Write an action into a draft. What it lacks (responsible, date, method, goal) stands "
            "against implementation.",
        )
    )
    async def plan_action_add(
        self, info: Info, given: Annotated[PlanActionAddInput, INPUT]
    ) -> PlanActionAddPayload | None:
        """Write an action."""
        return await submit(info, PlanActionAddPayload, "planActionAdd", add_action, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE, "Change an action of a draft: absent fields stay as they are."
        )
    )
    async def plan_action_update(
        self, info: Info, given: Annotated[PlanActionUpdateInput, INPUT]
    ) -> PlanActionUpdatePayload | None:
        """Change an action."""
        return await submit(info, PlanActionUpdatePayload, "planActionUpdate", change_action, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Note that an action was done. Settled before: `ALREADY_DECIDED`.",
        )
    )
    async def plan_action_done(
        self, info: Info, given: Annotated[PlanActionDoneInput, INPUT]
    ) -> PlanActionDonePayload | None:
        """Note that an action was done."""
        return await submit(info, PlanActionDonePayload, "planActionDone", finish_action, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Give an action up, with its reason. Settled before: `ALREADY_DECIDED`.",
        )
    )
    async def plan_action_cancel(
        self, info: Info, given: Annotated[PlanActionCancelInput, INPUT]
    ) -> PlanActionCancelPayload | None:
        """Give an action up."""
        return await submit(
            info, PlanActionCancelPayload, "planActionCancel", give_up_action, given
        )
