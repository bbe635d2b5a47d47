"""Tables of the service catalog."""

from piccolo.columns import JSONB, BigInt, Boolean, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class Service(TenantTable, tablename="services"):
    """A catalog entry, of a plugin or of the tenant."""

    code = Text(default=None)
    plugin = Text(default=None, null=True)
    name = JSONB(default=None)
    description = JSONB(default=None)
    kind = Text(default=None)
    provider = Text(default=None, null=True)
    eligibility_rule = Text(default=None, null=True)
    details = JSONB(default=None)
    active = Boolean(default=None)
    created_at = Timestamptz(default=None)
    row_version = BigInt(default=1)
