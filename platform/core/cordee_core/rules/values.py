"""How each value reads its JSON form."""

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    at,
    boolean,
    day,
    kind_of,
    mapping,
    one_of,
    sequence,
    suggestion,
)
from cordee_core.rules.conditions import scalars
from cordee_core.rules.facts import bounded
from cordee_core.rules.nodes import (
    Arithmetic,
    Call,
    Check,
    Choose,
    Constant,
    CountHolding,
    CountItems,
    DateDiff,
    EvaluationDate,
    Lookup,
    Unit,
    Value,
)

if TYPE_CHECKING:
    from cordee_core.rules.reader import Place, Reader

Operation: TypeAlias = Literal["sum", "product", "difference", "min", "max"]
ReadValue: TypeAlias = Callable[["Reader", object, "Place"], Value]


def constant(raw: object, place: "Place") -> Constant:
    """Return a value written as it is: true, false, a number, a text or a date."""
    if isinstance(raw, bool):
        return Constant(raw, "boolean")
    if isinstance(raw, (int, float, Decimal)):
        return Constant(bounded(raw, place.where), "number")
    if isinstance(raw, str):
        return Constant(raw, "text")
    if isinstance(raw, datetime.date) and not isinstance(raw, datetime.datetime):
        return Constant(raw, "date")
    raise place.error(f"a value is needed, not {kind_of(raw)}")


def _fact(reader: "Reader", raw: object, place: "Place") -> Value:
    return reader.fact(raw, place)


def _date(_reader: "Reader", raw: object, place: "Place") -> Value:
    return Constant(day(raw, place.where), "date")


def _today(_reader: "Reader", raw: object, place: "Place") -> Value:
    if not boolean(raw, place.where):
        raise place.error("only true makes sense here")
    return EvaluationDate()


def _param(reader: "Reader", raw: object, place: "Place") -> Value:
    parameter = reader.named(reader.names.parameters, raw, "parameter", place)
    if parameter.keys:
        raise place.error(f"{parameter.name!r} is a table: use table_lookup")
    return Lookup(parameter=parameter.name, keys=(), kind=parameter.kind)


def _lookup(reader: "Reader", raw: object, place: "Place") -> Value:
    fields = Fields(raw, place.where, ("param", "by"))
    step = place.step("param")
    parameter = reader.named(reader.names.parameters, fields.raw("param"), "parameter", step)
    keys = reader.values(fields.raw("by"), place.step("by"))
    if len(keys) != parameter.keys:
        raise place.step("by").error(f"the table has {parameter.keys} keys, not {len(keys)}")
    for index, key in enumerate(keys):
        if key.kind not in ("number", "text"):
            raise place.step("by", index).error(f"a number or text is needed, not {key.kind}")
    return Lookup(parameter=parameter.name, keys=keys, kind=parameter.kind)


def _date_diff(reader: "Reader", raw: object, place: "Place") -> Value:
    fields = Fields(raw, place.where, ("from", "to", "unit"))
    start, end = (
        reader.of_kind(("date",), fields.raw(key), place.step(key)) for key in ("from", "to")
    )
    unit = cast("Unit", fields.need("unit", one_of(("days", "months", "years"))))
    return DateDiff(start=start, end=end, unit=unit)


def _count(reader: "Reader", raw: object, place: "Place") -> Value:
    fields = Fields(raw, place.where, ("of", "list", "among"))
    if "of" in fields and not ("list" in fields or "among" in fields):
        return CountHolding(parts=reader.checks(fields.raw("of"), place.step("of")))
    items = reader.of_kind(("texts", "periods"), fields.raw("list"), place.step("list"))
    if "among" not in fields:
        return CountItems(items=items, among=None)
    among = scalars(reader, items, fields.raw("among"), place.step("among"))
    return CountItems(items=items, among=among)


def _arithmetic(operation: Operation, reader: "Reader", raw: object, place: "Place") -> Value:
    found = sequence(raw, place.where)
    if operation == "difference" and len(found) != 2:
        raise place.error("a difference has two operands")
    operands = tuple(reader.number(one, place.step(i)) for i, one in enumerate(found))
    if not operands:
        raise place.error("the list is empty")
    return Arithmetic(operation=operation, operands=operands)


def _choose(reader: "Reader", raw: object, place: "Place") -> Value:
    rows = sequence(raw, place.where)
    branches = [
        _branch(reader, row, place.step(index), last=index == len(rows) - 1)
        for index, row in enumerate(rows)
    ]
    kinds = {value.kind for _, value in branches}
    if len(kinds) != 1:
        raise place.error(
            f"the branches must be of one kind, not {', '.join(sorted(kinds)) or '0'}"
        )
    return Choose(branches=tuple(branches), kind=branches[0][1].kind)


def _branch(
    reader: "Reader", raw: object, place: "Place", *, last: bool
) -> tuple[Check | None, Value]:
    fields = Fields(raw, place.where, ("when", "value"))
    if ("when" in fields) == last:
        raise DefinitionError(
            fields.at("when"), "the last branch has no condition, and only the last"
        )
    when = reader.check(fields.raw("when"), place.step("when")) if "when" in fields else None
    return when, reader.value(fields.raw("value"), place.step("value"))


def _call(reader: "Reader", raw: object, place: "Place") -> Value:
    fields = Fields(raw, place.where, ("function", "with"))
    step = place.step("function")
    function = reader.named(reader.names.functions, fields.raw("function"), "function", step)
    given = mapping(fields.raw("with"), fields.at("with"))
    for key in given:
        if key not in function.inputs:
            hint = suggestion(key, function.inputs).replace(";", ",", 1)
            where = at(fields.at("with"), key)
            raise DefinitionError(where, f"{function.name!r} has no such input{hint}")
    arguments = tuple(
        reader.of_kind((kind,), given.get(key), place.step("with", key))
        for key, kind in function.inputs.items()
    )
    return Call(function=function, arguments=arguments, kind=function.result)


VALUES: Mapping[str, ReadValue] = MappingProxyType(
    {
        "fact": _fact,
        "date": _date,
        "evaluation_date": _today,
        "param": _param,
        "table_lookup": _lookup,
        "date_diff": _date_diff,
        "count": _count,
        "sum": partial(_arithmetic, "sum"),
        "product": partial(_arithmetic, "product"),
        "difference": partial(_arithmetic, "difference"),
        "min": partial(_arithmetic, "min"),
        "max": partial(_arithmetic, "max"),
        "choose": _choose,
        "call": _call,
    }
)
"""The values by the key that names them in JSON."""
