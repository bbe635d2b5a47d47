"""Vocabularies: closed lists of codes and labels, such as the reasons for which a case ends."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    Source,
    code,
    name,
    source,
    string,
    text,
    unique,
)
from cordee_core.languages import Text


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
