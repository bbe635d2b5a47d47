# mypy: disable-error-code="untyped-decorator"
"""Teams: members who share a caseload."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.members.create_team import JoinDraft, TeamDraft, add_team_member, create_team
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.member import Team


@strawberry.input(description="A new team.")
class TeamCreateInput:
    """A name and the first members."""

    name: str = strawberry.field(description="Its name, unique in the organisation.")
    member_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Its first members."
    )

    def draft(self) -> TeamDraft:
        """Return what the use case takes."""
        members = tuple(
            uuid_of(one, "Member", "input", "memberIds", place)
            for place, one in enumerate(self.member_ids)
        )
        return TeamDraft(name=self.name, members=members)


@strawberry.input(description="A member who joins a team.")
class TeamMemberAddInput:
    """A team and a member."""

    team_id: strawberry.ID = strawberry.field(description="The team.")
    member_id: strawberry.ID = strawberry.field(description="The member; joining twice is once.")

    def draft(self) -> JoinDraft:
        """Return what the use case takes."""
        return JoinDraft(
            team=uuid_of(self.team_id, "Team", "input", "teamId"),
            member=uuid_of(self.member_id, "Member", "input", "memberId"),
        )


@strawberry.type
class TeamPayload(Payload):
    """Base of payloads about a team."""

    @strawberry.field(description="The team.")
    async def team(self, info: Info) -> Team | None:
        """Return the team."""
        return await load_node(info, Team, self.changed.get("team"))


@strawberry.type(description="The new team.")
class TeamCreatePayload(TeamPayload):
    """Payload of ``teamCreate``."""


@strawberry.type(description="The team with its new member.")
class TeamMemberAddPayload(TeamPayload):
    """Payload of ``teamMemberAdd``."""


@strawberry.type
class TeamMutations:
    """Mutations of teams."""

    @strawberry.mutation(description=needs(Permission.MEMBER_MANAGE, "Make a team."))
    async def team_create(
        self, info: Info, given: Annotated[TeamCreateInput, INPUT]
    ) -> TeamCreatePayload | None:
        """Make a team."""
        return await submit(info, TeamCreatePayload, "teamCreate", create_team, given)

    @strawberry.mutation(description=needs(Permission.MEMBER_MANAGE, "Put a member into a team."))
    async def team_member_add(
        self, info: Info, given: Annotated[TeamMemberAddInput, INPUT]
    ) -> TeamMemberAddPayload | None:
        """Put a member into a team."""
        return await submit(info, TeamMemberAddPayload, "teamMemberAdd", add_team_member, given)
