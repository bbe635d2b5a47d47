"""Tables of assessments."""

from piccolo.columns import JSONB, UUID, BigInt, Date, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class Assessment(TenantTable, tablename="assessments", rights="SELECT, INSERT"):
    """One use of an instrument, scored."""

    case_id = UUID(default=None)
    plugin = Text(default=None)
    instrument_code = Text(default=None)
    instrument_version = Text(default=None)
    answers = JSONB(default=None)
    not_asked = JSONB(default=None)
    result = JSONB(default=None)
    informant = Text(default=None)
    language = Text(default=None)
    assessed_on = Date(default=None)
    valid_until = Date(default=None, null=True)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)


class SafetyContact(TenantTable, tablename="safety_contacts"):
    """Who is called when an instrument raises a safety flag."""

    instrument_code = Text(default=None)
    member_id = UUID(default=None)
    note = Text(default=None, null=True)
    changed_at = Timestamptz(default=None)
    changed_by = UUID(default=None)
    row_version = BigInt(default=1)
