"""Finds plugins, loads them one at a time and keeps what they bring.

pluggy does what it is best at: markers, signatures, registration. Loading and calling are ours,
because pluggy stops at the first plugin that raises, in both cases, and does not say whose it is.
"""

import logging
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy

from cordee_core import hookspecs
from cordee_core.contracts import Permission, PluginTables
from cordee_core.errors import (
    CordeeError,
    PluginError,
    UnknownInstrumentError,
    UnknownPluginError,
    UnknownRuleError,
)
from cordee_core.markers import PROJECT
from cordee_core.plugins.content import Content, read_content
from cordee_core.plugins.finding import GROUP, entry_points_by_name, import_plugin, the_only
from cordee_core.plugins.inspection import inspect_plugin
from cordee_core.plugins.isolation import fingerprint, passed_before, probe, remember
from cordee_core.plugins.manifest import Manifest, package_folder, read_manifest
from cordee_core.plugins.registration import KIND_OF_HOOK, call_registration, merge

if TYPE_CHECKING:
    from cordee_core.instruments.definition import Instrument
    from cordee_core.rules.definition import Rule
    from cordee_core.services.definition import ServiceEntry

T = TypeVar("T")

__all__ = ["GROUP", "Implementation", "PluginHost"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Implementation:
    """One plugin's or core feature's implementation of one hook."""

    name: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    core: bool = False

    def bind(self, given: dict[str, Any]) -> Callable[[], Any]:
        """Return the call with those of the `given` arguments that it asks for."""
        return partial(self.function, *(given[name] for name in self.arguments))


@dataclass(slots=True)
class PluginHost:
    """The plugins of this process."""

    manifests: dict[str, Manifest] = field(default_factory=dict[str, Manifest])
    failures: dict[str, CordeeError] = field(default_factory=dict[str, CordeeError])
    content: dict[str, Content] = field(default_factory=dict[str, Content])
    settings_types: dict[str, type] = field(default_factory=dict[str, type])
    permissions: dict[str, Permission] = field(default_factory=dict[str, Permission])
    strict: bool = False
    isolated: bool = True
    """Whether a plugin that is new on this machine is first loaded in a child process."""
    _versions: dict[str, str] = field(default_factory=dict[str, str])
    _folders: dict[str, Path] = field(default_factory=dict[str, Path])
    _features: set[str] = field(default_factory=set[str])
    _pm: pluggy.PluginManager = field(default_factory=lambda: _manager())

    @classmethod
    def discover(
        cls, *, strict: bool = False, names: Collection[str] | None = None
    ) -> "PluginHost":
        """Load every installed plugin, or those of `names`; go on past bad ones unless `strict`.

        Raises:
            UnknownPluginError: a name is not installed.
            PluginError: a plugin is bad and `strict` asks for the exception.
        """
        host = cls(strict=strict)
        points = entry_points_by_name()
        for name in sorted(names if names is not None else points):
            if name not in points:
                raise UnknownPluginError(plugin=name)
            try:
                host.load(the_only(name, points[name]))
            except CordeeError as error:
                host.refuse(name, error)
            except Exception as error:
                host.refuse(name, PluginError(name, f"loading it failed: {error!r}"))
        return host

    def load(self, point: EntryPoint) -> None:
        """Load the plugin behind `point`, leaving no trace of it when anything is wrong.

        Raises:
            PluginError: what is wrong.
        """
        name, package = point.name, point.value
        manifest = read_manifest(name, package)
        folder = package_folder(name, package)
        version = point.dist.version if point.dist else "0"
        state = fingerprint(name, version, folder)
        known = self.isolated and passed_before(state, os.environ)
        content = read_content(manifest, folder, schemas=not known)
        if manifest.hooks and self.isolated and not known:
            probe(name, package)
        plugin = import_plugin(name, package) if manifest.hooks else None
        self.register(manifest, plugin, content)
        self._versions[name], self._folders[name] = version, folder
        if self.isolated and not known:
            remember(state, os.environ)

    def register(
        self, manifest: Manifest, plugin: object | None, content: Content | None = None
    ) -> None:
        """Register `plugin` with its `content` and hold it to its manifest.

        Raises:
            PluginError: what is wrong; nothing of the plugin stays.
        """
        name = manifest.name
        if name in self.manifests:
            raise PluginError(name, "a plugin of this name is registered already")
        try:
            if plugin is not None:
                inspect_plugin(manifest, plugin)
                self._pm.register(plugin, name=name)
            self._collect_content(name, content or Content())
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            self._forget(name)
            if isinstance(error, PluginError):
                raise
            problem = " ".join(str(error).split()) or repr(error)
            raise PluginError(name, problem) from error
        self.manifests[name] = manifest

    def register_feature(self, name: str, feature: object) -> None:
        """Register a core feature's decision hooks, once; it is asked whatever a tenant enabled."""
        if f"core.{name}" in self._features:
            return
        self._pm.register(feature, name=f"core.{name}")
        self._pm.check_pending()
        self._features.add(f"core.{name}")

    def refuse(self, name: str, error: CordeeError) -> None:
        """Take the plugin out and note why, or raise `error` where the host is strict."""
        self._forget(name)
        if self.strict:
            raise error
        self.failures[name] = error
        log.error("plugin not loaded: %s", error)

    def implementations(self, hook: str) -> Iterator[Implementation]:
        """Yield who implements `hook`, in the order of names, core features first."""
        found = [
            Implementation(
                impl.plugin_name, impl.function, impl.argnames, impl.plugin_name in self._features
            )
            for impl in getattr(self._pm.hook, hook).get_hookimpls()
        ]
        yield from sorted(found, key=lambda one: (not one.core, one.name))

    def collect(self, hook: str) -> Iterator[tuple[str, Any]]:
        """Yield (plugin, item) for a registration hook; a plugin that fails is refused."""
        for one in list(self.implementations(hook)):
            try:
                items = self._call(one.name, hook, one)
            except PluginError as error:
                self.refuse(one.name, error)
            else:
                yield from ((one.name, item) for item in items)

    def instrument(self, code: str) -> "tuple[str, Instrument]":
        """Return the plugin and the instrument of that code.

        Raises:
            UnknownInstrumentError: no loaded plugin has it.
        """
        owner = code.partition(".")[0]
        found = self.content.get(owner, Content()).instruments.get(code)
        if found is None:
            raise UnknownInstrumentError(instrument=code)
        return owner, found

    def rule(self, code: str) -> "tuple[str, Rule]":
        """Return the plugin and the rule of that code.

        Raises:
            UnknownRuleError: no loaded plugin has it.
        """
        owner = code.partition(".")[0]
        found = self.content.get(owner, Content()).rules.get(code)
        if found is None:
            raise UnknownRuleError(rule=code)
        return owner, found

    def services(self, enabled: Collection[str]) -> "dict[str, ServiceEntry]":
        """Return the catalog entries of the `enabled` plugins by code."""
        return {
            code: entry
            for name, content in sorted(self.content.items())
            if name in enabled
            for code, entry in content.services.items()
        }

    def tables(self) -> dict[str, PluginTables]:
        """Return the tables that plugins bring, by plugin."""
        return dict(self.collect("cordee_tables"))

    def version(self, plugin: str) -> str:
        """Return the version of the distribution that brings `plugin`."""
        return _known(self._versions, plugin)

    def folder(self, plugin: str) -> Path:
        """Return the folder of the plugin's package."""
        return _known(self._folders, plugin)

    def _collect_content(self, name: str, content: Content) -> None:
        """Call the registration hooks that need no further import, and keep what they give."""
        added: dict[str, tuple[Any, ...]] = {}
        for hook, kind in KIND_OF_HOOK.items():
            added[kind] = self._items(name, hook)
        self.content[name] = merge(name, content, added)
        for settings in self._items(name, "cordee_settings"):
            self.settings_types[name] = settings
        for permission in self._items(name, "cordee_permissions"):
            if permission.code in self.permissions:
                raise PluginError(name, f"the permission {permission.code!r} is defined twice")
            self.permissions[permission.code] = permission

    def _items(self, name: str, hook: str) -> tuple[Any, ...]:
        for one in self.implementations(hook):
            if one.name == name:
                return self._call(name, hook, one)
        return ()

    def _call(self, name: str, hook: str, one: Implementation) -> tuple[Any, ...]:
        given = {"content": self.content.get(name, Content())}
        return call_registration(name, hook, one.bind(given))

    def _forget(self, name: str) -> None:
        if self._pm.get_plugin(name) is not None:
            self._pm.unregister(name=name)
        self.manifests.pop(name, None)
        self.content.pop(name, None)
        self.settings_types.pop(name, None)
        for code in [code for code in self.permissions if code.partition(".")[0] == name]:
            del self.permissions[code]


def _known(table: Mapping[str, T], plugin: str) -> T:
    if plugin not in table:
        raise UnknownPluginError(plugin=plugin)
    return table[plugin]


def _manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager(PROJECT)
    for specs in hookspecs.SPECS:
        manager.add_hookspecs(specs)
    return manager
