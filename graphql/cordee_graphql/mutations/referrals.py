# mypy: disable-error-code="untyped-decorator"
"""Referrals go their way: prepared, sent, received, accepted or declined."""

from dataclasses import replace
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.referrals.create_referral import ReferralDraft, create_referral
from cordee_core.referrals.move_referral import (
    ReferralMove,
    accept_referral,
    decline_referral,
    receive_referral,
    send_referral,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.referral import Referral


@strawberry.input(description="A request to a service.")
class ReferralCreateInput:
    """A case, a service, and what is asked."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    service_id: strawberry.ID = strawberry.field(description="A service of the catalog.")
    reason: str = strawberry.field(
        description="What is asked of the service, at most 5,000 characters."
    )

    def draft(self) -> ReferralDraft:
        """Return what the use case takes."""
        return ReferralDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            service=uuid_of(self.service_id, "Service", "input", "serviceId"),
            reason=self.reason,
        )


@strawberry.input
class ReferralStepInput:
    """Base of inputs that take a referral one step on."""

    referral_id: strawberry.ID = strawberry.field(description="The referral.")
    row_version: int = strawberry.field(description="The referral's `rowVersion` as you read it.")

    def draft(self) -> ReferralMove:
        """Return what the use case takes."""
        referral = uuid_of(self.referral_id, "Referral", "input", "referralId")
        return ReferralMove(referral=referral, row_version=self.row_version)


@strawberry.input(description="A prepared referral that is sent.")
class ReferralSendInput(ReferralStepInput):
    """The referral as read."""


@strawberry.input(description="A sent referral that the service received.")
class ReferralReceiveInput(ReferralStepInput):
    """The referral as read."""


@strawberry.input(description="A received referral that the service accepted.")
class ReferralAcceptInput(ReferralStepInput):
    """The referral as read."""


@strawberry.input(description="A received referral that the service declined.")
class ReferralDeclineInput(ReferralStepInput):
    """The referral as read, and why."""

    reason: str = strawberry.field(description="Why, at most 2,000 characters.")

    def draft(self) -> ReferralMove:
        """Return what the use case takes."""
        return replace(super().draft(), reason=self.reason)


@strawberry.type
class ReferralPayload(CasePayload):
    """Base of payloads about a referral."""

    @strawberry.field(description="The referral as it is now.")
    async def referral(self, info: Info) -> Referral | None:
        """Return the referral."""
        return await load_node(info, Referral, self.changed.get("referral"))


@strawberry.type(description="The prepared referral and its case.")
class ReferralCreatePayload(ReferralPayload):
    """Payload of ``referralCreate``."""


@strawberry.type(description="The sent referral and its case.")
class ReferralSendPayload(ReferralPayload):
    """Payload of ``referralSend``."""


@strawberry.type(description="The received referral and its case.")
class ReferralReceivePayload(ReferralPayload):
    """Payload of ``referralReceive``."""


@strawberry.type(description="The accepted referral and its case.")
class ReferralAcceptPayload(ReferralPayload):
    """Payload of ``referralAccept``."""


@strawberry.type(description="The declined referral and its case.")
class ReferralDeclinePayload(ReferralPayload):
    """Payload of ``referralDecline``."""


@strawberry.type
class ReferralMutations:
    """Mutations of referrals."""

    @strawberry.mutation(
        description=needs(
            Permission.REFERRAL_SEND,
            "Prepare a referral of a case to a service. Nobody is told before `referralSend`.",
        )
    )
    async def referral_create(
        self, info: Info, given: Annotated[ReferralCreateInput, INPUT]
    ) -> ReferralCreatePayload | None:
        """Prepare a referral."""
        return await submit(info, ReferralCreatePayload, "referralCreate", create_referral, given)

    @strawberry.mutation(
        description=needs(
            Permission.REFERRAL_SEND,
            "Send a prepared referral. In another state: `TRANSITION_BLOCKED`.",
        )
    )
    async def referral_send(
        self, info: Info, given: Annotated[ReferralSendInput, INPUT]
    ) -> ReferralSendPayload | None:
        """Send a referral."""
        return await submit(info, ReferralSendPayload, "referralSend", send_referral, given)

    @strawberry.mutation(
        description=needs(
            Permission.REFERRAL_RECEIVE,
            "Note that the service received a sent referral. "
            "In another state: `TRANSITION_BLOCKED`.",
        )
    )
    async def referral_receive(
        self, info: Info, given: Annotated[ReferralReceiveInput, INPUT]
    ) -> ReferralReceivePayload | None:
        """Note that a referral was received."""
        return await submit(
            info, ReferralReceivePayload, "referralReceive", receive_referral, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.REFERRAL_DECIDE,
            "Note that the service accepted a received referral. "
            "In another state: `TRANSITION_BLOCKED`.",
        )
    )
    async def referral_accept(
        self, info: Info, given: Annotated[ReferralAcceptInput, INPUT]
    ) -> ReferralAcceptPayload | None:
        """Note that a referral was accepted."""
        return await submit(info, ReferralAcceptPayload, "referralAccept", accept_referral, given)

    @strawberry.mutation(
        description=needs(
            Permission.REFERRAL_DECIDE,
            "Note that the service declined a received referral, and why. "
            "In another state: `TRANSITION_BLOCKED`.",
        )
    )
    async def referral_decline(
        self, info: Info, given: Annotated[ReferralDeclineInput, INPUT]
    ) -> ReferralDeclinePayload | None:
        """Note that a referral was declined."""
        return await submit(
            info, ReferralDeclinePayload, "referralDecline", decline_referral, given
        )
