# mypy: disable-error-code="untyped-decorator"
"""Plugins are enabled, with settings, and disabled."""

from dataclasses import replace
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.permissions import Permission
from cordee_core.tenants.enable_plugin import EnableDraft, disable_plugin, enable_plugin
from cordee_graphql.context import Info
from cordee_graphql.inputs import INPUT, json_object, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.types.plugin import Plugin, plugin_named


@strawberry.input(description="A plugin that the organisation wants.")
class PluginEnableInput:
    """A plugin and its settings."""

    plugin: str = strawberry.field(description="The plugin's name.")
    settings: JSON | None = strawberry.field(
        default=None, description="An object with the settings that differ from the defaults."
    )

    def draft(self) -> EnableDraft:
        """Return what the use case takes."""
        given: object = {} if self.settings is None else self.settings
        return EnableDraft(plugin=self.plugin, settings=json_object(given, "input", "settings"))


@strawberry.input(description="A plugin that the organisation no longer wants.")
class PluginDisableInput:
    """A plugin."""

    plugin: str = strawberry.field(description="The plugin's name.")

    def draft(self) -> str:
        """Return what the use case takes."""
        return self.plugin


@strawberry.type
class PluginPayload(Payload):
    """Base of payloads about a plugin."""

    name: strawberry.Private[str | None] = None

    @strawberry.field(description="The plugin as the organisation has it now.")
    async def plugin(self, info: Info) -> Plugin | None:
        """Return the plugin."""
        if self.name is None:
            return None
        return await plugin_named(info.context.operation, self.name)


@strawberry.type(description="The enabled plugin.")
class PluginEnablePayload(PluginPayload):
    """Payload of ``pluginEnable``."""


@strawberry.type(description="The disabled plugin.")
class PluginDisablePayload(PluginPayload):
    """Payload of ``pluginDisable``."""


@strawberry.type
class PluginMutations:
    """Mutations of a tenant's plugins."""

    @strawberry.mutation(
        description=needs(
            Permission.PLUGIN_MANAGE,
            "Enable a plugin; its catalog joins the services. Again: its settings change.",
        )
    )
    async def plugin_enable(
        self, info: Info, given: Annotated[PluginEnableInput, INPUT]
    ) -> PluginEnablePayload | None:
        """Enable a plugin."""
        made = await submit(info, PluginEnablePayload, "pluginEnable", enable_plugin, given)
        _go_on(info, made, given.plugin, enabled=True)
        return made

    @strawberry.mutation(
        description=needs(
            Permission.PLUGIN_MANAGE,
            "Disable a plugin: its fields are hidden, its hooks silent. Nothing is deleted.",
        )
    )
    async def plugin_disable(
        self, info: Info, given: Annotated[PluginDisableInput, INPUT]
    ) -> PluginDisablePayload | None:
        """Disable a plugin."""
        made = await submit(info, PluginDisablePayload, "pluginDisable", disable_plugin, given)
        _go_on(info, made, given.plugin, enabled=False)
        return made


def _go_on(info: Info, payload: PluginPayload, plugin: str, *, enabled: bool) -> None:
    """Let the rest of the operation have, or lack, the plugin."""
    if payload.user_errors:
        return
    payload.name = plugin
    operation = info.context.operation
    known = operation.scope.enabled
    now = known | {plugin} if enabled else known - {plugin}
    operation.renew(replace(operation.scope, enabled=now))
