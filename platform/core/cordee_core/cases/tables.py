"""Tables of cases."""

from piccolo.columns import JSONB, UUID, BigInt, Date, Integer, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class Case(TenantTable, tablename="cases"):
    """One person's support in one programme, under one model."""

    number = Text(default=None)
    person_id = UUID(default=None)
    programme_id = UUID(default=None)
    programme_version_id = UUID(default=None)
    model_version_id = UUID(default=None)
    team_id = UUID(default=None, null=True)
    stage = Text(default=None)
    referent_id = UUID(default=None, null=True)
    request_source = Text(default=None)
    request_detail = Text(default=None, null=True)
    requested_on = Date(default=None)
    opened_at = Timestamptz(default=None)
    opened_by = UUID(default=None)
    timeline_seq = BigInt(default=0)
    row_version = BigInt(default=1)


class Designation(TenantTable, tablename="designations"):
    """A member who is or was the referent of a case."""

    case_id = UUID(default=None)
    member_id = UUID(default=None)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None, null=True)
    reason = Text(default=None, null=True)
    designated_by = UUID(default=None)


class SelectionDecision(TenantTable, tablename="selection_decisions", rights="SELECT, INSERT"):
    """Whether a person was admitted to a programme, on which facts."""

    case_id = UUID(default=None)
    criteria_code = Text(default=None)
    criteria_version = Integer(default=None)
    evaluated_on = Date(default=None)
    facts = JSONB(default=None)
    outcome = Text(default=None)
    result = JSONB(default=None)
    decision = Text(default=None)
    reason = Text(default=None)
    appeal_route = Text(default=None, null=True)
    onward_referral = Text(default=None, null=True)
    decided_by = UUID(default=None)
    decided_at = Timestamptz(default=None)


class TimelineEntry(TenantTable, tablename="timeline_entries", rights="SELECT, INSERT"):
    """One thing that happened in a case."""

    case_id = UUID(default=None)
    seq = BigInt(default=None)
    kind = Text(default=None)
    at = Timestamptz(default=None)
    member_id = UUID(default=None, null=True)
    plugin = Text(default=None, null=True)
    params = JSONB(default=None)
    label = JSONB(default=None, null=True)
