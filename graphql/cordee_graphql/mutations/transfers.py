# mypy: disable-error-code="untyped-decorator"
"""Transfers inside the organisation: requested, approved by both sides, done at once."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases.approve_transfer import ApprovalDraft, approve_transfer
from cordee_core.cases.transfer_case import (
    AnswerDraft,
    TransferDraft,
    decline_transfer,
    request_transfer,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.case import Case
from cordee_graphql.types.case_life import Transfer
from cordee_graphql.types.life_enums import TransferSide

_TRANSFER = ("input", "transferId")


@strawberry.input(description="A case that is to go on elsewhere in the organisation.")
class CaseTransferInput:
    """The case as read, where it goes, who takes it over."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    row_version: int = strawberry.field(description="The case's `rowVersion` as you read it.")
    programme_id: strawberry.ID = strawberry.field(
        description="The active programme in which it goes on; it may be the same."
    )
    receiver_id: strawberry.ID = strawberry.field(description="Who is asked to take it over.")
    reason: str = strawberry.field(description="Why; at most 2,000 characters.")
    model_id: strawberry.ID | None = strawberry.field(
        default=None, description="The model; needed where the programme runs under several."
    )
    team_id: strawberry.ID | None = strawberry.field(
        default=None, description="The team that takes it over."
    )

    def draft(self) -> TransferDraft:
        """Return what the use case takes."""
        team, model = self.team_id, self.model_id
        return TransferDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            row_version=self.row_version,
            programme=uuid_of(self.programme_id, "Programme", "input", "programmeId"),
            receiver=uuid_of(self.receiver_id, "Member", "input", "receiverId"),
            reason=self.reason,
            team=None if team is None else uuid_of(team, "Team", "input", "teamId"),
            model=None if model is None else uuid_of(model, "Model", "input", "modelId"),
        )


@strawberry.input(description="An approval of a transfer.")
class TransferApproveInput:
    """The transfer as read, and the side."""

    transfer_id: strawberry.ID = strawberry.field(description="The transfer.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")
    side: TransferSide = strawberry.field(description="In whose name.")

    def draft(self) -> ApprovalDraft:
        """Return what the use case takes."""
        return ApprovalDraft(
            transfer=uuid_of(self.transfer_id, "Transfer", *_TRANSFER),
            row_version=self.row_version,
            side=self.side.value,
        )


@strawberry.input(description="A transfer that is not wanted.")
class TransferDeclineInput:
    """The transfer as read, and why."""

    transfer_id: strawberry.ID = strawberry.field(description="The transfer.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")
    reason: str = strawberry.field(description="Why; at most 2,000 characters.")

    def draft(self) -> AnswerDraft:
        """Return what the use case takes."""
        return AnswerDraft(
            transfer=uuid_of(self.transfer_id, "Transfer", *_TRANSFER),
            row_version=self.row_version,
            reason=self.reason,
        )


@strawberry.type
class TransferPayload(CasePayload):
    """Base of payloads about a transfer."""

    @strawberry.field(description="The transfer as it is now.")
    async def transfer(self, info: Info) -> Transfer | None:
        """Return the transfer."""
        return await load_node(info, Transfer, self.changed.get("transfer"))


@strawberry.type(description="The request, with the manifest of what moves.")
class CaseTransferPayload(TransferPayload):
    """Payload of ``caseTransfer``."""


@strawberry.type(description="The transfer; with the second approval, the case in its new place.")
class TransferApprovePayload(TransferPayload):
    """Payload of ``transferApprove``."""

    @strawberry.field(description="The case under its new number, once done.")
    async def new_case(self, info: Info) -> Case | None:
        """Return the case in its new place."""
        return await load_node(info, Case, self.changed.get("new_case"))


@strawberry.type(description="The transfer, settled.")
class TransferDeclinePayload(TransferPayload):
    """Payload of ``transferDecline``."""


@strawberry.type
class TransferMutations:
    """Mutations of transfers."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_MOVE,
            "Request that a case goes on in another programme or team of the organisation. What"
            " moves with it is listed, for both sides to read.",
        )
    )
    async def case_transfer(
        self, info: Info, given: Annotated[CaseTransferInput, INPUT]
    ) -> CaseTransferPayload | None:
        """Request a transfer."""
        return await submit(info, CaseTransferPayload, "caseTransfer", request_transfer, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_MOVE,
            "Approve a transfer in the name of one side: that of the case's referent, or of who is"
            " asked to take over; a member with `case.assign` may speak for either, and one member"
            " for one side. With the second approval it is done, if a consent covers it.",
        )
    )
    async def transfer_approve(
        self, info: Info, given: Annotated[TransferApproveInput, INPUT]
    ) -> TransferApprovePayload | None:
        """Approve a transfer."""
        return await submit(
            info, TransferApprovePayload, "transferApprove", approve_transfer, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.CASE_MOVE, "Decline a transfer, or withdraw it as who requested it."
        )
    )
    async def transfer_decline(
        self, info: Info, given: Annotated[TransferDeclineInput, INPUT]
    ) -> TransferDeclinePayload | None:
        """Decline a transfer."""
        return await submit(
            info, TransferDeclinePayload, "transferDecline", decline_transfer, given
        )
