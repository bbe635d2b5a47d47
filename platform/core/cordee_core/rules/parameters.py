"""Parameters: thresholds and tables that the law changes, each value with the dates it is for."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias, cast

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    Source,
    at,
    boolean,
    day,
    listed,
    mapping,
    natural,
    one_of,
    source,
    string,
)
from cordee_core.definitions import name as identifier
from cordee_core.rules.facts import bounded
from cordee_core.rules.nodes import Kind, Scalar

ParameterType: TypeAlias = Literal["number", "money", "boolean", "text"]
Table: TypeAlias = Mapping[tuple[str, ...], Scalar]
_KINDS: Mapping[str, Kind] = {
    "number": "number",
    "money": "number",
    "boolean": "boolean",
    "text": "text",
}
_PARSERS = {"number": bounded, "money": bounded, "boolean": boolean, "text": string}
_KEY_LIMIT = 4


@dataclass(frozen=True, slots=True)
class Dated:
    """The rows for the days from `begin` up to, and not including, `end` (None: until changed)."""

    begin: datetime.date
    end: datetime.date | None
    rows: Table
    source: Source


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value, or a table with `keys` columns of keys, for each stretch of time."""

    name: str
    type: ParameterType
    keys: int
    dated: tuple[Dated, ...]

    @property
    def kind(self) -> Kind:
        """What its values are, as far as comparing goes."""
        return _KINDS[self.type]

    def on(self, date: datetime.date) -> Dated | None:
        """Return what is in force on `date`; None where nothing is, never the last one known."""
        for one in self.dated:
            if one.begin <= date and (one.end is None or date < one.end):
                return one
        return None


def parse_parameters(raw: object, where: str) -> Mapping[str, Parameter]:
    """Return the parameters that a rule declares, by name."""
    if raw is None:
        return {}
    return {
        identifier(key, at(where, key)): _parse_parameter(key, value, at(where, key))
        for key, value in mapping(raw, where).items()
    }


def _parse_parameter(key: str, raw: object, where: str) -> Parameter:
    fields = Fields(raw, where, ("type", "keys", "dated"))
    kind = cast("ParameterType", fields.need("type", one_of(_PARSERS)))
    keys = fields.get("keys", natural, 0)
    if keys > _KEY_LIMIT:
        raise DefinitionError(fields.at("keys"), f"a table has at most {_KEY_LIMIT} keys")
    dated = fields.need(
        "dated",
        lambda items, place: listed(items, place, lambda *one: _parse_dated(kind, keys, *one)),
    )
    if not dated:
        raise DefinitionError(fields.at("dated"), "a value with its dates is missing")
    _refuse_overlap(dated, fields.at("dated"))
    return Parameter(name=key, type=kind, keys=keys, dated=dated)


def _parse_dated(kind: ParameterType, keys: int, raw: object, where: str) -> Dated:
    fields = Fields(raw, where, ("from", "to", "value", "source"))
    found = Dated(
        begin=fields.need("from", day),
        end=fields.maybe("to", day),
        rows=fields.need("value", lambda rows, place: _parse_rows(kind, keys, rows, place)),
        source=fields.need("source", source),
    )
    if found.end is not None and found.end <= found.begin:
        raise DefinitionError(fields.at("to"), f"{found.end} does not come after {found.begin}")
    return found


def _parse_rows(kind: ParameterType, keys: int, raw: object, where: str) -> Table:
    if keys == 0:
        return {(): cast("Scalar", _PARSERS[kind](raw, where))}
    rows: dict[tuple[str, ...], Scalar] = {}
    for key, value in mapping(raw, where).items():
        inner = _parse_rows(kind, keys - 1, value, at(where, key))
        rows.update({(key, *rest): scalar for rest, scalar in inner.items()})
    return rows


def _refuse_overlap(dated: tuple[Dated, ...], where: str) -> None:
    for index, (one, following) in enumerate(pairwise(dated), start=1):
        if one.end is None or following.begin < one.end:
            raise DefinitionError(at(where, index), "begins before the one above it has ended")
