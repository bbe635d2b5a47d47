"""Queries about members, invitations and teams."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from cordee_core.database.engine import fetch
from cordee_core.database.lists import RowList
from cordee_core.database.rows import Found, among
from cordee_core.members.tables import Invitation, Member, Team, TeamMember


async def seats_taken(moment: datetime) -> int:
    """Return how many members are active and how many invitations still hold, together."""
    members = await Member.count().where(Member.status == "active")
    waiting = await Invitation.count().where(
        (Invitation.expires_at > moment) & Invitation.accepted_at.is_null()
    )
    return int(members) + int(waiting)


async def member_of_account(account: UUID) -> Found | None:
    """Return the tenant's member with that account, whatever its status."""
    rows = await Member.select().where(Member.account_id == account)
    return rows[0] if rows else None


async def leads_cases(member: UUID) -> bool:
    """Return whether the member is the active referent of an open case."""
    rows = await fetch(
        "SELECT 1 FROM core.cases WHERE referent_id = $1 AND stage <> 'refused' LIMIT 1", member
    )
    return bool(rows)


async def members_of(teams: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Return the members of several teams, by team."""
    wanted = list(teams)
    found: dict[UUID, list[UUID]] = {team: [] for team in wanted}
    columns = (TeamMember.team_id, TeamMember.member_id)
    query = TeamMember.select(*columns).where(among(TeamMember.team_id, wanted))
    for row in await query.order_by(TeamMember.joined_at):
        found[row["team_id"]].append(row["member_id"])
    return found


async def join_team(tenant: UUID, team: UUID, member: UUID, moment: datetime) -> None:
    """Put a member into a team; twice is once."""
    await fetch(
        "INSERT INTO core.team_members (tenant_id, team_id, member_id, joined_at)"
        " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        tenant, team, member, moment,
    )  # fmt: skip


async def first_of_role(role: str) -> UUID | None:
    """Return the active member who has held a role longest."""
    rows = await fetch(
        "SELECT id FROM core.members WHERE $1 = ANY (roles) AND status = 'active'"
        " ORDER BY id LIMIT 1",
        role,
    )
    return rows[0]["id"] if rows else None


def all_members() -> RowList:
    """Return the tenant's members, those who left too, oldest first."""
    return RowList(Member, newest_first=False)


def all_teams() -> RowList:
    """Return the tenant's teams, oldest first."""
    return RowList(Team, newest_first=False)
