"""The catalog entries of an enabled plugin become services of the tenant."""

from typing import Any
from uuid import UUID

from piccolo.columns import Column

from cordee_core.database.rows import insert
from cordee_core.database.unit_of_work import UnitOfWork
from cordee_core.services.definition import ServiceEntry
from cordee_core.services.tables import Service


async def sync_catalog(uow: UnitOfWork, plugin: str) -> None:
    """Add the plugin's entries that are missing and renew the others; what the tenant set stays."""
    scope = uow.scope
    known = {
        row["code"]: row["id"]
        for row in await Service.select(Service.code, Service.id).where(Service.plugin == plugin)
    }
    for entry in scope.host.content[plugin].services.values():
        if entry.code in known:
            await _renew(known[entry.code], entry)
            continue
        await insert(
            Service(
                tenant_id=scope.tenant, id=scope.new_id(), code=entry.code, plugin=plugin,
                name=dict(entry.name), description=dict(entry.description), kind=entry.type,
                eligibility_rule=entry.eligibility, details=entry.to_json(), active=True,
                created_at=scope.clock(),
            )
        )  # fmt: skip


async def _renew(identifier: UUID, entry: ServiceEntry) -> None:
    columns: dict[Column | str, Any] = {
        Service.name: dict(entry.name), Service.description: dict(entry.description),
        Service.kind: entry.type, Service.eligibility_rule: entry.eligibility,
        Service.details: entry.to_json(), Service.row_version: Service.row_version + 1,
    }  # fmt: skip
    await Service.update(columns).where(Service.id == identifier)
