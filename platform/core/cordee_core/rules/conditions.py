"""How each condition reads its JSON form."""

import datetime
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias, cast

from cordee_core.definitions import DefinitionError, Fields, integer, one_of, sequence
from cordee_core.definitions import suggestion as near
from cordee_core.rules.nodes import (
    All,
    AnyOf,
    AtLeast,
    Between,
    Check,
    Compare,
    Constant,
    Exists,
    FactValue,
    Holds,
    Kind,
    Member,
    Not,
    Operator,
    Scalar,
    Value,
)

if TYPE_CHECKING:
    from cordee_core.rules.reader import Place, Reader

_ORDERED: tuple[Kind, ...] = ("number", "date")
_OPERATORS = ("==", "!=", "<", "<=", ">", ">=")

ReadCondition: TypeAlias = Callable[["Reader", object, "Place"], Check]


def _all(reader: "Reader", raw: object, place: "Place") -> Check:
    return All(parts=reader.checks(raw, place))


def _any(reader: "Reader", raw: object, place: "Place") -> Check:
    return AnyOf(parts=reader.checks(raw, place))


def _not(reader: "Reader", raw: object, place: "Place") -> Check:
    return Not(part=reader.check(raw, place))


def _at_least(reader: "Reader", raw: object, place: "Place") -> Check:
    fields = Fields(raw, place.where, ("n", "of"))
    number = fields.need("n", integer)
    parts = reader.checks(fields.raw("of"), place.step("of"))
    if not 1 <= number <= len(parts):
        raise DefinitionError(fields.at("n"), f"{number} is not between 1 and {len(parts)}")
    return AtLeast(number=number, parts=parts)


def _holds(reader: "Reader", raw: object, place: "Place") -> Check:
    fact = reader.fact(raw, place)
    if fact.kind != "boolean":
        raise place.error(f"the fact {fact.name!r} is no boolean: compare it with something")
    return Holds(fact=fact)


def _compare(reader: "Reader", raw: object, place: "Place") -> Check:
    fields = Fields(raw, place.where, ("left", "op", "right"))
    left = reader.value(fields.raw("left"), place.step("left"))
    operator = cast("Operator", fields.need("op", one_of(_OPERATORS)))
    right = _matching(reader, left, fields.raw("right"), place.step("right"))
    if operator not in ("==", "!=") and left.kind not in _ORDERED:
        raise place.error(f"{left.kind} has no order: only == and != make sense")
    return Compare(left=left, operator=operator, right=right)


def _member(reader: "Reader", raw: object, place: "Place") -> Check:
    fields = Fields(raw, place.where, ("left", "values"))
    left = reader.of_kind(("number", "text", "texts"), fields.raw("left"), place.step("left"))
    return Member(
        left=left, values=scalars(reader, left, fields.raw("values"), place.step("values"))
    )


def _between(reader: "Reader", raw: object, place: "Place") -> Check:
    fields = Fields(raw, place.where, ("left", "low", "high"))
    left = reader.of_kind(_ORDERED, fields.raw("left"), place.step("left"))
    low, high = (
        _matching(reader, left, fields.raw(key), place.step(key)) for key in ("low", "high")
    )
    return Between(left=left, low=low, high=high)


def _exists(reader: "Reader", raw: object, place: "Place") -> Check:
    return Exists(fact=reader.fact(raw, place))


def _matching(reader: "Reader", left: Value, raw: object, place: "Place") -> Value:
    """Return the value to compare with `left`: of its kind, and one of its fact's values."""
    right = reader.value(raw, place)
    if left.kind == "date" and isinstance(right, Constant) and isinstance(right.value, str):
        right = Constant(_day(right.value, place), "date")
    if right.kind != left.kind:
        raise place.error(f"{left.kind} can't be compared with {right.kind}")
    if isinstance(right, Constant):
        _refuse_unlisted(reader, left, right.value, place)
    return right


def scalars(reader: "Reader", left: Value, raw: object, place: "Place") -> tuple[Scalar, ...]:
    """Return the constants of the list `raw`, each of the kind of `left` or of its elements."""
    wanted = "text" if left.kind == "texts" else left.kind
    found: list[Scalar] = []
    for index, one in enumerate(sequence(raw, place.where)):
        step = place.step(index)
        value = reader.value(one, step)
        if not isinstance(value, Constant) or value.kind != wanted:
            raise step.error(f"a constant of the kind {wanted} is needed")
        _refuse_unlisted(reader, left, value.value, step)
        found.append(value.value)
    if not found:
        raise place.error("the list is empty")
    return tuple(found)


def _refuse_unlisted(reader: "Reader", left: Value, value: object, place: "Place") -> None:
    if not isinstance(left, FactValue):
        return
    known = reader.names.facts[left.name].values
    if known is not None and value not in known:
        hint = near(str(value), known).replace(";", ",", 1)
        raise place.error(f"{value!r} is no value of the fact {left.name!r}{hint}")


def _day(raw: str, place: "Place") -> datetime.date:
    try:
        return datetime.date.fromisoformat(raw)
    except ValueError:
        raise place.error(f"{raw!r} is no date written YYYY-MM-DD") from None


CONDITIONS: Mapping[str, ReadCondition] = MappingProxyType(
    {
        "all": _all,
        "any": _any,
        "not": _not,
        "at_least": _at_least,
        "fact": _holds,
        "cmp": _compare,
        "in": _member,
        "between": _between,
        "exists": _exists,
    }
)
"""The conditions by the key that names them in JSON."""
