"""A tenant enables a plugin, with settings; its catalog joins the tenant's services."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from cordee_core.access.permissions import Permission
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import InvalidInputError, UnknownPluginError
from cordee_core.plugins.settings import build_settings, show_settings
from cordee_core.tenants.queries import store_plugin

ON_ENABLED: list[Callable[[UnitOfWork, str], Awaitable[None]]] = []
"""What higher features do in the same transaction when a plugin is enabled (``features.py``)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EnableDraft:
    """The plugin's name and the settings that differ from its defaults."""

    plugin: str
    settings: Mapping[str, object] = field(default_factory=dict)


async def enable_plugin(uow: UnitOfWork, draft: EnableDraft) -> Changed:
    """Enable the plugin; doing it again changes the settings.

    Raises:
        UnknownPluginError: no loaded plugin has that name.
        InvalidInputError: the settings are not as the plugin declares them.
    """
    scope = uow.scope
    scope.require(Permission.PLUGIN_MANAGE)
    if draft.plugin not in scope.host.manifests:
        raise UnknownPluginError(path=("input", "plugin"), plugin=draft.plugin)
    kind = scope.host.settings_types.get(draft.plugin, NoSettings)
    settings = show_settings(_built(kind, draft.settings))
    await store_plugin(
        scope.tenant, draft.plugin, enabled=True, settings=settings, member=scope.actor.id,
        moment=scope.clock(),
    )  # fmt: skip
    for react in ON_ENABLED:
        await react(uow, draft.plugin)
    uow.touched("Plugin", scope.tenant, fields=("enabled", "settings"))
    uow.emit_to(draft.plugin, "cordee_plugin_enabled")
    return {}


def _built(kind: type[object], settings: Mapping[str, object]) -> object:
    try:
        return build_settings(kind, settings)
    except InvalidInputError as error:
        raise InvalidInputError(path=("input", *error.path), **error.params) from error


@dataclass(frozen=True)
class NoSettings:
    """What a plugin without settings takes."""


async def disable_plugin(uow: UnitOfWork, plugin: str) -> Changed:
    """Disable the plugin: its hooks are no longer called, its fields hidden, nothing deleted."""
    scope = uow.scope
    scope.require(Permission.PLUGIN_MANAGE)
    if plugin not in scope.host.manifests:
        raise UnknownPluginError(path=("input", "plugin"), plugin=plugin)
    await store_plugin(
        scope.tenant, plugin, enabled=False, settings={}, member=scope.actor.id,
        moment=scope.clock(),
    )  # fmt: skip
    uow.touched("Plugin", scope.tenant, fields=("enabled",))
    uow.emit_to(plugin, "cordee_plugin_disabled")
    return {}
