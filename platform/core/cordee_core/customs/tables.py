"""Tables of customs."""

from piccolo.columns import UUID, BigInt, Boolean, Text, Timestamptz

from cordee_core.database.tables import PersonalTable


class Custom(PersonalTable, tablename="customs"):
    """A custom that matters: faith, food, who may be spoken to about what, who decides."""

    person_id = UUID(default=None)
    protected = Boolean(default=False)
    kind = Text(default=None)
    words = Text(default=None)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz(default=None)
    ended_at = Timestamptz(default=None, null=True)
    row_version = BigInt(default=1)
