"""What a condition says, in French and English, for those who read a result."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import cast

from babel.dates import format_date
from babel.numbers import format_decimal

from cordee_core.languages import Language, pick, say
from cordee_core.rules.facts import Fact
from cordee_core.rules.nodes import (
    All,
    AnyOf,
    Arithmetic,
    AtLeast,
    Between,
    Call,
    Check,
    Choose,
    Compare,
    Constant,
    CountHolding,
    CountItems,
    DateDiff,
    EvaluationDate,
    Exists,
    FactValue,
    Holds,
    Lookup,
    Member,
    Not,
    Value,
)

_SYMBOLS = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_words = partial(say, "rules")


def facts_in(node: Value | Check) -> tuple[str, ...]:
    """Return the facts that a value or condition reads, each once, in the order they stand."""
    return tuple(dict.fromkeys(_facts(node)))


def _facts(node: Value | Check) -> Iterable[str]:
    if isinstance(node, FactValue):
        yield node.name
    for below in _below(node):
        yield from _facts(below)


def _below(node: Value | Check) -> Iterable[Value | Check]:
    match node:
        case All() | AnyOf() | AtLeast() | CountHolding():
            return node.parts
        case Not():
            return (node.part,)
        case Holds() | Exists():
            return (node.fact,)
        case Compare():
            return (node.left, node.right)
        case Member():
            return (node.left,)
        case Between():
            return (node.left, node.low, node.high)
        case _:
            return _below_value(node)


def _below_value(value: Value) -> Iterable[Value | Check]:
    match value:
        case Lookup():
            return value.keys
        case DateDiff():
            return (value.start, value.end)
        case CountItems():
            return (value.items,)
        case Arithmetic():
            return value.operands
        case Call():
            return value.arguments
        case Choose():
            return (one for branch in value.branches for one in branch if one is not None)
        case _:
            return ()


def statement(check: Check, facts: Mapping[str, Fact], language: Language) -> str:
    """Return what `check` says, in the author's words or, where there are none, in ours."""
    if check.mark is not None and check.mark.sentence is not None:
        return pick(check.mark.sentence, language)
    below = partial(statement, facts=facts, language=language)
    match check:
        case All() | AnyOf():
            joint = _words("and" if isinstance(check, All) else "or", language)
            return joint.join(map(below, check.parts))
        case AtLeast():
            listing = ", ".join(map(below, check.parts))
            return _words("at_least", language, number=check.number, statements=listing)
        case Not():
            return _words("not", language, statement=below(check.part))
        case _:
            return _leaf_statement(check, facts, language)


def _leaf_statement(
    check: Holds | Exists | Compare | Member | Between,
    facts: Mapping[str, Fact],
    language: Language,
) -> str:
    name = partial(_operand, facts=facts, language=language)
    match check:
        case Holds():
            return name(check.fact)
        case Exists():
            return _words("exists", language, left=name(check.fact))
        case Member():
            fact = fact_of(check.left, facts)
            values = ", ".join(shown(value, fact, language) for value in check.values)
            return _words("in", language, left=name(check.left), values=values)
        case Between():
            low, high = name(check.low), name(check.high)
            return _words("between", language, left=name(check.left), low=low, high=high)
        case Compare():
            right = name(check.right, beside=fact_of(check.left, facts))
            return f"{name(check.left)} {_SYMBOLS[check.operator]} {right}"


def _operand(
    value: Value, facts: Mapping[str, Fact], language: Language, beside: Fact | None = None
) -> str:
    if isinstance(value, Constant):
        return shown(value.value, beside, language)
    if isinstance(value, FactValue):
        return pick(facts[value.name].label, language)
    if isinstance(value, EvaluationDate):
        return _words("evaluation_date", language)
    labels = ", ".join(pick(facts[name].label, language) for name in facts_in(value))
    if isinstance(value, Lookup) or not labels:
        return _words("table_value", language)
    return _words("computed_from", language, labels=labels)


def fact_of(value: Value, facts: Mapping[str, Fact]) -> Fact | None:
    """Return the fact that `value` is, None where it is something else."""
    return facts[value.name] if isinstance(value, FactValue) else None


def shown(value: object, fact: Fact | None, language: Language) -> str:
    """Return a value as a person reads it: with the fact's words for its values."""
    if isinstance(value, bool):
        return _words("yes" if value else "no", language)
    if isinstance(value, (int, Decimal)):
        return format_decimal(value, format="#,##0.####", locale=language)
    if isinstance(value, datetime.date):
        return format_date(value, format="long", locale=language)
    if isinstance(value, tuple):
        return _shown_items(cast("tuple[object, ...]", value), fact, language)
    label = (fact.values or {}).get(str(value)) if fact else None
    return pick(label, language) if label else str(value)


def _shown_items(items: tuple[object, ...], fact: Fact | None, language: Language) -> str:
    if not items:
        return _words("nothing", language)
    return ", ".join(_shown_item(item, fact, language) for item in items)


def _shown_item(item: object, fact: Fact | None, language: Language) -> str:
    if not isinstance(item, tuple):
        return shown(item, fact, language)
    first, last = (shown(day, None, language) for day in cast("tuple[object, object]", item))
    return _words("period", language, first=first, last=last)
