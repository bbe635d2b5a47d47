"""Holds the code of a plugin to its manifest and to the rules for hooks.

pluggy checks that an argument exists; what it lets pass in silence is checked here: a misspelt
hook, a forgotten decorator, an argument with a default (never passed), the wrong colour.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from cordee_core.definitions import suggestion
from cordee_core.errors import PluginError
from cordee_core.hookspecs import HOOKS, REGISTRATION
from cordee_core.markers import PROJECT
from cordee_core.plugins.manifest import Manifest

_OPTIONS = f"{PROJECT}_impl"
_PREFIX = "cordee_"

Hook = Callable[..., Any]


def inspect_plugin(manifest: Manifest, plugin: object) -> None:
    """Check every hook of `plugin`.

    Raises:
        PluginError: what is wrong with which hook.
    """
    name = manifest.name
    implemented: set[str] = set()
    for hook, function, options in _hooks(plugin):
        if options is None:
            raise PluginError(name, f"{hook} has no @hookimpl and would never be called")
        _check_options(name, hook, options)
        if hook not in HOOKS:
            raise PluginError(name, f"no such hook: {hook}{suggestion(hook, HOOKS)}")
        _check_arguments(name, hook, function)
        _check_colour(name, hook, function)
        implemented.add(hook)
    if implemented != manifest.hooks:
        code_only = sorted(implemented - manifest.hooks)
        promised = sorted(manifest.hooks - implemented)
        parts = [f"only in the code: {', '.join(code_only)}"] if code_only else []
        parts += [f"only in plugin.toml: {', '.join(promised)}"] if promised else []
        raise PluginError(
            name, f"plugin.toml and the code disagree about hooks ({'; '.join(parts)})"
        )


def _hooks(plugin: object) -> Iterator[tuple[str, Hook, Mapping[str, object] | None]]:
    for attribute in dir(plugin):
        member = getattr(plugin, attribute)
        if not inspect.isroutine(member):
            continue
        options = getattr(member, _OPTIONS, None)
        if options is not None or attribute.startswith(_PREFIX):
            yield attribute, cast("Hook", member), options


def _check_options(name: str, hook: str, options: Mapping[str, object]) -> None:
    if options.get("wrapper") or options.get("hookwrapper"):
        raise PluginError(name, f"{hook} is a wrapper; wrappers are for the core only")
    used = sorted(option for option, value in options.items() if value)
    if used:
        raise PluginError(name, f"{hook}: @hookimpl takes no options here, not {', '.join(used)}")


def _check_arguments(name: str, hook: str, function: Hook) -> None:
    known = HOOKS[hook]
    for parameter in inspect.signature(function).parameters.values():
        if parameter.default is not parameter.empty:
            raise PluginError(
                name,
                f"{hook}: the argument {parameter.name!r} has a default and would not be passed",
            )
        if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
            raise PluginError(name, f"{hook}: the argument {parameter} must be a plain one")
        if parameter.name not in known:
            hint = suggestion(parameter.name, known)
            raise PluginError(name, f"{hook} has no argument {parameter.name!r}{hint}")


def _check_colour(name: str, hook: str, function: Hook) -> None:
    asynchronous = inspect.iscoroutinefunction(function)
    if hook in REGISTRATION and (asynchronous or inspect.isasyncgenfunction(function)):
        raise PluginError(name, f"{hook} is a registration hook and must be a plain 'def'")
    if hook not in REGISTRATION and not asynchronous:
        raise PluginError(name, f"{hook} must be an 'async def'")
