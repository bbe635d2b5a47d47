"""Queries about tenants."""

from uuid import UUID

from cordee_core.database.engine import fetch, fetch_one
from cordee_core.database.rows import Found
from cordee_core.tenants.tables import Plan, Tenant, TenantPlugin


async def plan_codes() -> list[str]:
    """Return the codes of the plans that can be subscribed to."""
    return [row["code"] for row in await Plan.select(Plan.code).order_by(Plan.code)]


async def own_tenant() -> Found:
    """Return the acting tenant's row with its plan's limits."""
    row = await fetch_one(
        "SELECT t.*, p.title AS plan_title, p.member_limit, p.active_case_limit"
        " FROM core.tenants t JOIN core.plans p ON p.code = t.plan_code"
    )
    assert row is not None
    return dict(row)


async def lock_tenant() -> Found:
    """Return the acting tenant's row, locked, with its plan's limits."""
    row = await fetch_one(
        "SELECT t.*, p.member_limit, p.active_case_limit FROM core.tenants t"
        " JOIN core.plans p ON p.code = t.plan_code FOR UPDATE OF t"
    )
    assert row is not None
    return dict(row)


async def tenant_plugins() -> dict[str, Found]:
    """Return what the tenant set for each plugin, by plugin."""
    return {row["plugin"]: row for row in await TenantPlugin.select()}


async def store_plugin(
    tenant: UUID, plugin: str, *, enabled: bool, settings: object, member: UUID, moment: object
) -> None:
    """Write whether a plugin is enabled and with which settings."""
    await fetch(
        "INSERT INTO core.tenant_plugins"
        " (tenant_id, plugin, enabled, settings, changed_at, changed_by)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, plugin) DO UPDATE"
        " SET enabled = $3, settings = $4, changed_at = $5, changed_by = $6,"
        " row_version = core.tenant_plugins.row_version + 1",
        tenant, plugin, enabled, settings, moment, member,
    )  # fmt: skip


async def slug_of() -> str:
    """Return the acting tenant's short name."""
    rows = await Tenant.select(Tenant.slug)
    return str(rows[0]["slug"])


async def exists() -> bool:
    """Return whether the tenant of the context has signed up."""
    return bool(await Tenant.exists())


async def plans() -> list[Found]:
    """Return the plans that can be subscribed to, the smallest first."""
    return list(await Plan.select().order_by(Plan.member_limit))
