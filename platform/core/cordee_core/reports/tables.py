"""Tables of field work."""

from piccolo.columns import UUID, BigInt, Date, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class FieldAssignment(TenantTable, tablename="field_assignments"):
    """A case to which a volunteer or community worker goes, and what for."""

    case_id = UUID(default=None)
    member_id = UUID(default=None)
    task = Text(default=None)
    starts_on = Date(default=None)
    ends_on = Date(default=None, null=True)
    assigned_at = Timestamptz(default=None)
    assigned_by = UUID(default=None)
    row_version = BigInt(default=1)


class FieldReport(TenantTable, tablename="field_reports", rights="SELECT, INSERT"):
    """What a volunteer or community worker wrote: a report or a visit."""

    assignment_id = UUID(default=None)
    case_id = UUID(default=None)
    author_id = UUID(default=None)
    kind = Text(default=None)
    text = Text(default=None)
    occurred_at = Timestamptz(default=None)
    created_at = Timestamptz(default=None)
