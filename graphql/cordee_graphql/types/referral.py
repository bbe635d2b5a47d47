"""Referrals: requests to a service, followed to their end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.referrals import tables
from cordee_graphql.enums import ReferralState
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, many, named, one
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described
from cordee_graphql.types.member import Member
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

    service = one("The service that is asked.", Service, "service_id", few=True)

    events = many("Its changes of state, oldest first.", ReferralEvent, "referral_id")
    created_by = named("Who prepared it.", Member, "created_by")
