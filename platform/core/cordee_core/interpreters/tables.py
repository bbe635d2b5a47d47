"""Tables of interpreters."""

from piccolo.columns import UUID, BigInt, Boolean, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class InterpreterBooking(TenantTable, tablename="interpreter_bookings"):
    """Who interprets a contact, in which language and mode; whether it is a relative."""

    case_id = UUID(default=None)
    contact_at = Timestamptz(default=None)
    language = Text(default=None)
    mode = Text(default=None)
    interpreter = Text(default=None)
    relative = Boolean(default=None)
    status = Text(default=None)
    reason = Text(default=None, null=True)
    booked_by = UUID(default=None)
    booked_at = Timestamptz(default=None)
    row_version = BigInt(default=1)
