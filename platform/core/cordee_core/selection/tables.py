"""Tables of waiting lists."""

from piccolo.columns import JSONB, UUID, BigInt, Integer, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class PlaceHold(TenantTable, tablename="place_holds"):
    """A place of a programme that a case holds, or held."""

    case_id = UUID(default=None)
    programme_id = UUID(default=None)
    since = Timestamptz(default=None)
    ended_at = Timestamptz(default=None, null=True)
    row_version = BigInt(default=1)


class WaitingEntry(TenantTable, tablename="waiting_entries"):
    """An admitted case that waits for a place in its programme, or waited for one.

    `queue_key` orders the queue: the higher priority first, then who waits longer.
    """

    case_id = UUID(default=None)
    programme_id = UUID(default=None)
    priority = Integer(default=None)
    since = Timestamptz(default=None)
    queue_key = Text(default=None)
    status = Text(default=None)
    row_version = BigInt(default=1)


class WaitingChange(TenantTable, tablename="waiting_changes", rights="SELECT, INSERT"):
    """One change of a waiting entry, with the inputs that it rests on."""

    entry_id = UUID(default=None)
    case_id = UUID(default=None)
    kind = Text(default=None)
    priority = Integer(default=None)
    position = Integer(default=None, null=True)
    inputs = JSONB(default=None)
    reason = Text(default=None)
    at = Timestamptz(default=None)
    member_id = UUID(default=None)
