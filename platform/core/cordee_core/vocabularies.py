"""Vocabularies: closed lists of codes and labels, such as the reasons for which a case ends.

The core's own (``content/vocabularies``) hold for every organisation: the life domains, and reasons
of closure for who has no others. An organisation copies and changes those of core and plugins.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    Source,
    code,
    mapping,
    name,
    source,
    string,
    text,
    unique,
)
from cordee_core.languages import Text

if TYPE_CHECKING:
    from cordee_core.plugins.content import Content

LIFE_DOMAINS = "core.life_domains"
CLOSURE = "core.closure"


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a vocabulary."""

    code: str
    label: Text
    description: Text | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A closed list of values in a fixed order."""

    code: str
    version: str
    title: Text
    entries: tuple[Entry, ...]
    sources: tuple[Source, ...] = ()

    def entry(self, code: str) -> Entry | None:
        """Return the entry with that code, or None."""
        return next((entry for entry in self.entries if entry.code == code), None)

    def to_json(self) -> dict[str, object]:
        """Return the vocabulary as `parse_vocabulary` takes it back."""
        return dict(msgspec.to_builtins(self))


def parse_vocabulary(raw: Mapping[str, object]) -> Vocabulary:
    """Return the vocabulary that `raw` defines; it has at least one entry, each once.

    Raises:
        DefinitionError: something is missing, unknown or untranslated.
    """
    fields = Fields(raw, "", ("code", "version", "title", "entries", "sources"))
    entries = fields.all("entries", _entry)
    if not entries:
        raise DefinitionError("entries", "at least one is needed")
    unique((entry.code for entry in entries), "entries")
    return Vocabulary(
        code=fields.need("code", code),
        version=fields.need("version", string),
        title=fields.need("title", text),
        entries=entries,
        sources=fields.all("sources", source),
    )


def _entry(raw: object, where: str) -> Entry:
    fields = Fields(raw, where, ("code", "label", "description"))
    return Entry(
        code=fields.need("code", name),
        label=fields.need("label", text),
        description=fields.maybe("description", text),
    )


@cache
def core_vocabularies() -> Mapping[str, Vocabulary]:
    """Return the core's own vocabularies by code."""
    from cordee_core.plugins.content import load_yaml

    folder = files("cordee_core") / "content" / "vocabularies"
    texts = sorted(folder.iterdir(), key=lambda path: path.name)
    raw = [mapping(load_yaml(path.read_text("utf-8")), path.name) for path in texts]
    found = [parse_vocabulary(one) for one in raw]
    return {one.code: one for one in found}


def terms(
    own: Iterable[Mapping[str, object]], content: Iterable["Content"], code: str
) -> Vocabulary | None:
    """Return the vocabulary of that code, None where there is none.

    The organisation's `own` definitions go before those of the plugins that it enabled, and these
    before the core's.
    """
    for definition in own:
        if definition.get("code") == code:
            return parse_vocabulary(definition)
    for one in content:
        if code in one.vocabularies:
            return one.vocabularies[code]
    return core_vocabularies().get(code)
