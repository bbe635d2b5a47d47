"""Reads the data files of a plugin without importing a line of its code.

``content/<kind>/*.yaml``, one definition a file. Each file goes through the parser of its kind,
which says best what is wrong, and then through the JSON Schema published for editors.
"""

import json
import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import yaml

from cordee_core.definitions import DefinitionError, suggestion
from cordee_core.errors import ContentError
from cordee_core.plugins.manifest import Manifest

if TYPE_CHECKING:
    from cordee_core.instruments.definition import Instrument
    from cordee_core.programmes.definition import ModelTemplate, ProgrammeTemplate
    from cordee_core.programmes.method import MethodTemplate
    from cordee_core.rules.definition import Rule
    from cordee_core.services.definition import ServiceEntry
    from cordee_core.vocabularies import Vocabulary

PARSERS: Mapping[str, tuple[str, str]] = {
    "instruments": ("cordee_core.instruments.definition", "parse_instrument"),
    "rules": ("cordee_core.rules.definition", "parse_rule"),
    "services": ("cordee_core.services.definition", "parse_service"),
    "programmes": ("cordee_core.programmes.definition", "parse_programme"),
    "models": ("cordee_core.programmes.definition", "parse_model"),
    "methods": ("cordee_core.programmes.method", "parse_method"),
    "vocabularies": ("cordee_core.vocabularies", "parse_vocabulary"),
}
"""Where the parser of each kind of content lies; imported when a plugin has that kind."""

OTHER_FOLDERS = frozenset({"demo"})
"""Folders of ``content`` that are not definitions: demo data, read by who loads it."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Coded(Protocol):
    """A definition of any kind: it has a code."""

    @property
    def code(self) -> str:
        """The code with the plugin's prefix."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What one plugin brings, each kind by code."""

    instruments: "Mapping[str, Instrument]" = field(default_factory=dict[str, Any])
    rules: "Mapping[str, Rule]" = field(default_factory=dict[str, Any])
    services: "Mapping[str, ServiceEntry]" = field(default_factory=dict[str, Any])
    programmes: "Mapping[str, ProgrammeTemplate]" = field(default_factory=dict[str, Any])
    models: "Mapping[str, ModelTemplate]" = field(default_factory=dict[str, Any])
    methods: "Mapping[str, MethodTemplate]" = field(default_factory=dict[str, Any])
    vocabularies: "Mapping[str, Vocabulary]" = field(default_factory=dict[str, Any])

    def kind(self, name: str) -> Mapping[str, Coded]:
        """Return the definitions of the kind `name` by code."""
        return cast("Mapping[str, Coded]", getattr(self, name))

    def counts(self) -> dict[str, int]:
        """Return how many definitions of each kind there are."""
        return {name: len(self.kind(name)) for name in PARSERS}


class UniqueKeyLoader(_Loader):  # type: ignore[misc, valid-type]
    """Reads YAML as JSON would be read: no key twice, and dates stay texts."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """Return the mapping of `node`, unless a key stands twice in it."""
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {key!r} stands twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return cast("dict[Hashable, Any]", super().construct_mapping(node, deep=deep))


def _plain_scalars() -> None:
    """Let plain words be what they are in JSON, and texts else: no ``on``, no 12:30, no 010."""
    number = r"-?(?:0|[1-9][0-9]*)"
    kinds = (
        ("null", r"~|null|", ["~", "n", ""]),
        ("bool", r"true|false", ["t", "f"]),
        ("int", number, list("-0123456789")),
        ("float", rf"{number}(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", list("-0123456789")),
    )
    UniqueKeyLoader.yaml_implicit_resolvers = {}
    for kind, pattern, first in kinds:
        whole = re.compile(rf"^(?:{pattern})$")
        UniqueKeyLoader.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", whole, first)


_plain_scalars()


def load_yaml(text: str) -> object:
    """Return what `text` says: plain words that JSON does not know stay texts, dates too.

    Raises:
        DefinitionError: it is no YAML, or a key stands twice in one mapping.
    """
    try:
        return yaml.load(text, Loader=UniqueKeyLoader)  # noqa: S506 (a subclass of the safe loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise DefinitionError(where, error.problem or "this is no YAML") from None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise DefinitionError("", f"this is no YAML: {' '.join(str(error).split())}") from None


def read_content(manifest: Manifest, folder: Path, *, schemas: bool = True) -> Content:
    """Return the definitions below ``content`` in `folder`, each with a code of this plugin.

    Without `schemas` the JSON Schemas are not applied: they were, when these files were new.

    Raises:
        ContentError: a file is wrong; it says which, where in it, and what.
    """
    root = folder / "content"
    if not root.is_dir():
        return Content()
    found: dict[str, dict[str, Coded]] = {kind: {} for kind in PARSERS}
    for kind in _kinds(manifest.name, root):
        for path in sorted((root / kind).iterdir()):
            _read_into(found[kind], manifest.name, kind, path, schemas)
    return Content(**cast("dict[str, Any]", found))


def _kinds(plugin: str, root: Path) -> Iterator[str]:
    for path in sorted(root.iterdir()):
        if path.name.startswith((".", "__")) or path.name in OTHER_FOLDERS:
            continue
        if path.name not in PARSERS or not path.is_dir():
            hint = suggestion(path.name, PARSERS)
            raise ContentError(plugin, f"content/{path.name}: no such kind of content{hint}")
        yield path.name


def _read_into(found: dict[str, Coded], plugin: str, kind: str, path: Path, schemas: bool) -> None:
    if path.name.startswith("."):
        return
    where = f"content/{kind}/{path.name}"
    if path.suffix != ".yaml":
        raise ContentError(plugin, f"{where}: a file of definitions ends in .yaml")
    try:
        raw = load_yaml(path.read_text(encoding="utf-8"))
        item = parser(kind)(raw)
        if schemas:
            apply_schema(kind, raw)
    except DefinitionError as error:
        raise ContentError(plugin, f"{where}: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(plugin, f"{where}: {error}") from None
    check_code(plugin, item.code, where)
    if item.code in found:
        raise ContentError(plugin, f"{where}: the code {item.code!r} is taken by another file")
    found[item.code] = item


def check_code(plugin: str, code: str, where: str) -> None:
    """Refuse a `code` that belongs to another plugin; names both."""
    owner = code.partition(".")[0]
    if owner != plugin:
        raise ContentError(
            plugin, f"{where}: the code {code!r} belongs to {owner!r} and must start '{plugin}.'"
        )


@cache
def parser(kind: str) -> Callable[[object], Coded]:
    """Return the parser of a kind of content."""
    module, function = PARSERS[kind]
    return cast("Callable[[object], Coded]", getattr(import_module(module), function))


@cache
def _validator(kind: str) -> Any:
    source = files("cordee_core") / "schemas" / f"{kind}.json"
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(source.read_text(encoding="utf-8")))


def apply_schema(kind: str, raw: object) -> None:
    """Hold `raw` to the JSON Schema of its kind.

    Raises:
        DefinitionError: it does not fit; where and why.
    """
    from jsonschema.exceptions import best_match

    error = best_match(_validator(kind).iter_errors(raw))
    if error is not None:
        where = "".join(
            f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path
        )
        raise DefinitionError(where.lstrip("."), error.message)
