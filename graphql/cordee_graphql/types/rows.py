"""Makes objects of the API from database rows."""

import dataclasses
import inspect
from collections.abc import Callable, Hashable, Mapping
from enum import Enum
from functools import cache, partial
from typing import Any, TypeVar, cast, get_args

from cordee_graphql.nodes import Node
from cordee_graphql.planner.shapes import Column, shape_of

T = TypeVar("T")
Convert = Callable[[Any], Any]


def from_row(cls: type[T], row: Mapping[str, Any], /, **more: object) -> T:
    """Return a `cls` whose fields hold the columns that they are declared as, and `more`.

    A field declared without a column's name holds that of its own name. Fields whose type is an
    enum get its member; the id of a node comes from the column ``id``; a field called ``row``
    holds the row itself.
    """
    given = {
        name: convert(row[column])
        for name, column, convert in _columns(cast("Hashable", cls))
        if column in row and name not in more
    }
    if issubclass(cls, Node):
        given.setdefault("uuid", row["id"])
    if "row" in _names(cast("Hashable", cls)):
        given["row"] = row
    return cls(**{**given, **more})


@cache
def _names(cls: Any) -> frozenset[str]:
    return frozenset(one.name for one in dataclasses.fields(cls))


@cache
def _columns(cls: Any) -> tuple[tuple[str, str, Convert], ...]:
    annotations: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        annotations |= inspect.get_annotations(base)
    return tuple(
        (one.name, _column(one), _conversion(annotations.get(one.name)))
        for one in dataclasses.fields(cls)
        if one.init
    )


def _column(field: dataclasses.Field[Any]) -> str:
    shape = shape_of(field.metadata)
    return (shape.name if isinstance(shape, Column) else None) or field.name


def _conversion(annotation: object) -> Convert:
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, Enum):
            return partial(_members, part)
    return _same


def _members(kind: type[Enum], value: Any) -> Any:
    if value is None:
        return None
    return [kind(one) for one in value] if isinstance(value, list) else kind(value)


def _same(value: Any) -> Any:
    return value
