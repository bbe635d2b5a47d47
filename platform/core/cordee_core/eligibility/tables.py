"""Tables of eligibility results."""

from piccolo.columns import JSONB, UUID, BigInt, Date, Integer, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class EligibilityResult(TenantTable, tablename="eligibility_results"):
    """What a rule said of a case, and the human decision beside it."""

    case_id = UUID(default=None)
    plugin = Text(default=None)
    rule_code = Text(default=None)
    rule_version = Integer(default=None)
    evaluated_on = Date(default=None)
    facts = JSONB(default=None)
    outcome = Text(default=None)
    result = JSONB(default=None)
    decision = Text(default=None, null=True)
    decision_reason = Text(default=None, null=True)
    decided_by = UUID(default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    row_version = BigInt(default=1)
