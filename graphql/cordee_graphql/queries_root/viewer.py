"""Who is asking, the organisation, its members, teams and plugins."""

from contextlib import AbstractAsyncContextManager

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import Found
from cordee_core.errors import UnauthenticatedError
from cordee_core.members.queries import all_members, all_teams
from cordee_core.tenants.queries import plans
from cordee_graphql.connection import After, Before, Connection, First, Last, connect
from cordee_graphql.context import Info
from cordee_graphql.nodes import Gid, find_node, load_node
from cordee_graphql.types.declaring import field, public
from cordee_graphql.types.lists import listing
from cordee_graphql.types.member import Member, Team, member_of
from cordee_graphql.types.plugin import Plugin, all_plugins
from cordee_graphql.types.rows import from_row
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

    @field
    async def members(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Member] | None:
        """The organisation's members, oldest first.

        Null with `FORBIDDEN` without `member.read`.
        """
        info.context.operation.scope.require(Permission.MEMBER_READ)
        rows = listing("members", all_members())
        return await connect(
            info, rows, member_of, first=first, after=after, last=last, before=before
        )

    @field
    async def member(self, info: Info, id: Gid) -> Member | None:  # noqa: A002 -- the name in the API
        """A member by its id.

        Null with `NOT_FOUND` where there is none that the caller may see.
        """
        return await find_node(info, Member, id)

    @field
    async def teams(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Team] | None:
        """The organisation's teams, oldest first.

        Null with `FORBIDDEN` without `member.read`.
        """
        info.context.operation.scope.require(Permission.MEMBER_READ)
        rows = listing("teams", all_teams())

        def team(row: dict[str, object]) -> Team:
            return from_row(Team, row)

        return await connect(info, rows, team, first=first, after=after, last=last, before=before)

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
