"""Tables of departures from methods."""

from piccolo.columns import UUID, Date, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class MethodDeparture(TenantTable, tablename="method_departures", rights="SELECT, INSERT"):
    """Something that was done otherwise than the method says."""

    case_id = UUID(default=None)
    method = Text(default=None)
    episode = Text(default=None, null=True)
    departure = Text(default=None)
    reason = Text(default=None)
    occurred_on = Date(default=None)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz(default=None)
