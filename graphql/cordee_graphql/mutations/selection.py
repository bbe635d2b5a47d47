# mypy: disable-error-code="untyped-decorator"
"""Selection: the programme's criteria are evaluated, a person decides."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.permissions import Permission
from cordee_core.selection.decide_selection import SelectionDraft, decide_selection
from cordee_graphql.context import Info
from cordee_graphql.enums import Admission
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, json_object, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.selection import SelectionDecision
from cordee_graphql.types.waiting import WaitingEntry


@strawberry.input(description="A decision on admission, with the facts it rests on.")
class SelectionDecideInput:
    """Facts, decision and reason."""

    case_id: strawberry.ID = strawberry.field(description="A case at intake.")
    facts: JSON = strawberry.field(
        description="What is known, by the fact's name in the programme's criteria; what is left "
        "out is unknown."
    )
    decision: Admission = strawberry.field(
        description="The decision. It may differ from the outcome of the criteria."
    )
    reason: str = strawberry.field(description="Why, for the person too.")
    profile: str | None = strawberry.field(
        default=None, description="Code of the target group's profile; the first by default."
    )
    on: date | None = strawberry.field(
        default=None, description="The date whose law and amounts count; today by default."
    )
    appeal_route: str | None = strawberry.field(
        default=None, description="How the person can appeal; needed with a refusal."
    )
    onward_referral: str | None = strawberry.field(
        default=None,
        description="Where the person is referred to; a refusal needs it or `noOnwardReferral`.",
    )
    no_onward_referral: bool = strawberry.field(
        default=False, description="Say that there is nowhere to refer the person to."
    )
    priority: int | None = strawberry.field(
        default=None,
        description="Priority on the waiting list, 0 to 1000: the higher the sooner. Without it, "
        "the criteria's output `priority`, else 0.",
    )
    wait: bool = strawberry.field(
        default=False, description="Put on the waiting list though places are free."
    )

    def draft(self) -> SelectionDraft:
        """Return what the use case takes."""
        return SelectionDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            facts=json_object(self.facts, "input", "facts"), decision=self.decision.value,
            reason=self.reason, profile=self.profile, on=self.on, appeal_route=self.appeal_route,
            onward_referral=self.onward_referral, onward_none=self.no_onward_referral,
            priority=self.priority, wait=self.wait,
        )  # fmt: skip


@strawberry.type(description="The decision and its case.")
class SelectionDecidePayload(CasePayload):
    """Payload of ``selectionDecide``."""

    @strawberry.field(
        description="The decision, with what the criteria said: outcome, `because` and `ask`."
    )
    async def selection(self, info: Info) -> SelectionDecision | None:
        """Return the decision."""
        return await load_node(info, SelectionDecision, self.changed.get("decision"))

    @strawberry.field(
        description="The entry on the waiting list, where no place was free; null else."
    )
    async def waiting_entry(self, info: Info) -> WaitingEntry | None:
        """Return the entry."""
        return await load_node(info, WaitingEntry, self.changed.get("waiting_entry"))


@strawberry.type
class SelectionMutations:
    """Mutations of the selection."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_DECIDE,
            "Evaluate the programme's selection criteria and record what a person decides, once "
            "for each case: else `ALREADY_DECIDED`. The outcome of the criteria is indicative. "
            "Where all places are taken, an admitted case goes on the waiting list.",
        )
    )
    async def selection_decide(
        self, info: Info, given: Annotated[SelectionDecideInput, INPUT]
    ) -> SelectionDecidePayload | None:
        """Decide on admission."""
        return await submit(
            info, SelectionDecidePayload, "selectionDecide", decide_selection, given
        )
