"""Tables of what persons say."""

from piccolo.columns import UUID, Array, BigInt, Boolean, Text, Timestamptz

from cordee_core.database.tables import PersonalTable


class Statement(PersonalTable, tablename="statements"):
    """What the person said in a case, in their words; a complaint or request has an answer."""

    case_id = UUID(default=None)
    person_id = UUID(default=None)
    protected = Boolean(default=False)
    kind = Text(default=None)
    words = Text(default=None)
    chosen = Text(default=None, null=True)
    refused = Array(base_column=Text(), default=list)
    form = Text(default=None)
    support = Text(default=None, null=True)
    language = Text(default=None)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz(default=None)
    answer = Text(default=None, null=True)
    answered_by = UUID(default=None, null=True)
    answered_at = Timestamptz(default=None, null=True)
    row_version = BigInt(default=1)
