"""Tables of needs."""

from piccolo.columns import UUID, BigInt, Date, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class Need(TenantTable, tablename="needs"):
    """A need, a strength or a wish; of kind ``none``, why no strength or wish is recorded."""

    case_id = UUID(default=None)
    kind = Text(default=None)
    life_domain = Text(default=None, null=True)
    words = Text(default=None)
    source = Text(default=None)
    assessment_id = UUID(default=None, null=True)
    holder = Text(default=None)
    relative_name = Text(default=None, null=True)
    found_on = Date(default=None)
    ended_on = Date(default=None, null=True)
    end_reason = Text(default=None, null=True)
    ended_by = UUID(default=None, null=True)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    row_version = BigInt(default=1)
