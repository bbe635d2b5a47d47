"""Scores of an instrument definition: which function, over what, and what its values mean."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, cast

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    at,
    decimal,
    mapping,
    name,
    natural,
    one_of,
    text,
    unique,
)
from cordee_core.instruments.conditions import Names, condition
from cordee_core.instruments.functions import FUNCTIONS, Declared
from cordee_core.instruments.model import Case, Item, Missing, Score

_COMMON = ("key", "title", "function")
_RESERVED = ("instrument", "version", "on", "valid_until", "status", "flags", "ask")


def score(raw: object, where: str, names: Names, items: tuple[Item, ...]) -> Score:
    """Return `raw` as a score, with exactly the fields that its function needs or reads."""
    function = Fields(raw, where).need("function", one_of(FUNCTIONS))
    declared = FUNCTIONS[function]
    fields = Fields(raw, where, (*_COMMON, *declared.needs, *declared.reads))
    for key in declared.needs:
        if key not in fields:
            raise DefinitionError(at(where, key), f"{function} needs it")
    return Score(
        key=fields.need("key", _key),
        title=fields.need("title", text),
        function=function,
        items=_members(fields, names, items, declared),
        of=fields.maybe("of", names.known if function == "lookup" else names.earlier),
        missing=fields.get("missing", _missing, Missing()),
        decimals=fields.get("decimals", natural, 0),
        cases=_cases(fields, names),
        otherwise=fields.maybe("otherwise", lambda one, place: _case(one, place, names)),
        unknown=fields.maybe("unknown", name),
        when=fields.maybe("when", lambda one, place: condition(one, place, names)),
        table=_table(fields, names, items, function),
        constant=fields.get("constant", decimal, Decimal(0)),
    )


def _key(raw: object, where: str) -> str:
    found = name(raw, where)
    if found in _RESERVED:
        raise DefinitionError(where, f"{found!r} is a key that every result has")
    return found


def _members(
    fields: Fields, names: Names, items: tuple[Item, ...], declared: Declared
) -> tuple[str, ...]:
    members: tuple[str, ...] = fields.maybe("items", names.group) or ()
    if declared.numeric_items:
        for member in members:
            _demand_number(member, items, fields.at("items"))
    return members


def _demand_number(member: str, items: tuple[Item, ...], where: str) -> None:
    found = next(one for one in items if one.link_id == member)
    scored = bool(found.options) and all(option.score is not None for option in found.options)
    if found.type not in ("number", "boolean") and not (found.type == "choice" and scored):
        raise DefinitionError(where, f"the answers to {member!r} have no score to add")


def _missing(raw: object, where: str) -> Missing:
    fields = Fields(raw, where, ("policy", "most"))
    policy = fields.need("policy", one_of(("refuse", "prorate", "ignore")))
    return Missing(
        cast('Literal["refuse", "prorate", "ignore"]', policy), fields.get("most", natural, 0)
    )


def _cases(fields: Fields, names: Names) -> tuple[Case, ...]:
    cases = fields.all("cases", lambda one, where: _case(one, where, names))
    where = fields.at("cases")
    unique((one.code for one in cases), where)
    starts = [one.start for one in cases if one.start is not None]
    if starts != sorted(set(starts)):
        raise DefinitionError(where, "each band starts above the one before")
    return cases


def _case(raw: object, where: str, names: Names) -> Case:
    fields = Fields(raw, where, ("code", "label", "when", "from"))
    return Case(
        code=fields.need("code", name),
        label=fields.need("label", text),
        when=fields.maybe("when", lambda one, place: condition(one, place, names)),
        start=fields.maybe("from", decimal),
    )


def _table(
    fields: Fields, names: Names, items: tuple[Item, ...], function: str
) -> Mapping[str, object]:
    if "table" not in fields:
        return {}
    where = fields.at("table")
    table = mapping(fields.raw("table"), where)
    if function == "lookup":
        options = next(one for one in items if one.link_id == fields.raw("of")).options
        parse = one_of(option.code for option in options)
        return {parse(key, at(where, key)): value for key, value in table.items()}
    return {
        names.known(item, at(where, item)): decimal(weight, at(where, item))
        for item, weight in table.items()
    }
