"""The dashboard of the organisation."""

import strawberry

from cordee_core.access.permissions import Permission
from cordee_graphql.planner.declare import root_tallies
from cordee_graphql.types.dashboard import Dashboard, dashboard_of


@strawberry.type
class DashboardQueries:
    """Root field of counts."""

    dashboard = root_tallies(
        "What is under way, counted. Null with `FORBIDDEN` without `case.read` for all cases.",
        Dashboard,
        dashboard_of,
        Permission.CASE_READ,
    )
