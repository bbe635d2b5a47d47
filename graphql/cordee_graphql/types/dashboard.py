"""The dashboard: counts kept by the writers, so that it costs the same for any caseload."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.tallies import tables
from cordee_core.tallies.queries import tallies
from cordee_graphql.context import Info
from cordee_graphql.enums import ReferralState, Stage
from cordee_graphql.planner.declare import RowSource, column_of, named, tallied
from cordee_graphql.types.declaring import described
from cordee_graphql.types.life_enums import RequestOutcome
from cordee_graphql.types.member import Member

_TALLIES = RowSource(table=tables.Tally)


@described
class StageCount:
    """How many cases stand at a stage."""

    source = _TALLIES
    stage: Stage = column_of("item", "The stage.")
    count: int = column_of("number", "How many cases.")


@described
class ReferentCount:
    """How many open cases a referent leads."""

    source = _TALLIES
    count: int = column_of("number", "How many open cases.")
    row: strawberry.Private[Mapping[str, Any]]
    referent = named("Who leads them.", Member, "item", as_text=True)


@described
class ReferralCount:
    """How many referrals are in a state."""

    source = _TALLIES
    state: ReferralState = column_of("item", "The state.")
    count: int = column_of("number", "How many referrals.")


@described
class RequestCount:
    """How many requests ended in a way that needs no case."""

    source = _TALLIES
    outcome: RequestOutcome = column_of("item", "How they ended.")
    count: int = column_of("number", "How many requests.")


@described
class Dashboard:
    """What the organisation has under way, in numbers without names of persons."""

    cases_by_stage: list[StageCount] = tallied("Cases by stage.", StageCount, "case_stage", Stage)
    cases_by_referent: list[ReferentCount] = tallied(
        "Open cases by referent, the most first.", ReferentCount, "case_referent"
    )
    referrals_by_state: list[ReferralCount] = tallied(
        "Referrals by state.", ReferralCount, "referral_state", ReferralState
    )
    requests_by_outcome: list[RequestCount] = tallied(
        "Requests that needed no case, by how they ended.",
        RequestCount,
        "request_outcome",
        RequestOutcome,
    )


async def dashboard_of(info: Info) -> Dashboard:
    """Return the counts. Raises ForbiddenError without `case.read` for the whole organisation."""
    operation = info.context.operation
    operation.scope.require(Permission.CASE_READ)
    async with operation.read():
        found = await tallies()
    led = sorted(found.get("case_referent", {}).items(), key=lambda one: (-one[1], one[0]))
    stages, states = found.get("case_stage", {}), found.get("referral_state", {})
    requests = found.get("request_outcome", {})
    return Dashboard(
        cases_by_stage=[
            StageCount(stage=one, count=stages[one.value]) for one in Stage if one.value in stages
        ],
        cases_by_referent=[
            ReferentCount(row={"item": UUID(member)}, count=count) for member, count in led
        ],
        referrals_by_state=[
            ReferralCount(state=one, count=states[one.value])
            for one in ReferralState
            if one.value in states
        ],
        requests_by_outcome=[
            RequestCount(outcome=one, count=requests[one.value])
            for one in RequestOutcome
            if one.value in requests
        ],
    )
