# mypy: disable-error-code="untyped-decorator"
"""Obligations are met, or cancelled with a reason."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.obligations.assign_obligation import AssignDraft, assign_obligation
from cordee_core.obligations.settle_obligation import (
    SettleDraft,
    cancel_obligation,
    finish_obligation,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.obligation import Obligation


@strawberry.input
class ObligationInput:
    """Base of inputs that settle an obligation."""

    obligation_id: strawberry.ID = strawberry.field(description="The obligation.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")

    def settled(self, reason: str | None) -> SettleDraft:
        """Return what the use case takes."""
        obligation = uuid_of(self.obligation_id, "Obligation", "input", "obligationId")
        return SettleDraft(obligation=obligation, row_version=self.row_version, reason=reason)


@strawberry.input(description="An obligation that was met.")
class ObligationDoneInput(ObligationInput):
    """The obligation as read, and a word about it."""

    note: str | None = strawberry.field(
        default=None, description="What was done, at most 2,000 characters."
    )

    def draft(self) -> SettleDraft:
        """Return what the use case takes."""
        return self.settled(self.note)


@strawberry.input(description="An obligation that falls away.")
class ObligationCancelInput(ObligationInput):
    """The obligation as read, and why."""

    reason: str = strawberry.field(description="Why, at most 2,000 characters.")

    def draft(self) -> SettleDraft:
        """Return what the use case takes."""
        return self.settled(self.reason)


@strawberry.input(description="An obligation that another member sees to.")
class ObligationAssignInput(ObligationInput):
    """The obligation as read, and the member."""

    member_id: strawberry.ID = strawberry.field(description="Who sees to it from now on.")

    def draft(self) -> AssignDraft:
        """Return what the use case takes."""
        return AssignDraft(
            obligation=uuid_of(self.obligation_id, "Obligation", "input", "obligationId"),
            row_version=self.row_version,
            member=uuid_of(self.member_id, "Member", "input", "memberId"),
        )


@strawberry.type
class ObligationPayload(CasePayload):
    """Base of payloads about an obligation."""

    @strawberry.field(description="The obligation as it is now.")
    async def obligation(self, info: Info) -> Obligation | None:
        """Return the obligation."""
        return await load_node(info, Obligation, self.changed.get("obligation"))


@strawberry.type(description="The obligation that was met, and its case.")
class ObligationDonePayload(ObligationPayload):
    """Payload of ``obligationDone``."""


@strawberry.type(description="The obligation that falls away, and its case.")
class ObligationCancelPayload(ObligationPayload):
    """Payload of ``obligationCancel``."""


@strawberry.type(description="The obligation with whoever sees to it now, and its case.")
class ObligationAssignPayload(ObligationPayload):
    """Payload of ``obligationAssign``."""


@strawberry.type
class ObligationMutations:
    """Mutations of obligations."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Give what is due to another member. Settled before: `ALREADY_DECIDED`.",
        )
    )
    async def obligation_assign(
        self, info: Info, given: Annotated[ObligationAssignInput, INPUT]
    ) -> ObligationAssignPayload | None:
        """Assign an obligation."""
        return await submit(
            info, ObligationAssignPayload, "obligationAssign", assign_obligation, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Note that what was due is done. Settled before: `ALREADY_DECIDED`.",
        )
    )
    async def obligation_done(
        self, info: Info, given: Annotated[ObligationDoneInput, INPUT]
    ) -> ObligationDonePayload | None:
        """Meet an obligation."""
        return await submit(info, ObligationDonePayload, "obligationDone", finish_obligation, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_MOVE,
            "Cancel what was due, with its reason. Settled before: `ALREADY_DECIDED`.",
        )
    )
    async def obligation_cancel(
        self, info: Info, given: Annotated[ObligationCancelInput, INPUT]
    ) -> ObligationCancelPayload | None:
        """Cancel an obligation."""
        return await submit(
            info, ObligationCancelPayload, "obligationCancel", cancel_obligation, given
        )
