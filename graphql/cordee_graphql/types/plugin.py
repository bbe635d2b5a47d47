"""Plugins as the organisation sees them."""

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.plugins.content import Content
from cordee_core.tenants.queries import tenant_plugins
from cordee_graphql.context import Info
from cordee_graphql.guards import Guarded
from cordee_graphql.operation import Operation
from cordee_graphql.types.declaring import described
from cordee_graphql.types.enums import PluginState
from cordee_graphql.types.exact import exact_json


@described
class Plugin:
    """What an organisation can enable: instruments, rules, services and templates of one sector."""

    name: str = strawberry.field(description="Its name; codes of what it brings start with it.")
    version: str | None = strawberry.field(description="Its version; null where it is not loaded.")
    state: PluginState = strawberry.field(description="Whether it runs in this installation.")
    enabled: bool = strawberry.field(description="Whether the organisation enabled it.")
    instruments: int = strawberry.field(description="How many instruments it brings.")
    rules: int = strawberry.field(description="How many eligibility rules it brings.")
    services: int = strawberry.field(description="How many catalog entries it brings.")
    programme_templates: int = strawberry.field(description="How many programme templates.")
    row_version: int = strawberry.field(
        description="Raised by each change; 0 before the organisation set anything."
    )
    values: strawberry.Private[Mapping[str, Any]]

    @strawberry.field(
        description="What the organisation set for it.",
        extensions=[Guarded(Permission.PLUGIN_MANAGE)],
    )
    def settings(self, info: Info) -> JSON | None:
        """Return the settings as stored."""
        return exact_json(self.values)


async def all_plugins(operation: Operation) -> list[Plugin]:
    """Return every plugin of the installation, and those that the organisation enabled before."""
    async with operation.read():
        known = await tenant_plugins()
    host = operation.scope.host
    names = {*host.manifests, *host.failures, *known}
    return [_plugin(operation.scope, name, known.get(name, {})) for name in sorted(names)]


async def plugin_named(operation: Operation, name: str) -> Plugin | None:
    """Return the plugin of that name."""
    found = await all_plugins(operation)
    return next((one for one in found if one.name == name), None)


def _plugin(scope: Scope, name: str, row: Mapping[str, Any]) -> Plugin:
    loaded = name in scope.host.manifests
    failed = name in scope.host.failures
    content = scope.host.content.get(name, Content())
    missing = PluginState.FAILED if failed else PluginState.MISSING
    return Plugin(
        name=name,
        version=scope.host.version(name) if loaded else None,
        state=PluginState.READY if loaded else missing,
        enabled=bool(row.get("enabled", False)),
        instruments=len(content.instruments),
        rules=len(content.rules),
        services=len(content.services),
        programme_templates=len(content.programmes),
        row_version=row.get("row_version", 0),
        values=row.get("settings") or {},
    )
