"""Puts the core's features together: guards and what follows when a plugin is enabled."""

from cordee_core.cases.guards import CaseGuards
from cordee_core.plugins.host import PluginHost
from cordee_core.services.sync_catalog import sync_catalog
from cordee_core.sharing.record_consent import ConsentGuard
from cordee_core.tenants.enable_plugin import ON_ENABLED


def install(host: PluginHost) -> PluginHost:
    """Register the core's own guards with `host`, as a plugin would; return it."""
    host.register_feature("cases", CaseGuards())
    host.register_feature("sharing", ConsentGuard())
    if sync_catalog not in ON_ENABLED:
        ON_ENABLED.append(sync_catalog)
    return host
