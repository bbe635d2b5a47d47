"""Who is asking, the organisation, its members, teams and plugins."""

from contextlib import AbstractAsyncContextManager

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import Found
from cordee_core.errors import UnauthenticatedError
from cordee_core.members.queries import all_members, all_teams
from cordee_core.tenants.queries import plans
from cordee_graphql.context import Info
from cordee_graphql.nodes import load_node
from cordee_graphql.planner.declare import by_id
from cordee_graphql.types.declaring import field, public
from cordee_graphql.types.lists import root_pages
from cordee_graphql.types.member import Member, Team
from cordee_graphql.types.plugin import Plugin, all_plugins
from cordee_graphql.types.tenant import Plan, Tenant, Viewer


@strawberry.type
class ViewerQueries:
    """Root fields about the caller and the organisation."""

    @field
    def viewer(self) -> Viewer:
        """Who is asking."""
        return Viewer()

    @field
    async def tenant(self, info: Info) -> Tenant | None:
        """The organisation in whose name the caller asks."""
        return await load_node(info, Tenant, info.context.operation.scope.tenant)

    members = root_pages(
        "The organisation's members, oldest first. Null with `FORBIDDEN` without `member.read`.",
        Member,
        "members",
        lambda *_: all_members(),
        Permission.MEMBER_READ,
    )
    member = by_id("A member by its id.", Member)
    teams = root_pages(
        "The organisation's teams, oldest first. Null with `FORBIDDEN` without `member.read`.",
        Team,
        "teams",
        lambda *_: all_teams(),
        Permission.MEMBER_READ,
    )

    @field
    async def plugins(self, info: Info) -> list[Plugin]:
        """The plugins of the installation, with what the organisation set."""
        return await all_plugins(info.context.operation)

    @public
    async def plans(self, info: Info) -> list[Plan]:
        """The plans that can be subscribed to, the smallest first. Needs no token."""
        operation, installation = info.context.operation, info.context.installation
        if not operation.anonymous:
            reading: AbstractAsyncContextManager[object] = operation.read()
        elif installation is not None:
            reading = installation.engine.transaction()
        else:
            raise UnauthenticatedError
        rows: list[Found] = []
        async with reading:
            rows = await plans()
        return [Plan.of(row) for row in rows]
