"""Queries about members, invitations and teams."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from cordee_core.database.engine import fetch
from cordee_core.database.lists import RowList
from cordee_core.database.rows import Found, among, find_many
from cordee_core.members.tables import (
    ConductVersion,
    Invitation,
    Member,
    OwnRole,
    Team,
    TeamMember,
    TrainingRequirement,
)


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
        "SELECT 1 FROM core.cases WHERE referent_id = $1"
        " AND stage NOT IN ('closed', 'transferred', 'refused', 'merged') LIMIT 1",
        member,
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


async def requirements_for(subjects: Collection[tuple[str, str]]) -> frozenset[str]:
    """Return the trainings that methods and instruments, by kind and code, ask for."""
    rows = await fetch(
        "SELECT DISTINCT r.training_code FROM core.training_requirements r JOIN"
        " unnest($1::text[], $2::text[]) AS s (subject, code)"
        " ON r.subject = s.subject AND r.subject_code = s.code WHERE r.active",
        [kind for kind, _ in subjects], [code for _, code in subjects],
    )  # fmt: skip
    return frozenset(row["training_code"] for row in rows)


async def trainings_in_force(members: Iterable[UUID], on: date) -> dict[UUID, frozenset[str]]:
    """Return the trainings and qualifications that members hold on a day, by member."""
    rows = await fetch(
        "SELECT member_id, array_agg(DISTINCT code) AS codes FROM core.member_trainings"
        " WHERE member_id = ANY($1::uuid[]) AND obtained_on <= $2"
        " AND (expires_on IS NULL OR expires_on >= $2) GROUP BY member_id",
        list(members), on,
    )  # fmt: skip
    return {row["member_id"]: frozenset(row["codes"]) for row in rows}


async def qualifications_of(members: Iterable[UUID], on: date) -> dict[UUID, list[str]]:
    """Return the titles of the qualifications that members hold on a day, by member."""
    rows = await fetch(
        "SELECT member_id, array_agg(DISTINCT title) AS titles FROM core.member_trainings"
        " WHERE member_id = ANY($1::uuid[]) AND kind = 'qualification' AND obtained_on <= $2"
        " AND (expires_on IS NULL OR expires_on >= $2) GROUP BY member_id",
        list(members), on,
    )  # fmt: skip
    return {row["member_id"]: list(row["titles"]) for row in rows}


async def store_requirement(
    tenant: UUID,
    fresh: UUID,
    subject: tuple[str, str],
    training: str,
    active: bool,
    moment: datetime,
    member: UUID,
) -> UUID:
    """Write whether something asks for a training; return the row's id."""
    rows = await fetch(
        "INSERT INTO core.training_requirements (tenant_id, id, subject, subject_code,"
        " training_code, active, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (tenant_id, subject, subject_code, training_code) DO UPDATE"
        " SET active = $6, changed_at = $7, changed_by = $8,"
        " row_version = core.training_requirements.row_version + 1 RETURNING id",
        tenant, fresh, *subject, training, active, moment, member,
    )  # fmt: skip
    return UUID(str(rows[0]["id"]))


async def conduct_in_force() -> Found | None:
    """Return the code of conduct as it was published last; None where the tenant has none."""
    rows = await ConductVersion.select().order_by(ConductVersion.version, ascending=False).limit(1)
    return dict(rows[0]) if rows else None


async def without_conduct(members: Iterable[UUID], conduct: UUID) -> set[UUID]:
    """Return those members who have not accepted a version of the code of conduct."""
    wanted = list(members)
    rows = await fetch(
        "SELECT member_id FROM core.conduct_acceptances"
        " WHERE conduct_id = $1 AND member_id = ANY($2::uuid[])",
        conduct, wanted,
    )  # fmt: skip
    return set(wanted) - {row["member_id"] for row in rows}


async def own_roles_of(identifiers: Iterable[UUID]) -> list[Found]:
    """Return those roles of the tenant's own."""
    return await find_many(OwnRole, identifiers)


def all_own_roles() -> RowList:
    """Return the roles of the tenant's own, oldest first."""
    return RowList(OwnRole, newest_first=False)


async def other_admins(member: UUID) -> bool:
    """Return whether somebody else, still active, holds the role of admin."""
    rows = await fetch(
        "SELECT 1 FROM core.members WHERE 'admin' = ANY (roles) AND status = 'active'"
        " AND id <> $1 LIMIT 1",
        member,
    )
    return bool(rows)


async def supervises(member: UUID) -> bool:
    """Return whether the member is the named supervisor of somebody active."""
    rows = await fetch(
        "SELECT 1 FROM core.members WHERE supervisor_id = $1 AND status = 'active' LIMIT 1",
        member,
    )
    return bool(rows)


async def has_role_code(code: str) -> bool:
    """Return whether the tenant has a role of its own with that code."""
    return bool(await OwnRole.exists().where(OwnRole.code == code))


def all_requirements() -> RowList:
    """Return the trainings that methods and instruments ask for, in the order they were set."""
    return RowList(TrainingRequirement, newest_first=False)
