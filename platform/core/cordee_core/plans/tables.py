"""Tables of plans."""

from piccolo.columns import (
    JSONB,
    UUID,
    BigInt,
    Boolean,
    Date,
    Integer,
    SmallInt,
    Text,
    Timestamptz,
)

from cordee_core.database.tables import TenantTable


class CasePlan(TenantTable, tablename="case_plans"):
    """One version of a person's plan in a case; the highest version is the current one."""

    case_id = UUID(default=None)
    person_id = UUID(default=None, null=True)
    version = Integer(default=None)
    status = Text(default=None)
    sections = JSONB(default=None)
    revision_trigger = Text(default=None, null=True)
    author_id = UUID(default=None)
    created_at = Timestamptz(default=None)
    agreed_at = Timestamptz(default=None, null=True)
    approved_at = Timestamptz(default=None, null=True)
    approved_by = UUID(default=None, null=True)
    approval_note = Text(default=None, null=True)
    waived_at = Timestamptz(default=None, null=True)
    waived_by = UUID(default=None, null=True)
    waiver_reason = Text(default=None, null=True)
    row_version = BigInt(default=1)


class PlanGoal(TenantTable, tablename="plan_goals"):
    """What the person wants to reach; `origin_id` is the same goal in the first version."""

    plan_id = UUID(default=None)
    case_id = UUID(default=None)
    origin_id = UUID(default=None)
    words = Text(default=None)
    wording = Text(default=None)
    objective_code = Text(default=None)
    baseline = Text(default=None, null=True)
    target = Text(default=None, null=True)
    indicator = Text(default=None, null=True)
    target_date = Date(default=None, null=True)
    section = Text(default=None, null=True)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    row_version = BigInt(default=1)


class PlanNeed(TenantTable, tablename="plan_needs", rights="SELECT, INSERT"):
    """A need that a goal answers or a strength it uses; without a goal, left out with a reason."""

    plan_id = UUID(default=None)
    case_id = UUID(default=None)
    goal_id = UUID(default=None, null=True)
    need_id = UUID(default=None)
    reason = Text(default=None, null=True)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)


class PlanAction(TenantTable, tablename="plan_actions"):
    """Who does what by when, by which method, for which goal."""

    plan_id = UUID(default=None)
    case_id = UUID(default=None)
    goal_id = UUID(default=None, null=True)
    description = Text(default=None)
    responsible = Text(default=None, null=True)
    member_id = UUID(default=None, null=True)
    responsible_name = Text(default=None, null=True)
    due_on = Date(default=None, null=True)
    method_code = Text(default=None, null=True)
    service_id = UUID(default=None, null=True)
    status = Text(default=None)
    settled_at = Timestamptz(default=None, null=True)
    settled_by = UUID(default=None, null=True)
    reason = Text(default=None, null=True)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    row_version = BigInt(default=1)


class PlanAgreement(TenantTable, tablename="plan_agreements", rights="SELECT, INSERT"):
    """Whether somebody agrees to a version of the plan, how, and what they said."""

    plan_id = UUID(default=None)
    case_id = UUID(default=None)
    signatory = Text(default=None)
    form = Text(default=None)
    agrees = Boolean(default=None)
    name = Text(default=None, null=True)
    language = Text(default=None)
    agreed_on = Date(default=None)
    comment = Text(default=None, null=True)
    dissent = Text(default=None, null=True)
    recorded_at = Timestamptz(default=None)
    recorded_by = UUID(default=None)


class GoalAttainment(TenantTable, tablename="goal_attainments", rights="SELECT, INSERT"):
    """How far a goal was reached, from -2 to +2, or the reason why that is not said."""

    goal_id = UUID(default=None)
    origin_id = UUID(default=None)
    case_id = UUID(default=None)
    score = SmallInt(default=None, null=True)
    reason = Text(default=None, null=True)
    follow_up = Boolean(default=None)
    comment = Text(default=None, null=True)
    attained_on = Date(default=None)
    recorded_at = Timestamptz(default=None)
    recorded_by = UUID(default=None)


class SafetyPlan(TenantTable, tablename="safety_plans"):
    """One version of what helps when it gets dangerous; the highest version is the current one."""

    case_id = UUID(default=None)
    version = Integer(default=None)
    warning_signs = Text(default=None)
    own_coping = Text(default=None)
    people_and_places = Text(default=None)
    contacts = Text(default=None)
    professionals = Text(default=None)
    environment = Text(default=None)
    revision_trigger = Text(default=None, null=True)
    language = Text(default=None)
    written_at = Timestamptz(default=None)
    author_id = UUID(default=None)
    agreed_on = Date(default=None, null=True)
    agreement_form = Text(default=None, null=True)
    agreement_recorded_by = UUID(default=None, null=True)
    row_version = BigInt(default=1)
