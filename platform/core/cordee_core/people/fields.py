"""The fields that a tenant adds to the record of a person: their definitions, and their values.

A definition is data; a value is checked against it. ``unknown`` and ``refused`` are values of
every field, stored as ``{"unanswered": "refused"}``, so that they differ from an empty field.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from cordee_core.errors import FieldInvalidError
from cordee_core.languages import Text
from cordee_core.problems import problem as told
from cordee_core.validation import Path, maybe_text, need_one_of, need_text, problem

TYPES = ("text", "integer", "decimal", "date", "boolean", "choice")
UNANSWERED = ("unknown", "refused")
_CODE = re.compile(r"[a-z][a-z0-9_]{1,40}")
_RANGED = ("integer", "decimal", "date", "text")
_LONGEST = 2000
_MOST_OPTIONS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldDraft:
    """A field as a tenant defines it; `least` and `most` bound a value, or a text's length."""

    code: str
    type: str
    label: Text
    required: bool = False
    options: Sequence[tuple[str, Text]] = ()
    least: str | None = None
    most: str | None = None
    place: int = 0
    active: bool = True
    row_version: int | None = None


def definition_of(draft: FieldDraft) -> dict[str, Any]:
    """Return the definition as it is stored. Raises InvalidInputError at the place in the input."""
    need_code(draft.code, "input", "code")
    need_one_of(draft.type, TYPES, "input", "type")
    if (draft.type == "choice") != bool(draft.options):
        raise problem(
            ("input", "options"),
            "a field of type choice has options, no other field has",
            "un champ de type choix a des options, aucun autre n'en a",
        )
    if len(draft.options) > _MOST_OPTIONS:
        raise problem(("input", "options"), "too many options", "trop d'options")
    codes = [
        need_code(code, "input", "options", at, "code")
        for at, (code, _) in enumerate(draft.options)
    ]
    if len(set(codes)) < len(codes):
        raise problem(("input", "options"), "an option stands twice", "une option figure deux fois")
    definition = {
        "type": draft.type,
        "label": need_label(draft.label, "input", "label"),
        "required": draft.required,
        "options": {
            code: need_label(text, "input", "options", at, "label")
            for at, (code, text) in enumerate(draft.options)
        },
    }
    return definition | _bounds(draft)


def need_code(value: str, *path: str | int) -> str:
    """Return a code: lower-case letters, digits and underscores, a letter first."""
    if not _CODE.fullmatch(value):
        raise problem(
            path,
            "a code has lower-case letters, digits and underscores, a letter first",
            "un code a des minuscules, des chiffres et des tirets bas, d'abord une lettre",
        )
    return value


def need_label(text: Text, *path: str | int) -> dict[str, str]:
    """Return a text in English and French. Raises where one of them is empty."""
    return {language: need_text(text.get(language), *path, language) for language in ("en", "fr")}


def _bounds(draft: FieldDraft) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, given in (("least", draft.least), ("most", draft.most)):
        if given is None:
            continue
        if draft.type not in _RANGED:
            raise problem(("input", name), "this type has no range", "ce type n'a pas d'étendue")
        kind = "integer" if draft.type == "text" else draft.type
        if _parsed(kind, given) is None:
            raise problem(
                ("input", name), "this is no value of the type", "ce n'est pas une valeur du type"
            )
        found[name] = given
    if len(found) == 2:
        kind = "integer" if draft.type == "text" else draft.type
        if _parsed(kind, found["least"]) > _parsed(kind, found["most"]):
            raise problem(("input", "most"), "it lies below the least", "il est sous le minimum")
    return found


def checked_values(
    definitions: Mapping[str, Mapping[str, Any]], given: Mapping[str, object], *path: str | int
) -> dict[str, Any]:
    """Return the values of a person's fields as they are stored; a null empties a field.

    Raises:
        FieldInvalidError: a value does not fit its field, or there is no such field.
    """
    found: dict[str, Any] = {}
    for code, value in given.items():
        definition = definitions.get(code)
        if definition is None:
            raise _wrong((*path, code), code, "field_unknown")
        found[code] = None if value is None else _checked(definition, code, value, (*path, code))
    return found


def need_required(
    definitions: Mapping[str, Mapping[str, Any]], values: Mapping[str, Any], *path: str | int
) -> None:
    """Raise FieldInvalidError where a required field is empty; unknown and refused are answers."""
    for code, definition in definitions.items():
        if definition["required"] and values.get(code) is None:
            raise _wrong((*path, code), code, "field_required")


def _checked(definition: Mapping[str, Any], code: str, value: object, path: Path) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {"unanswered"} and value["unanswered"] in UNANSWERED:
            return dict(value)
        raise _wrong(path, code, "field_type", definition)
    kind = definition["type"]
    if kind == "text":
        return _text(definition, code, value, path)
    if kind == "choice":
        if value not in definition["options"]:
            raise _wrong(path, code, "field_option", definition)
        return value
    parsed = _parsed(kind, value)
    if parsed is None:
        raise _wrong(path, code, "field_type", definition)
    _in_range(definition, code, parsed, kind, path)
    return parsed if isinstance(parsed, bool | int) else str(value).strip()


def _text(definition: Mapping[str, Any], code: str, value: object, path: Path) -> str | None:
    if not isinstance(value, str):
        raise _wrong(path, code, "field_type", definition)
    found = maybe_text(value, *path, longest=_LONGEST)
    if found is not None:
        _in_range(definition, code, len(found), "integer", path)
    return found


def _in_range(definition: Mapping[str, Any], code: str, value: Any, kind: str, path: Path) -> None:
    least, most = definition.get("least"), definition.get("most")
    if (least is not None and value < _parsed(kind, least)) or (
        most is not None and value > _parsed(kind, most)
    ):
        raise _wrong(path, code, "field_range", definition)


def _parsed(kind: str, value: object) -> Any:
    """Return the value of a type, None where it is none. Decimals are texts: no digit is lost."""
    if kind == "boolean":
        return value if isinstance(value, bool) else None
    if isinstance(value, bool):
        return None
    try:
        if kind == "integer":
            found = int(value) if isinstance(value, int | str) else None
            return found if found is not None and abs(found) < 2**53 else None
        if kind == "decimal" and isinstance(value, int | str):
            number = Decimal(value)
            return number if number.is_finite() else None
        if kind == "date" and isinstance(value, str):
            return date.fromisoformat(value)
    except (ValueError, InvalidOperation):
        return None
    return None


def _wrong(
    path: Path, code: str, reason: str, definition: Mapping[str, Any] | None = None
) -> FieldInvalidError:
    if definition is None:
        return FieldInvalidError(path=path, field=code, problem=told("persons", reason))
    if reason == "field_type":
        reason = f"field_type_{definition['type']}"
    bounds = {name: definition.get(name, "…") for name in ("least", "most")}
    problem = told("persons", reason, **bounds)
    return FieldInvalidError(path=path, field=definition["label"], problem=problem)
