"""Errors of a plugin that broke its contract; each names the plugin."""

from cordee_core.errors.base import CordeeError


class PluginError(CordeeError):
    """A plugin broke its contract. Params: `plugin`, `problem`."""

    code = "plugin_error"

    def __init__(self, plugin: str, problem: str) -> None:
        super().__init__(plugin=plugin, problem=problem)
        self.plugin = plugin
        self.problem = problem

    def __str__(self) -> str:
        return f"plugin {self.plugin!r}: {self.problem}"


class ManifestError(PluginError):
    """The plugin's ``plugin.toml`` is missing or wrong."""

    code = "plugin_manifest"


class IncompatiblePluginError(PluginError):
    """The plugin speaks a hook API version this core does not."""

    code = "plugin_incompatible"


class ContentError(PluginError):
    """A content file of the plugin is wrong; `problem` says which file, where and what."""

    code = "plugin_content"


class PluginMigrationError(PluginError):
    """The plugin's migration failed or would break isolation; nothing of it stays."""

    code = "plugin_migration"
