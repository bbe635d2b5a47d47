"""Tables of members."""

from piccolo.columns import JSONB, UUID, Array, BigInt, Boolean, Date, Integer, Text, Timestamptz

from cordee_core.database.tables import TenantKeyedTable, TenantTable


class Member(TenantTable, tablename="members"):
    """An account's place in one tenant, with roles."""

    account_id = UUID(default=None)
    display_name = Text(default=None)
    email = Text(default=None)
    roles = Array(base_column=Text(), default=list)
    own_roles = Array(base_column=UUID(), default=list)
    person_id = UUID(default=None, null=True)
    supervisor_id = UUID(default=None, null=True)
    languages = Array(base_column=Text(), default=list)
    language = Text(default=None, null=True)
    status = Text(default=None)
    created_at = Timestamptz(default=None)
    row_version = BigInt(default=1)


class Invitation(TenantTable, tablename="invitations"):
    """An offer of membership; its code is kept as a hash elsewhere."""

    email = Text(default=None)
    display_name = Text(default=None)
    roles = Array(base_column=Text(), default=list)
    own_roles = Array(base_column=UUID(), default=list)
    person_id = UUID(default=None, null=True)
    supervisor_id = UUID(default=None, null=True)
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


class OwnRole(TenantTable, tablename="roles"):
    """A role of the tenant's own: a copy of a shipped one, with what it grants and how far."""

    code = Text(default=None)
    title = JSONB(default=None)
    based_on = Text(default=None)
    grants = JSONB(default=None)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    changed_at = Timestamptz(default=None)
    row_version = BigInt(default=1)


class Training(TenantTable, tablename="member_trainings", rights="SELECT, INSERT"):
    """A training or qualification that a member proved, with its expiry."""

    member_id = UUID(default=None)
    kind = Text(default=None)
    code = Text(default=None)
    title = Text(default=None)
    obtained_on = Date(default=None)
    expires_on = Date(default=None, null=True)
    recorded_at = Timestamptz(default=None)
    recorded_by = UUID(default=None)


class TrainingRequirement(TenantTable, tablename="training_requirements"):
    """A training that a method or an instrument asks of whoever works with it."""

    subject = Text(default=None)
    subject_code = Text(default=None)
    training_code = Text(default=None)
    active = Boolean(default=True)
    changed_at = Timestamptz(default=None)
    changed_by = UUID(default=None)
    row_version = BigInt(default=1)


class ConductVersion(TenantTable, tablename="conduct_versions", rights="SELECT, INSERT"):
    """The code of conduct as it was published."""

    version = Integer(default=None)
    text = JSONB(default=None)
    published_at = Timestamptz(default=None)
    published_by = UUID(default=None)


class ConductAcceptance(TenantTable, tablename="conduct_acceptances", rights="SELECT, INSERT"):
    """A member accepted a version of the code of conduct."""

    conduct_id = UUID(default=None)
    member_id = UUID(default=None)
    accepted_at = Timestamptz(default=None)
