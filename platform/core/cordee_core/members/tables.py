"""Tables of members."""

from piccolo.columns import UUID, Array, BigInt, Text, Timestamptz

from cordee_core.database.tables import TenantKeyedTable, TenantTable


class Member(TenantTable, tablename="members"):
    """An account's place in one tenant, with roles."""

    account_id = UUID(default=None)
    display_name = Text(default=None)
    email = Text(default=None)
    roles = Array(base_column=Text(), default=list)
    person_id = UUID(default=None, null=True)
    language = Text(default=None, null=True)
    status = Text(default=None)
    created_at = Timestamptz(default=None)
    row_version = BigInt(default=1)


class Invitation(TenantTable, tablename="invitations"):
    """An offer of membership; its code is kept as a hash elsewhere."""

    email = Text(default=None)
    display_name = Text(default=None)
    roles = Array(base_column=Text(), default=list)
    person_id = UUID(default=None, null=True)
    expires_at = Timestamptz(default=None)
    accepted_at = Timestamptz(default=None, null=True)
    member_id = UUID(default=None, null=True)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)


class Team(TenantTable, tablename="teams"):
    """Members who share a caseload."""

    name = Text(default=None)
    created_at = Timestamptz(default=None)
    row_version = BigInt(default=1)


class TeamMember(TenantKeyedTable, tablename="team_members", rights="SELECT, INSERT, DELETE"):
    """A member of a team."""

    team_id = UUID(default=None)
    member_id = UUID(default=None)
    joined_at = Timestamptz(default=None)
