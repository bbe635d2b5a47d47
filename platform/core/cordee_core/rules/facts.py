"""Facts: what a rule asks about a person, and the check of what is given for them."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias, cast, get_args

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    at,
    decimal,
    mapping,
    natural,
    one_of,
    text,
)
from cordee_core.definitions import name as identifier
from cordee_core.errors import InvalidInputError
from cordee_core.languages import Text
from cordee_core.rules.nodes import Kind
from cordee_core.rules.problems import problem

FactType: TypeAlias = Literal[
    "boolean", "integer", "number", "money", "date", "choice", "choices", "periods"
]
_KINDS: Mapping[str, Kind] = {
    "boolean": "boolean",
    "integer": "number",
    "number": "number",
    "money": "number",
    "date": "date",
    "choice": "text",
    "choices": "texts",
    "periods": "periods",
}
_KEYS = ("type", "label", "cost", "minimum", "maximum", "values", "assumed", "assumed_if")
_ITEM_LIMIT = 1_000
_DIGIT_LIMIT = 20


class _Refused(Exception):
    """A value given for a fact can't be taken; `problem` says why, without repeating it."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.problem = problem(code, **params)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to know about a person.

    `cost` orders what to ask: the cheaper first. `assumed` is taken where the fact is not given,
    and the result says so; it is for what is recorded only when it is there. A rule may tie that
    to a condition (`Rule.assumed_if`).
    """

    name: str
    type: FactType
    label: Text
    cost: int = 1
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    values: Mapping[str, Text] | None = None
    assumed: object = None

    @property
    def kind(self) -> Kind:
        """What its values are, as far as comparing goes."""
        return _KINDS[self.type]

    def read(self, raw: object) -> object:
        """Return a given value in its exact form (numbers `Decimal` or int, dates, pairs of dates).

        Raises:
            InvalidInputError: the value is of another type, or outside the limits.
        """
        try:
            return _READERS[self.type](self, raw)
        except _Refused as refused:
            raise InvalidInputError(path=("facts", self.name), problem=refused.problem) from None


def bounded(raw: object, where: str) -> Decimal:
    """Return `raw` as an exact number of at most 20 digits, so that arithmetic stays small."""
    found = decimal(raw, where)
    if _is_too_long(found):
        raise DefinitionError(where, f"a number has at most {_DIGIT_LIMIT} digits")
    return found


def _is_too_long(number: Decimal) -> bool:
    _, digits, exponent = number.as_tuple()
    return len(digits) + abs(int(exponent)) > _DIGIT_LIMIT


def parse_facts(raw: object, where: str) -> Mapping[str, Fact]:
    """Return the facts that a rule declares, by name."""
    return {key: _parse_fact(key, value, at(where, key)) for key, value in _named(raw, where)}


def _named(raw: object, where: str) -> Iterable[tuple[str, object]]:
    for key, value in mapping(raw, where).items():
        yield identifier(key, at(where, key)), value


def _parse_fact(key: str, raw: object, where: str) -> Fact:
    fields = Fields(raw, where, _KEYS)
    kind = cast("FactType", fields.need("type", one_of(get_args(FactType))))
    values = fields.maybe("values", _parse_labels)
    if (values is not None) != (kind in ("choice", "choices")):
        needed = "are needed for" if values is None else "make no sense for"
        raise DefinitionError(fields.at("values"), f"values {needed} the type {kind}")
    fact = Fact(
        name=key,
        type=kind,
        label=fields.need("label", text),
        cost=fields.get("cost", natural, 1),
        minimum=fields.maybe("minimum", bounded),
        maximum=fields.maybe("maximum", bounded),
        values=values,
    )
    return _with_assumption(fact, fields)


def _with_assumption(fact: Fact, fields: Fields) -> Fact:
    if "assumed" not in fields:
        if "assumed_if" in fields:
            raise DefinitionError(fields.at("assumed_if"), "there is no value to be assumed")
        return fact
    try:
        assumed = fact.read(fields.raw("assumed"))
    except InvalidInputError as error:
        raise DefinitionError(fields.at("assumed"), str(error.params["problem"])) from None
    kept = {key: getattr(fact, key) for key in ("name", "type", "label", "cost", "values")}
    return Fact(**kept, minimum=fact.minimum, maximum=fact.maximum, assumed=assumed)


def _parse_labels(raw: object, where: str) -> Mapping[str, Text]:
    return {key: text(value, at(where, key)) for key, value in mapping(raw, where).items()}


def _read_boolean(_fact: Fact, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise _Refused("need_boolean")
    return raw


def _read_number(fact: Fact, raw: object) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)):
        raise _Refused("need_number")
    found = Decimal(str(raw))
    if not found.is_finite():
        raise _Refused("need_number")
    if _is_too_long(found):
        raise _Refused("too_many_digits", limit=_DIGIT_LIMIT)
    if fact.minimum is not None and found < fact.minimum:
        raise _Refused("too_low", limit=fact.minimum)
    if fact.maximum is not None and found > fact.maximum:
        raise _Refused("too_high", limit=fact.maximum)
    return found


def _read_integer(fact: Fact, raw: object) -> int:
    found = _read_number(fact, raw)
    if found != found.to_integral_value():
        raise _Refused("need_whole")
    return int(found)


def _read_date(_fact: Fact, raw: object) -> datetime.date:
    if isinstance(raw, datetime.date) and not isinstance(raw, datetime.datetime):
        return raw
    try:
        return datetime.date.fromisoformat(raw if isinstance(raw, str) else "")
    except ValueError:
        raise _Refused("need_date") from None


def _read_choice(fact: Fact, raw: object) -> str:
    known = fact.values or {}
    if not isinstance(raw, str) or raw not in known:
        raise _Refused("need_choice", known=", ".join(known))
    return raw


def _read_choices(fact: Fact, raw: object) -> tuple[str, ...]:
    return tuple(_read_choice(fact, one) for one in _items(raw))


def _read_periods(fact: Fact, raw: object) -> tuple[tuple[datetime.date, datetime.date], ...]:
    return tuple(_read_period(fact, one) for one in _items(raw))


def _read_period(fact: Fact, raw: object) -> tuple[datetime.date, datetime.date]:
    ends = _items(raw)
    if len(ends) != 2:
        raise _Refused("need_period")
    first, last = (_read_date(fact, one) for one in ends)
    if last < first:
        raise _Refused("period_order")
    return first, last


def _items(raw: object) -> list[object]:
    if not isinstance(raw, (list, tuple)):
        raise _Refused("need_list")
    found = list(cast("Iterable[object]", raw))
    if len(found) > _ITEM_LIMIT:
        raise _Refused("too_many_items", limit=_ITEM_LIMIT)
    return found


_READERS = {
    "boolean": _read_boolean,
    "integer": _read_integer,
    "number": _read_number,
    "money": _read_number,
    "date": _read_date,
    "choice": _read_choice,
    "choices": _read_choices,
    "periods": _read_periods,
}
