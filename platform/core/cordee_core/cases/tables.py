"""Tables of cases."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Date, Integer, Text, Timestamptz

from cordee_core.database.tables import PersonalTable, TenantTable


class Case(PersonalTable, tablename="cases"):
    """The support of a person, a household or a group in one programme, under one model."""

    number = Text(default=None)
    subject_kind = Text(default="person")
    person_id = UUID(default=None, null=True)
    protected = Boolean(default=False)
    household_id = UUID(default=None, null=True)
    group_label = Text(default=None, null=True)
    group_size = Integer(default=None, null=True)
    programme_id = UUID(default=None)
    programme_version_id = UUID(default=None)
    model_version_id = UUID(default=None)
    team_id = UUID(default=None, null=True)
    stage = Text(default=None)
    stage_number = Integer(default=1)
    stage_since = Timestamptz(default=None, null=True)
    held_from = Text(default=None, null=True)
    reopened_at = Timestamptz(default=None, null=True)
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
    reads_until = Timestamptz(default=None, null=True)
    reason = Text(default=None, null=True)
    note = Text(default=None, null=True)
    conflict_answer = Text(default="not_asked")
    acknowledged_at = Timestamptz(default=None, null=True)
    designated_by = UUID(default=None)


class SelectionDecision(TenantTable, tablename="selection_decisions", rights="SELECT, INSERT"):
    """Whether a person was admitted to a programme, on which facts."""

    case_id = UUID(default=None)
    profile = Text(default=None)
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
    onward_none = Boolean(default=False)
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


class StageChange(TenantTable, tablename="stage_changes", rights="SELECT, INSERT"):
    """One change of a case's stage; the first is its opening."""

    case_id = UUID(default=None)
    number = Integer(default=None)
    from_stage = Text(default=None, null=True)
    to_stage = Text(default=None)
    at = Timestamptz(default=None)
    member_id = UUID(default=None, null=True)
    reason = Text(default=None, null=True)
    interruption_id = UUID(default=None, null=True)


class CasePerson(PersonalTable, tablename="case_persons"):
    """Somebody whom the case of a household is about."""

    case_id = UUID(default=None)
    person_id = UUID(default=None)
    protected = Boolean(default=False)
    joined_on = Date(default=None)
    left_on = Date(default=None, null=True)
    added_by = UUID(default=None)


class Closure(TenantTable, tablename="closures", rights="SELECT, INSERT"):
    """How a case ended: why, who looks after the person, until when the record is kept."""

    case_id = UUID(default=None)
    number = Integer(default=None)
    vocabulary = Text(default=None)
    reason_code = Text(default=None)
    reason = JSONB(default=None)
    note = Text(default=None, null=True)
    after_care_on = Date(default=None)
    retain_until = Date(default=None)
    closed_at = Timestamptz(default=None)
    closed_by = UUID(default=None)


class Merger(TenantTable, tablename="mergers", rights="SELECT, INSERT"):
    """A case that goes on in another one of the same person."""

    case_id = UUID(default=None)
    into_id = UUID(default=None)
    reason = Text(default=None)
    manifest = JSONB(default=None)
    merged_at = Timestamptz(default=None)
    merged_by = UUID(default=None)


class Transfer(TenantTable, tablename="transfers"):
    """A request that a case goes on elsewhere in the organisation, with both approvals."""

    case_id = UUID(default=None)
    programme_id = UUID(default=None)
    model_id = UUID(default=None, null=True)
    team_id = UUID(default=None, null=True)
    referent_id = UUID(default=None)
    reason = Text(default=None)
    manifest = JSONB(default=None)
    state = Text(default=None)
    requested_by = UUID(default=None)
    requested_at = Timestamptz(default=None)
    giver_id = UUID(default=None, null=True)
    given_at = Timestamptz(default=None, null=True)
    receiver_id = UUID(default=None, null=True)
    received_at = Timestamptz(default=None, null=True)
    answer = Text(default=None, null=True)
    new_case_id = UUID(default=None, null=True)
    settled_at = Timestamptz(default=None, null=True)
    row_version = BigInt(default=1)


class Interruption(TenantTable, tablename="interruptions", rights="SELECT, INSERT"):
    """One act that put many cases on hold, or moved them, and those that it did not reach."""

    number = Text(default=None)
    stage = Text(default=None)
    reason = Text(default=None)
    reached = Integer(default=None)
    not_reached = JSONB(default=None)
    acted_at = Timestamptz(default=None)
    acted_by = UUID(default=None)


class Request(PersonalTable, tablename="requests", rights="SELECT, INSERT"):
    """A request that ended as information or orientation: no case came of it."""

    number = Text(default=None)
    outcome = Text(default=None)
    request_source = Text(default=None)
    person_id = UUID(default=None, null=True)
    protected = Boolean(default=False)
    topic = Text(default=None)
    answer = Text(default=None)
    received_on = Date(default=None)
    recorded_at = Timestamptz(default=None)
    recorded_by = UUID(default=None)
