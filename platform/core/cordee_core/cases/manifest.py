"""What moves with a case that goes on under another number, and what stays readable where it is.

Features whose records can move register a `Section` (``features.install``). Records that are never
changed, such as notes and assessments, stay with the case they were written in and are read there.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from cordee_core.languages import LANGUAGES, Text, catalogue


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of record: how many of a case would move, and how they move."""

    count: Callable[[UUID], Awaitable[int]]
    move: Callable[[UUID, UUID], Awaitable[None]] | None = None
    """Takes the records from one case to another; None where they stay and are read there."""


Manifest = dict[str, dict[str, object]]
"""By section: how many records, and whether they move."""

_REGISTERED: dict[str, Section] = {}


def register(name: str, section: Section) -> None:
    """Have the manifest list `name`, whose label stands in ``messages/words.toml``."""
    _REGISTERED[name] = section


async def manifest_of(case: UUID) -> Manifest:
    """Return what there is to move, section by section; empty sections are left out."""
    found: Manifest = {}
    for name, section in sorted(_REGISTERED.items()):
        number = await section.count(case)
        if number:
            found[name] = {"count": number, "moves": section.move is not None}
    return found


async def move_sections(source: UUID, target: UUID) -> None:
    """Take everything that moves from one case to another."""
    for _, section in sorted(_REGISTERED.items()):
        if section.move is not None:
            await section.move(source, target)


def moving(manifest: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """Return how many records of each section move."""
    return {name: one["count"] for name, one in manifest.items() if one["moves"]}


def told(manifest: Mapping[str, Mapping[str, object]]) -> Text:
    """Return what moves in one sentence, in every language."""
    labels = catalogue("words")
    found = moving(manifest)
    if not found:
        return labels["moves_nothing"]
    return {
        language: labels["moves"][language].format(
            list=", ".join(
                f"{number} {labels[f'section_{name}'][language]}" for name, number in found.items()
            )
        )
        for language in LANGUAGES
    }
