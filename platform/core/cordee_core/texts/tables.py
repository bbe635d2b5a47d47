"""Tables of what persons read."""

from piccolo.columns import UUID, Integer, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class PersonText(TenantTable, tablename="person_texts", rights="SELECT, INSERT"):
    """One version of a text that persons read, in one language."""

    code = Text(default=None)
    language = Text(default=None)
    version = Integer(default=None)
    text = Text(default=None)
    written_by = UUID(default=None)
    written_at = Timestamptz(default=None)
