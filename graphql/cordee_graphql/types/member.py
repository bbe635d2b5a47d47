"""Members, invitations and teams."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.members.queries import (
    invitations_by_id,
    members_by_id,
    members_of,
    teams_by_id,
)
from cordee_graphql.context import Info
from cordee_graphql.enums import Language, MemberStatus, Role
from cordee_graphql.nodes import Node, load_node
from cordee_graphql.operation import Operation
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.rows import from_row

if TYPE_CHECKING:
    from cordee_graphql.types.person import Person


@described
class Member(Node):
    """An account's place in one organisation, with roles."""

    display_name: str = strawberry.field(description="The name that others see.")
    roles: list[Role] = strawberry.field(description="The roles held.")
    status: MemberStatus = strawberry.field(description="Whether the member still belongs to it.")
    language: Language | None = strawberry.field(
        description="The language chosen; null where it is the organisation's."
    )
    created_at: datetime = strawberry.field(description="Since when.")
    row_version: int = strawberry.field(description="Raised by each change.")
    address: strawberry.Private[str]
    person_id: strawberry.Private[UUID | None]

    @field
    def email(self, info: Info) -> str | None:
        """The address; null but for the member itself and with the permission `member.manage`."""
        scope = info.context.operation.scope
        own = scope.member is not None and scope.member.id == self.uuid
        return self.address if own or Permission.MEMBER_MANAGE in scope.permissions else None

    @field
    async def person(
        self, info: Info
    ) -> Annotated["Person", strawberry.lazy("cordee_graphql.types.person")] | None:
        """The person whose own access this is; null for everybody else. Needs `person.read`."""
        from cordee_graphql.types.person import Person

        return await load_node(info, Person, self.person_id)

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Member"]:
        """Return the members of the organisation; everybody may read itself."""
        scope = operation.scope
        if set(uuids) != {scope.member.id if scope.member else None}:
            scope.require(Permission.MEMBER_READ)
        return await _members(operation, uuids)


@described
class Invitation(Node):
    """An offer of membership. Its code was shown once and is kept as a hash."""

    email: str = strawberry.field(description="Who is invited.")
    display_name: str = strawberry.field(description="The name that others will see.")
    roles: list[Role] = strawberry.field(description="The roles offered.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="Until when the code holds.")
    accepted_at: datetime | None = strawberry.field(description="When it was accepted.")
    member_id: strawberry.Private[UUID | None]

    @field
    async def member(self, info: Info) -> Member | None:
        """Who accepted it."""
        return await load_node(info, Member, self.member_id)

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Invitation"]:
        """Return the invitations; needs `member.manage`."""
        operation.scope.require(Permission.MEMBER_MANAGE)
        async with operation.read():
            rows = await invitations_by_id(uuids)
        return {row["id"]: from_row(cls, row) for row in rows}


@described
class Team(Node):
    """Members who share a caseload."""

    name: str = strawberry.field(description="Its name.")
    created_at: datetime = strawberry.field(description="When it was made.")
    row_version: int = strawberry.field(description="Raised by each change.")

    @field
    async def members(self, info: Info) -> list[Member] | None:
        """Who belongs to it, in the order of joining.

        Null with `FORBIDDEN` without `member.read`.
        """
        operation = info.context.operation
        operation.scope.require(Permission.MEMBER_READ)
        uuids = await operation.loader("members_of_team", _teams_members).load(self.uuid)
        found = await operation.loader("member_named", _members).load_many(uuids or [])
        return [one for one in found if one is not None]

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Team"]:
        """Return the teams; needs `member.read`."""
        operation.scope.require(Permission.MEMBER_READ)
        return await _teams(operation, uuids)


async def member_named(info: Info, uuid: UUID | None) -> Member | None:
    """Return the member whom a record names. Who may read the record may know who that is."""
    if uuid is None:
        return None
    found: Member | None = await info.context.operation.loader("member_named", _members).load(uuid)
    return found


async def team_named(info: Info, uuid: UUID | None) -> Team | None:
    """Return the team that a record names. Who may read the record may know which that is."""
    if uuid is None:
        return None
    found: Team | None = await info.context.operation.loader("team_named", _teams).load(uuid)
    return found


def member_of(row: Mapping[str, object]) -> Member:
    """Return the member in a row."""
    return from_row(Member, row, address=row["email"])


async def _members(operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, Member]:
    async with operation.read():
        return {row["id"]: member_of(row) for row in await members_by_id(uuids)}


async def _teams(operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, Team]:
    async with operation.read():
        return {row["id"]: from_row(Team, row) for row in await teams_by_id(uuids)}


async def _teams_members(operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, list[UUID]]:
    async with operation.read():
        return await members_of(uuids)
