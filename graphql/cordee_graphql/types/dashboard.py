"""The dashboard: counts kept by the writers, so that it costs the same for any caseload."""

from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.tallies.queries import tallies
from cordee_graphql.context import Info
from cordee_graphql.enums import ReferralState, Stage
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.member import Member, member_named


@described
class StageCount:
    """How many cases stand at a stage."""

    stage: Stage = strawberry.field(description="The stage.")
    count: int = strawberry.field(description="How many cases.")


@described
class ReferentCount:
    """How many open cases a referent leads."""

    count: int = strawberry.field(description="How many open cases.")
    member_id: strawberry.Private[UUID]

    @field
    async def referent(self, info: Info) -> Member | None:
        """Who leads them."""
        return await member_named(info, self.member_id)


@described
class ReferralCount:
    """How many referrals are in a state."""

    state: ReferralState = strawberry.field(description="The state.")
    count: int = strawberry.field(description="How many referrals.")


@described
class Dashboard:
    """What the organisation has under way, in numbers without names of persons."""

    cases_by_stage: list[StageCount] = strawberry.field(description="Cases by stage.")
    cases_by_referent: list[ReferentCount] = strawberry.field(
        description="Open cases by referent, the most first."
    )
    referrals_by_state: list[ReferralCount] = strawberry.field(description="Referrals by state.")


async def dashboard_of(info: Info) -> Dashboard:
    """Return the counts. Raises ForbiddenError without `case.read` for the whole organisation."""
    operation = info.context.operation
    operation.scope.require(Permission.CASE_READ)
    async with operation.read():
        found = await tallies()
    led = sorted(found.get("case_referent", {}).items(), key=lambda one: (-one[1], one[0]))
    stages, states = found.get("case_stage", {}), found.get("referral_state", {})
    return Dashboard(
        cases_by_stage=[
            StageCount(stage=one, count=stages[one.value]) for one in Stage if one.value in stages
        ],
        cases_by_referent=[
            ReferentCount(member_id=UUID(member), count=count) for member, count in led
        ],
        referrals_by_state=[
            ReferralCount(state=one, count=states[one.value])
            for one in ReferralState
            if one.value in states
        ],
    )
