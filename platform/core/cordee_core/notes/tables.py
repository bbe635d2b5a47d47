"""Tables of notes."""

from piccolo.columns import UUID, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class Note(TenantTable, tablename="notes", rights="SELECT, INSERT"):
    """What somebody wrote about a case; never changed afterwards."""

    case_id = UUID(default=None)
    text = Text(default=None)
    occurred_at = Timestamptz(default=None)
    author_id = UUID(default=None)
    created_at = Timestamptz(default=None)
