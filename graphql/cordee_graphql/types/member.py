"""Members, invitations and teams."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.members import tables
from cordee_core.members.queries import (
    members_of,
)
from cordee_graphql.context import Info
from cordee_graphql.enums import Language, MemberStatus, Role
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import RowSource, column, expression, linked, many, one
from cordee_graphql.planner.loading import load_named, load_rows, named_rows
from cordee_graphql.planner.written import own_or
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.staff import OwnRole


def _email(self: "Member", info: Info) -> str | None:
    scope = info.context.operation.scope
    own = scope.member is not None and scope.member.id == self.uuid
    address: str = self.row["email"]
    return address if own or Permission.MEMBER_MANAGE in scope.permissions else None


@described
class Member(Node):
    """An account's place in one organisation, with roles."""

    source = RowSource(table=tables.Member, needs=Permission.MEMBER_READ)

    display_name: str = column("The name that others see.")
    roles: list[Role] = column("The shipped roles held.")
    languages: list[str] = column("Languages that the member speaks (ISO 639), the best first.")
    status: MemberStatus = column("Whether the member still belongs to it.")
    language: Language | None = column("The language chosen; null where it is the organisation's.")
    created_at: datetime = column("Since when.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]

    email = expression(
        "The address; null but for the member itself and with the permission `member.manage`.",
        _email,
        own_or("email", Permission.MEMBER_MANAGE),
    )

    person = one(
        "The person whose own access this is; null for everybody else. Needs `person.read`.",
        "cordee_graphql.types.person:Person",
        "person_id",
    )

    supervisor = one(
        "The named supervisor. Null with `FORBIDDEN` without `member.read`.",
        "cordee_graphql.types.member:Member",
        "supervisor_id",
    )
    trainings = many(
        "Trainings and qualifications with their expiry, as they were recorded.",
        "cordee_graphql.types.staff:Training",
        "member_id",
    )

    @field
    async def own_roles(self, info: Info) -> list[OwnRole]:
        """The roles of the organisation's own that are held."""
        own = [await load_named(info, OwnRole, one) for one in self.row["own_roles"]]
        return [one for one in own if one is not None]

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Member"]:
        """Return the members of the organisation; everybody may read itself."""
        member = operation.scope.member
        if member is None or set(uuids) != {member.id}:
            return await load_rows(cls, operation, uuids)
        found = await operation.loader(*named_rows(cls)).load(member.id)
        return {} if found is None else {member.id: found}


@described
class Invitation(Node):
    """An offer of membership. Its code was shown once and is kept as a hash."""

    source = RowSource(table=tables.Invitation, needs=Permission.MEMBER_MANAGE)

    email: str = column("Who is invited.")
    display_name: str = column("The name that others will see.")
    roles: list[Role] = column("The roles offered.")
    created_at: datetime = column("When it was made.")
    expires_at: datetime = column("Until when the code holds.")
    accepted_at: datetime | None = column("When it was accepted.")
    row: strawberry.Private[Mapping[str, Any]]

    member = one("Who accepted it.", Member, "member_id")


@described
class Team(Node):
    """Members who share a caseload."""

    source = RowSource(table=tables.Team, needs=Permission.MEMBER_READ)

    name: str = column("Its name.")
    created_at: datetime = column("When it was made.")
    row_version: int = column("Raised by each change.")

    @linked(Member, tables.TeamMember, "team_id", "member_id", "joined_at", Permission.MEMBER_READ)
    async def members(self, info: Info) -> list[Member] | None:
        """Who belongs to it, in the order of joining.

        Null with `FORBIDDEN` without `member.read`.
        """
        operation = info.context.operation
        operation.scope.require(Permission.MEMBER_READ)
        uuids = await operation.loader("members_of_team", _teams_members).load(self.uuid)
        found = await asyncio.gather(*(load_named(info, Member, one) for one in uuids or []))
        return [one for one in found if one is not None]


async def member_named(info: Info, uuid: UUID | None) -> Member | None:
    """Return the member whom a record names. Who may read the record may know who that is."""
    found: Member | None = await load_named(info, Member, uuid)
    return found


async def _teams_members(operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, list[UUID]]:
    async with operation.read():
        return await members_of(uuids)
