"""Tables of the journal."""

from piccolo.columns import JSONB, UUID, Array, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class JournalEntry(TenantTable, tablename="journal_entries", rights="SELECT, INSERT"):
    """Who did or saw what, when, why; never values."""

    at = Timestamptz(default=None)
    kind = Text(default=None)
    action = Text(default=None)
    member_id = UUID(default=None, null=True)
    plugin = Text(default=None, null=True)
    purpose = Text(default=None)
    subjects = Array(base_column=UUID(), default=list)
    records = JSONB(default=None)
    fields = Array(base_column=Text(), default=list)
    code = Text(default=None, null=True)
    request_id = Text(default=None, null=True)
