"""Tables of subscribers."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Integer, Text, Timestamptz

from cordee_core.database.tables import ReferenceTable, TenantKeyedTable, TenantTable


class Plan(ReferenceTable, tablename="plans"):
    """What a subscription allows."""

    code = Text(primary_key=True, default=None)
    title = JSONB(default=None)
    member_limit = Integer(default=None)
    active_case_limit = Integer(default=None)


class Tenant(TenantTable, tablename="tenants"):
    """An organisation that subscribes."""

    slug = Text(default=None)
    name = Text(default=None)
    plan_code = Text(default=None)
    language = Text(default=None)
    time_zone = Text(default=None)
    created_at = Timestamptz(default=None)
    row_version = BigInt(default=1)


class Counter(TenantKeyedTable, tablename="counters"):
    """The last human number given, by kind."""

    name = Text(default=None)
    value = BigInt(default=0)


class TenantPlugin(TenantKeyedTable, tablename="tenant_plugins"):
    """A plugin that the tenant enabled or disabled, with its settings."""

    plugin = Text(default=None)
    enabled = Boolean(default=None)
    settings = JSONB(default=None)
    changed_at = Timestamptz(default=None)
    changed_by = UUID(default=None)
    row_version = BigInt(default=1)
