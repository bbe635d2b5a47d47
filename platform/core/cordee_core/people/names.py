"""The further names of a person, and the further ways to reach one: checked and stored as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cordee_core.people.fold import script_of
from cordee_core.validation import Path, maybe_text, need_one_of, need_text, problem

NAME_KINDS = ("official", "used", "birth", "alias")
CONTACT_KINDS = ("phone", "email", "address", "messaging", "other")
MOST = 20
"""Most further names, and most further contact points, of one person."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FurtherName:
    """A name beside the one that is shown, in whatever script it is written."""

    kind: str
    family_name: str
    given_names: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactPoint:
    """A further way to reach the person, and whether it is safe to use."""

    kind: str
    value: str
    note: str | None = None
    safe: bool = True


def stored_names(names: Sequence[FurtherName], *path: str | int) -> list[dict[str, Any]]:
    """Return the names as they are stored, each with its script. Raises InvalidInputError."""
    _few(names, path)
    found = []
    for place, name in enumerate(names):
        family = need_text(name.family_name, *path, place, "familyName")
        given = maybe_text(name.given_names, *path, place, "givenNames") or ""
        kind = need_one_of(name.kind, NAME_KINDS, *path, place, "kind")
        found.append({
            "kind": kind, "family_name": family, "given_names": given,
            "script": script_of(family + given),
        })  # fmt: skip
    return found


def stored_contacts(points: Sequence[ContactPoint], *path: str | int) -> list[dict[str, Any]]:
    """Return the contact points as they are stored. Raises InvalidInputError."""
    _few(points, path)
    found = []
    for place, point in enumerate(points):
        found.append({
            "kind": need_one_of(point.kind, CONTACT_KINDS, *path, place, "kind"),
            "value": need_text(point.value, *path, place, "value", longest=500),
            "note": maybe_text(point.note, *path, place, "note", longest=500),
            "safe": point.safe,
        })  # fmt: skip
    return found


def texts_of(row: Mapping[str, Any]) -> list[str]:
    """Return every name in a person's row, the one that is shown first."""
    shown = [row["family_name"] or "", row["given_names"]]
    return shown + [one[part] for one in row["names"] for part in ("family_name", "given_names")]


def _few(values: Sequence[object], path: Path) -> None:
    if len(values) > MOST:
        raise problem(path, f"at most {MOST} are kept", f"{MOST} au plus sont gardés")
