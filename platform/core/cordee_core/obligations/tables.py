"""Tables of obligations."""

from piccolo.columns import JSONB, UUID, BigInt, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class Obligation(TenantTable, tablename="obligations"):
    """Something due in a case, by a named rule."""

    case_id = UUID(default=None)
    rule = Text(default=None)
    label = JSONB(default=None)
    due_at = Timestamptz(default=None)
    due_key = UUID(default=None)
    member_id = UUID(default=None, null=True)
    source_kind = Text(default=None, null=True)
    source_id = UUID(default=None, null=True)
    status = Text(default=None)
    opened_at = Timestamptz(default=None)
    opened_by = UUID(default=None, null=True)
    settled_at = Timestamptz(default=None, null=True)
    settled_by = UUID(default=None, null=True)
    reason = Text(default=None, null=True)
    row_version = BigInt(default=1)
