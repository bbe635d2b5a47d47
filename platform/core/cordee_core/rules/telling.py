"""Values as closures. A value that can't be told is a `Missing`, which says what it would take."""

import datetime
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce, singledispatch
from typing import TypeAlias

from cordee_core.rules.functions import months_between
from cordee_core.rules.nodes import (
    Arithmetic,
    Call,
    Constant,
    CountItems,
    DateDiff,
    EvaluationDate,
    FactValue,
    Lookup,
    Value,
)
from cordee_core.rules.parameters import Parameter


@dataclass(frozen=True, slots=True)
class Missing:
    """What keeps a value or condition from being told: facts, or parameters without a value."""

    facts: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()

    def __or__(self, other: "Missing") -> "Missing":
        """Return both together."""
        return Missing(self.facts | other.facts, self.parameters | other.parameters)


NOTHING = Missing()


@dataclass(frozen=True, slots=True)
class Frame:
    """What one evaluation goes by; a fact that is not in `facts` is not known."""

    facts: Mapping[str, object]
    parameters: Mapping[str, Parameter]
    on: datetime.date


Telling: TypeAlias = Callable[[Frame], object]


@singledispatch
def telling(value: Value) -> Telling:
    """Return the compiled form of a value; it tells the value, or what is missing for it."""
    raise TypeError(f"no value: {value!r}")


@telling.register
def _(value: Constant) -> Telling:
    return lambda _frame: value.value


@telling.register
def _(value: FactValue) -> Telling:
    missing = Missing(facts=frozenset({value.name}))
    return lambda frame: frame.facts.get(value.name, missing)


@telling.register
def _(_value: EvaluationDate) -> Telling:
    return lambda frame: frame.on


@telling.register
def _(value: Lookup) -> Telling:
    def find(frame: Frame, *keys: object) -> object:
        dated = frame.parameters[value.parameter].on(frame.on)
        row = None if dated is None else dated.rows.get(tuple(map(_key, keys)))
        return Missing(parameters=frozenset({value.parameter})) if row is None else row

    return _applied(find, value.keys)


@telling.register
def _(value: DateDiff) -> Telling:
    def difference(_frame: Frame, start: datetime.date, end: datetime.date) -> int:
        if value.unit == "days":
            return (end - start).days
        months = months_between(start, end)
        return months if value.unit == "months" else int(months / 12)

    return _applied(difference, (value.start, value.end))


@telling.register
def _(value: CountItems) -> Telling:
    def count(_frame: Frame, items: tuple[object, ...]) -> int:
        if value.among is None:
            return len(items)
        return len({item for item in items if item in value.among})

    return _applied(count, (value.items,))


_OPERATIONS: Mapping[str, Callable[..., object]] = {
    "sum": lambda *numbers: sum(numbers, Decimal(0)),
    "product": lambda *numbers: reduce(operator.mul, numbers),
    "difference": operator.sub,
    "min": lambda *numbers: min(numbers),
    "max": lambda *numbers: max(numbers),
}


@telling.register
def _(value: Arithmetic) -> Telling:
    run = _OPERATIONS[value.operation]
    return _applied(lambda _frame, *numbers: run(*numbers), value.operands)


@telling.register
def _(value: Call) -> Telling:
    names = tuple(value.function.inputs)

    def call(_frame: Frame, *arguments: object) -> object:
        given = dict(zip(names, map(_whole, arguments), strict=True))
        return value.function.run(**given)

    return _applied(call, value.arguments)


def _applied(function: Callable[..., object], operands: tuple[Value, ...]) -> Telling:
    """Return `function` of the frame and the operands, or what is missing for any of them."""
    tellings = tuple(map(telling, operands))

    def apply(frame: Frame) -> object:
        found = [one(frame) for one in tellings]
        gaps = [one for one in found if isinstance(one, Missing)]
        return reduce(operator.or_, gaps) if gaps else function(frame, *found)

    return apply


def _whole(value: object) -> object:
    """Return whole numbers as int, which is what functions of dates and counts take."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


def _key(value: object) -> str:
    return str(_whole(value))
