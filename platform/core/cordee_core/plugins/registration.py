"""Takes what the registration hooks of a plugin return, and looks at every item of it."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, cast

from cordee_core.contracts import GraphQLPart, Permission, PluginTables
from cordee_core.errors import PluginError
from cordee_core.languages import LANGUAGES
from cordee_core.plugins.content import Coded, Content, check_code

KIND_OF_HOOK: Mapping[str, str] = {
    "cordee_instruments": "instruments",
    "cordee_eligibility_rules": "rules",
    "cordee_services": "services",
    "cordee_programme_templates": "programmes",
    "cordee_models": "models",
    "cordee_methods": "methods",
    "cordee_vocabularies": "vocabularies",
}
"""The kind of content that a hook adds to what the data files say."""

SINGLE = frozenset({"cordee_settings", "cordee_tables", "cordee_graphql"})
"""Hooks that return one thing or None."""

_TYPES: Mapping[str, tuple[str, str]] = {
    "cordee_instruments": ("cordee_core.instruments.definition", "Instrument"),
    "cordee_eligibility_rules": ("cordee_core.rules.definition", "Rule"),
    "cordee_services": ("cordee_core.services.definition", "ServiceEntry"),
    "cordee_programme_templates": ("cordee_core.programmes.definition", "ProgrammeTemplate"),
    "cordee_models": ("cordee_core.programmes.model", "ModelTemplate"),
    "cordee_methods": ("cordee_core.programmes.method", "MethodTemplate"),
    "cordee_vocabularies": ("cordee_core.vocabularies", "Vocabulary"),
}
_SINGLE_TYPES: Mapping[str, type] = {
    "cordee_settings": type,
    "cordee_tables": PluginTables,
    "cordee_graphql": GraphQLPart,
    "cordee_permissions": Permission,
}


def call_registration(plugin: str, hook: str, function: Callable[[], object]) -> tuple[Any, ...]:
    """Return the items that `hook` of `plugin` gives, each of the type that the spec says.

    Raises:
        PluginError: the hook raised, or an item is not what it must be.
    """
    try:
        result = function()
        items = _items(hook, result)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise PluginError(plugin, f"{hook} failed: {error!r}") from error
    expected = _expected(hook)
    for item in items:
        if not isinstance(item, expected):
            raise PluginError(plugin, f"{hook} returned {item!r}, which is no {expected.__name__}")
        _look_at(plugin, hook, item)
    return items


def _items(hook: str, result: object) -> tuple[object, ...]:
    if hook in SINGLE:
        return () if result is None else (result,)
    return tuple(cast("Iterable[object]", result))


def _expected(hook: str) -> type:
    if hook in _SINGLE_TYPES:
        return _SINGLE_TYPES[hook]
    module, name = _TYPES[hook]
    return cast("type", getattr(import_module(module), name))


def _look_at(plugin: str, hook: str, item: object) -> None:
    if hook == "cordee_settings":
        _check_settings(plugin, cast("type", item))
    elif isinstance(item, Permission):
        check_code(plugin, item.code, hook)
        missing = [language for language in LANGUAGES if not item.title.get(language)]
        if missing:
            raise PluginError(plugin, f"{hook}: {item.code}: title missing in {missing}")
    elif isinstance(item, PluginTables):
        if item.schema != f"plugin_{plugin}":
            raise PluginError(plugin, f"{hook}: the schema must be 'plugin_{plugin}'")
    elif hook in KIND_OF_HOOK:
        check_code(plugin, cast("Coded", item).code, hook)


def _check_settings(plugin: str, kind: type) -> None:
    if not dataclasses.is_dataclass(kind) or not kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise PluginError(plugin, f"cordee_settings: {kind.__name__} must be a frozen dataclass")
    for one in dataclasses.fields(kind):
        if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING:
            raise PluginError(
                plugin, f"cordee_settings: {kind.__name__}.{one.name} needs a default"
            )


def merge(plugin: str, content: Content, added: Mapping[str, Iterable[Coded]]) -> Content:
    """Return `content` with the items `added` by hooks, by kind; no code stands twice.

    Raises:
        PluginError: a code is in a data file and comes from a hook as well, or twice from a hook.
    """
    changed: dict[str, Any] = {}
    for kind, items in added.items():
        known = dict(content.kind(kind))
        for item in items:
            if item.code in known:
                raise PluginError(plugin, f"the code {item.code!r} is defined twice in {kind}")
            known[item.code] = item
        changed[kind] = known
    return dataclasses.replace(content, **changed)
