"""Referrals: requests to a service, followed to their end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.database.rows import Found
from cordee_core.referrals.queries import events_of, referrals_by_id
from cordee_graphql.context import Info
from cordee_graphql.enums import ReferralState
from cordee_graphql.nodes import Node, load_node
from cordee_graphql.operation import Operation
from cordee_graphql.types.below import BelowCase, rows_below
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.member import Member, member_named
from cordee_graphql.types.rows import from_row
from cordee_graphql.types.service import Service


@described
class ReferralEvent:
    """One change of state of a referral."""

    from_state: ReferralState | None = strawberry.field(description="The state before.")
    to_state: ReferralState = strawberry.field(description="The state after.")
    at: datetime = strawberry.field(description="When.")
    reason: str | None = strawberry.field(description="Why.")
    member_id: strawberry.Private[UUID]

    @field
    async def member(self, info: Info) -> Member | None:
        """Who changed it."""
        return await member_named(info, self.member_id)


@described
class Referral(BelowCase, Node):
    """A request to a service."""

    state: ReferralState = strawberry.field(description="Where it stands.")
    reason: str = strawberry.field(description="What is asked of the service.")
    decline_reason: str | None = strawberry.field(description="Why the service declined.")
    created_at: datetime = strawberry.field(description="When it was prepared.")
    row_version: int = strawberry.field(description="Raised by each change.")
    service_id: strawberry.Private[UUID]
    author_id: strawberry.Private[UUID]

    @field
    async def service(self, info: Info) -> Service | None:
        """The service that is asked."""
        return await load_node(info, Service, self.service_id)

    @field
    async def events(self, info: Info) -> list[ReferralEvent]:
        """Its changes of state, oldest first."""
        loader = info.context.operation.loader("events_of_referral", _events)
        return [from_row(ReferralEvent, row) for row in await loader.load(self.uuid) or []]

    @field
    async def created_by(self, info: Info) -> Member | None:
        """Who prepared it."""
        return await member_named(info, self.author_id)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Referral":
        """Return the referral in a row."""
        return from_row(cls, row, author_id=row["created_by"])

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Referral"]:
        """Return the referrals of cases that the caller may read."""
        rows = await rows_below(operation, uuids, referrals_by_id)
        return {row["id"]: cls.of(row) for row in rows}


async def _events(operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, list[Found]]:
    async with operation.read():
        return await events_of(uuids)
