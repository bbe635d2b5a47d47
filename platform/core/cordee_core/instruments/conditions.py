"""Conditions on answers, in three-valued logic: true, false, or not known yet (Kleene, 1952)."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    boolean,
    decimal,
    listed,
    mapping,
    name,
    sequence,
    string,
    suggestion,
)

Truth = bool | None


class Sheet(Protocol):
    """The answers and the results so far, as conditions read them."""

    def answer(self, item: str) -> object:
        """Return the answer to `item`, None where there is none."""
        ...

    def number(self, item: str) -> Decimal | None:
        """Return the score of the answer to `item`, None where there is none."""
        ...

    def result(self, key: str) -> object:
        """Return the result `key`, None where it is not decided."""
        ...


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison of an answer, or of an earlier result."""

    subject: str
    operator: str
    operand: object
    of_result: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """``all``, ``any`` or ``not`` of other conditions."""

    kind: str
    parts: tuple["Condition", ...]


Condition = Leaf | Group


@dataclass(frozen=True, slots=True)
class Names:
    """What a condition may name: items in their order, subscales, and the results before it."""

    items: Collection[str]
    subscales: dict[str, tuple[str, ...]]
    results: Collection[str] = ()

    def known(self, raw: object, where: str) -> str:
        """Return `raw`, the linkId of an item."""
        found = name(raw, where)
        if found not in self.items:
            raise DefinitionError(where, f"no item {found!r}{suggestion(found, self.items)}")
        return found

    def group(self, raw: object, where: str) -> tuple[str, ...]:
        """Return the linkIds that `raw` lists, or those of the subscale that it names."""
        if not isinstance(raw, str):
            return listed(raw, where, self.known)
        if raw == "all":
            return tuple(self.items)
        if raw not in self.subscales:
            raise DefinitionError(where, f"no subscale {raw!r}{suggestion(raw, self.subscales)}")
        return self.subscales[raw]

    def earlier(self, raw: object, where: str) -> str:
        """Return `raw`, the key of a result that stands before."""
        found = name(raw, where)
        if found not in self.results:
            hint = suggestion(found, self.results)
            raise DefinitionError(where, f"no result {found!r} stands before this one{hint}")
        return found


def _scalar(raw: object, where: str) -> object:
    return (
        raw
        if isinstance(raw, bool)
        else string(raw, where)
        if isinstance(raw, str)
        else decimal(raw, where)
    )


def _scalars(raw: object, where: str) -> object:
    return tuple(
        _scalar(one, f"{where}[{index}]") for index, one in enumerate(sequence(raw, where))
    )


_OPERANDS: dict[str, Callable[[object, str], object]] = {
    "equals": _scalar,
    "in": _scalars,
    "contains": string,
    "at_least": decimal,
    "below": decimal,
    "not_empty": boolean,
    "unanswered": boolean,
}


def condition(raw: object, where: str, names: Names) -> Condition:
    """Return `raw` as a condition: ``all``/``any``/``not``, or a comparison of one subject."""
    keys = set(mapping(raw, where))
    for kind in ("all", "any"):
        if kind in keys:
            parts = Fields(raw, where, (kind,)).all(kind, lambda one, at: condition(one, at, names))
            return Group(kind, parts)
    if "not" in keys:
        inner = Fields(raw, where, ("not",)).need("not", lambda one, at: condition(one, at, names))
        return Group("not", (inner,))
    return _comparison(Fields(raw, where, ("item", "some", "result", *_OPERANDS)), names)


def _comparison(fields: Fields, names: Names) -> Condition:
    operators = [key for key in _OPERANDS if key in fields]
    if len(operators) != 1:
        listing = ", ".join(_OPERANDS)
        raise DefinitionError(fields.where, f"exactly one comparison is needed of {listing}")
    operator = operators[0]
    operand = fields.need(operator, _OPERANDS[operator])
    if "some" in fields:
        members = fields.need("some", names.group)
        return Group("any", tuple(Leaf(member, operator, operand) for member in members))
    if "result" in fields:
        return Leaf(fields.need("result", names.earlier), operator, operand, of_result=True)
    return Leaf(fields.need("item", names.known), operator, operand)


def evaluate(one: Condition, sheet: Sheet) -> Truth:
    """Return whether the condition holds; None while an answer that could decide it is missing."""
    if isinstance(one, Leaf):
        return _compare(one, sheet)
    truths = [evaluate(part, sheet) for part in one.parts]
    if one.kind == "not":
        return None if truths[0] is None else not truths[0]
    return some(truths) if one.kind == "any" else every(truths)


def some(truths: Iterable[Truth]) -> Truth:
    """Return the disjunction: one true decides, one unknown leaves it open."""
    found = list(truths)
    return True if True in found else None if None in found else False


def every(truths: Iterable[Truth]) -> Truth:
    """Return the conjunction: one false decides, one unknown leaves it open."""
    found = list(truths)
    return False if False in found else None if None in found else True


def _compare(leaf: Leaf, sheet: Sheet) -> Truth:
    value = sheet.result(leaf.subject) if leaf.of_result else sheet.answer(leaf.subject)
    if leaf.operator == "unanswered":
        return (value is None) == leaf.operand
    if value is None:
        return None
    if leaf.operator in ("at_least", "below"):
        return _measure(leaf, value, sheet)
    if leaf.operator == "not_empty":
        return bool(value) == leaf.operand
    if leaf.operator == "contains":
        return isinstance(value, tuple) and leaf.operand in value
    if leaf.operator == "in":
        return isinstance(leaf.operand, tuple) and value in leaf.operand
    return value == leaf.operand


def _measure(leaf: Leaf, value: object, sheet: Sheet) -> Truth:
    number = value if leaf.of_result else sheet.number(leaf.subject)
    if isinstance(number, bool) or not isinstance(number, (int, Decimal)):
        return False  # "not applicable" reaches no threshold
    limit = leaf.operand
    assert isinstance(limit, Decimal)
    return number >= limit if leaf.operator == "at_least" else number < limit
