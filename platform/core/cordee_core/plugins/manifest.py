"""Reads ``plugin.toml`` without importing a line of the plugin's code."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    Parse,
    at,
    integer,
    listed,
    string,
    suggestion,
)
from cordee_core.errors import IncompatiblePluginError, ManifestError
from cordee_core.hookspecs import HOOKS

HOOK_API = 1
"""Raised by one whenever a plugin written for the previous number may stop working."""

SPOKEN = frozenset({1})
"""The hook API versions that this core speaks."""

QUALITIES = ("required", "silver", "gold")

_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
_PACKAGE = re.compile(r"[a-z_][a-z0-9_]*")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
_NONE: tuple[str, ...] = ()
_KEYS = (
    "name",
    "api",
    "hooks",
    "data_categories",
    "network",
    "issues",
    "quality",
    "exempt",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """A plugin's promises: its name, what it implements, what data it touches, whom it calls."""

    name: str
    api: int
    hooks: frozenset[str]
    data_categories: frozenset[str] = frozenset()
    """Special categories of personal data (GDPR, article 9, 2016-04-27)."""
    network: frozenset[str] = frozenset()
    """Hosts that it calls."""
    issues: str = ""
    """Where its maintainers take reports: an ``https:`` or ``mailto:`` address, or empty."""
    quality: str = "required"
    exempt: Mapping[str, str] = field(default_factory=dict[str, str])
    """Rules of the conformance kit that it does not hold, each with the reason."""


def package_folder(name: str, package: str) -> Path:
    """Return the folder of the plugin's `package`, found without importing it."""
    if not _PACKAGE.fullmatch(package):
        raise ManifestError(
            name, f"the entry point must name the package alone, not {package!r}: cordee_{name}"
        )
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations or spec.origin is None:
        raise ManifestError(name, f"package {package!r} is not installed")
    return Path(spec.submodule_search_locations[0])


def read_manifest(name: str, package: str) -> Manifest:
    """Return the checked manifest of the plugin `name`, found in `package`.

    Raises:
        ManifestError: the file is missing or wrong, or a code file contradicts it.
        IncompatiblePluginError: it asks for a hook API that this core does not speak.
    """
    folder = package_folder(name, package)
    try:
        table = tomllib.loads((folder / "plugin.toml").read_text(encoding="utf-8"))
        manifest = _manifest(table)
    except FileNotFoundError:
        raise ManifestError(name, "the package has no plugin.toml") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ManifestError(name, f"plugin.toml: {error}") from error
    except DefinitionError as error:
        raise ManifestError(name, f"plugin.toml: {error}") from None
    _compare(name, manifest, folder)
    return manifest


def _manifest(table: object) -> Manifest:
    top = Fields(table, "", ("plugin",))
    fields = top.need("plugin", lambda raw, where: Fields(raw, where, _KEYS))
    return Manifest(
        name=fields.need("name", string),
        api=fields.need("api", integer),
        hooks=frozenset(fields.need("hooks", _list(_hook))),
        data_categories=frozenset(fields.get("data_categories", _list(_identifier), _NONE)),
        network=frozenset(fields.get("network", _list(_host), _NONE)),
        issues=fields.get("issues", _address, ""),
        quality=fields.get("quality", _quality, "required"),
        exempt=fields.get("exempt", _reasons, {}),
    )


def _compare(name: str, manifest: Manifest, folder: Path) -> None:
    if not _NAME.fullmatch(name):
        raise ManifestError(name, "a plugin's name is 2 to 31 lower-case letters, digits and '_'")
    if manifest.name != name:
        raise ManifestError(
            name, f"plugin.toml: name is {manifest.name!r}, the entry point says {name!r}"
        )
    if manifest.api not in SPOKEN:
        spoken = ", ".join(map(str, sorted(SPOKEN)))
        raise IncompatiblePluginError(
            name, f"it speaks hook API {manifest.api}, this core speaks {spoken}"
        )
    has_code = (folder / "plugin.py").is_file()
    if manifest.hooks and not has_code:
        raise ManifestError(name, "plugin.toml names hooks, but the package has no plugin.py")
    if has_code and not manifest.hooks:
        raise ManifestError(name, "the package has a plugin.py, but plugin.toml names no hooks")


def _hook(raw: object, where: str) -> str:
    found = string(raw, where)
    if found not in HOOKS:
        raise DefinitionError(where, f"no such hook: {found}{suggestion(found, HOOKS)}")
    return found


def _identifier(raw: object, where: str) -> str:
    found = string(raw, where)
    if not _NAME.fullmatch(found):
        raise DefinitionError(where, f"{found!r} must be lower-case letters, digits and '_'")
    return found


def _host(raw: object, where: str) -> str:
    found = string(raw, where)
    if not _HOST.fullmatch(found):
        raise DefinitionError(where, f"{found!r} must be the name of a host, without a path")
    return found


def _address(raw: object, where: str) -> str:
    found = string(raw, where)
    if not found.startswith(("https://", "mailto:")):
        raise DefinitionError(where, f"{found!r} must start with https:// or mailto:")
    return found


def _quality(raw: object, where: str) -> str:
    found = string(raw, where)
    if found not in QUALITIES:
        raise DefinitionError(where, f"{found!r} is none of {', '.join(QUALITIES)}")
    return found


def _reasons(raw: object, where: str) -> Mapping[str, str]:
    fields = Fields(raw, where)
    return {rule: string(fields.raw(rule), at(where, rule)) for rule in fields}


def _list(parse: Parse[str]) -> Parse[tuple[str, ...]]:
    return lambda raw, where: listed(raw, where, parse)
