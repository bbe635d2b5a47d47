"""The dashboard of the organisation."""

import strawberry

from cordee_graphql.context import Info
from cordee_graphql.types.dashboard import Dashboard, dashboard_of
from cordee_graphql.types.declaring import field


@strawberry.type
class DashboardQueries:
    """Root field of counts."""

    @field
    async def dashboard(self, info: Info) -> Dashboard | None:
        """What is under way, counted. Null with `FORBIDDEN` without `case.read` for all cases."""
        return await dashboard_of(info)
