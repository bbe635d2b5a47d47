"""Referrals: requests to a service, followed to their end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.referrals import tables
from cordee_core.referrals.queries import referrals_by_id
from cordee_graphql.enums import ReferralState
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import RowSource, column, many, named, one
from cordee_graphql.types.below import BelowCase, rows_below
from cordee_graphql.types.declaring import described
from cordee_graphql.types.member import Member
from cordee_graphql.types.rows import from_row
from cordee_graphql.types.service import Service


@described
class ReferralEvent:
    """One change of state of a referral."""

    source = RowSource(table=tables.ReferralEvent)

    from_state: ReferralState | None = column("The state before.")
    to_state: ReferralState = column("The state after.")
    at: datetime = column("When.")
    reason: str | None = column("Why.")
    row: strawberry.Private[Mapping[str, Any]]

    member = named("Who changed it.", Member, "member_id")


@described
class Referral(BelowCase, Node):
    """A request to a service."""

    source = RowSource(table=tables.Referral, needs=Permission.CASE_READ, below=True)

    state: ReferralState = column("Where it stands.")
    reason: str = column("What is asked of the service.")
    decline_reason: str | None = column("Why the service declined.")
    created_at: datetime = column("When it was prepared.")
    row_version: int = column("Raised by each change.")

    service = one("The service that is asked.", Service, "service_id")

    events = many("Its changes of state, oldest first.", ReferralEvent, "referral_id")
    created_by = named("Who prepared it.", Member, "created_by")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Referral":
        """Return the referral in a row."""
        return from_row(cls, row)

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Referral"]:
        """Return the referrals of cases that the caller may read."""
        rows = await rows_below(operation, uuids, referrals_by_id)
        return {row["id"]: cls.of(row) for row in rows}
