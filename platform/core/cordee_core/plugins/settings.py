"""What a tenant sets for a plugin: a stored mapping becomes the plugin's own frozen dataclass."""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar, cast

import msgspec

from cordee_core.definitions import suggestion
from cordee_core.errors import InvalidInputError

S = TypeVar("S")


def build_settings(kind: type[S], values: Mapping[str, object]) -> S:
    """Return `values` as a `kind`; what is absent has the plugin's default.

    Raises:
        InvalidInputError: a name is unknown, or a value is not of its type.
    """
    known = [one.name for one in dataclasses.fields(cast("Any", kind))]
    for name in values:
        if name not in known:
            near = suggestion(name, known)
            problem = {"en": f"no such setting: {name}{near}", "fr": f"réglage inconnu : {name}"}
            raise InvalidInputError(problem=problem, path=("settings", name))
    try:
        return msgspec.convert(dict(values), kind, strict=True)
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        problem = {"en": str(error), "fr": f"un réglage ne convient pas ({error})"}
        raise InvalidInputError(problem=problem, path=("settings",)) from None


def show_settings(settings: object) -> dict[str, object]:
    """Return the settings as plain values, the way they are stored."""
    return cast("dict[str, object]", msgspec.to_builtins(settings))
