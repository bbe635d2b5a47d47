"""Teams: members who share a caseload."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.members.queries import join_team
from cordee_core.members.tables import Member, Team
from cordee_core.validation import need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamDraft:
    """A team's name and its first members."""

    name: str
    members: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinDraft:
    """A member who joins a team."""

    team: UUID
    member: UUID


async def create_team(uow: UnitOfWork, draft: TeamDraft) -> Changed:
    """Make a team of the given members.

    Raises:
        InvalidInputError: the tenant has a team of that name.
        NotFoundError: a member is not one of the tenant's.
    """
    scope = uow.scope
    scope.require(Permission.MEMBER_MANAGE)
    name = need_text(draft.name, "input", "name")
    if await Team.exists().where(Team.name == name):
        raise problem(("input", "name"), "a team has this name", "une équipe porte déjà ce nom")
    team = scope.new_id()
    await insert(Team(tenant_id=scope.tenant, id=team, name=name, created_at=scope.clock()))
    for member in draft.members:
        await find(Member, member)
        await join_team(scope.tenant, team, member, scope.clock())
    uow.touched("Team", team)
    return {"team": team}


async def add_team_member(uow: UnitOfWork, draft: JoinDraft) -> Changed:
    """Put a member into a team. Raises NotFoundError."""
    scope = uow.scope
    scope.require(Permission.MEMBER_MANAGE)
    await find(Team, draft.team)
    await find(Member, draft.member)
    await join_team(scope.tenant, draft.team, draft.member, scope.clock())
    uow.touched("Team", draft.team, fields=("members",))
    return {"team": draft.team}
