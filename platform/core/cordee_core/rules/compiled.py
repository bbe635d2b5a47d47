"""Conditions as closures: compiled once, then evaluated for one person in microseconds.

Three-valued logic after Kleene: a condition is True, False or None (unknown).
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, reduce, singledispatch
from typing import TypeAlias

from cordee_core.rules.nodes import (
    All,
    AnyOf,
    AtLeast,
    Between,
    Check,
    Choose,
    Compare,
    CountHolding,
    Exists,
    Holds,
    Member,
    Not,
    Value,
)
from cordee_core.rules.telling import NOTHING, Frame, Missing, Telling, telling

Truth: TypeAlias = Callable[[Frame], bool | None]


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition: its truth, and what it is made of, for explanations."""

    check: Check
    truth: Truth
    parts: tuple["Condition", ...] = ()
    values: tuple[Telling, ...] = ()

    def missing(self, frame: Frame) -> Missing:
        """Return the facts that could still decide it; none once it is decided.

        A leaf that waits for a parameter asks for no fact: no answer would decide it.
        """
        if self.truth(frame) is not None:
            return NOTHING
        if self.parts:
            return reduce(operator.or_, (part.missing(frame) for part in self.parts))
        gaps = [gap for value in self.values if isinstance(gap := value(frame), Missing)]
        found = reduce(operator.or_, gaps, NOTHING)
        return Missing(parameters=found.parameters) if found.parameters else found


@singledispatch
def condition(check: Check) -> Condition:
    """Return the compiled form of a condition."""
    raise TypeError(f"no condition: {check!r}")


@condition.register
def _(check: All) -> Condition:
    parts = tuple(map(condition, check.parts))
    return Condition(check, partial(_conjunction, tuple(part.truth for part in parts)), parts)


@condition.register
def _(check: AnyOf) -> Condition:
    parts = tuple(map(condition, check.parts))
    return Condition(check, partial(_disjunction, tuple(part.truth for part in parts)), parts)


@condition.register
def _(check: Not) -> Condition:
    part = condition(check.part)

    def truth(frame: Frame) -> bool | None:
        found = part.truth(frame)
        return None if found is None else not found

    return Condition(check, truth, (part,))


@condition.register
def _(check: AtLeast) -> Condition:
    parts = tuple(map(condition, check.parts))

    def truth(frame: Frame) -> bool | None:
        found = [part.truth(frame) for part in parts]
        if found.count(True) >= check.number:
            return True
        return False if len(found) - found.count(False) < check.number else None

    return Condition(check, truth, parts)


@condition.register(Holds)
@condition.register(Exists)
@condition.register(Member)
@condition.register(Compare)
@condition.register(Between)
def _(check: Holds | Exists | Member | Compare | Between) -> Condition:
    nodes, test = _leaf(check)
    values = tuple(map(telling, nodes))

    def truth(frame: Frame) -> bool | None:
        found = [value(frame) for value in values]
        if any(isinstance(one, Missing) for one in found):
            return None
        return test(*found)

    return Condition(check, truth, values=values)


def _conjunction(truths: tuple[Truth, ...], frame: Frame) -> bool | None:
    found: bool | None = True
    for truth in truths:
        one = truth(frame)
        if one is False:
            return False
        if one is None:
            found = None
    return found


def _disjunction(truths: tuple[Truth, ...], frame: Frame) -> bool | None:
    found: bool | None = False
    for truth in truths:
        one = truth(frame)
        if one is True:
            return True
        if one is None:
            found = None
    return found


_COMPARISONS: Mapping[str, Callable[..., bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _leaf(
    check: Holds | Exists | Member | Compare | Between,
) -> tuple[tuple[Value, ...], Callable[..., bool]]:
    match check:
        case Holds():
            return (check.fact,), lambda value: value is True
        case Exists():
            return (check.fact,), lambda value: value != () and value != ""
        case Member():
            return (check.left,), partial(_is_member, frozenset(check.values))
        case Compare():
            return (check.left, check.right), _COMPARISONS[check.operator]
        case Between():
            nodes = (check.left, check.low, check.high)
            return nodes, lambda value, low, high: low <= value <= high


def _is_member(values: frozenset[object], found: object) -> bool:
    if isinstance(found, tuple):
        return any(one in values for one in found)
    return found in values


@telling.register
def _(value: CountHolding) -> Telling:
    parts = tuple(map(condition, value.parts))

    def count(frame: Frame) -> object:
        found = [part.truth(frame) for part in parts]
        if None in found:
            return reduce(operator.or_, (part.missing(frame) for part in parts))
        return found.count(True)

    return count


@telling.register
def _(value: Choose) -> Telling:
    branches = [
        (None if when is None else condition(when), telling(one)) for when, one in value.branches
    ]

    def choose(frame: Frame) -> object:
        open_branches = NOTHING
        for when, one in branches:
            holds = True if when is None else when.truth(frame)
            if holds is False:
                continue
            found = one(frame)
            if holds and open_branches is NOTHING:
                return found
            # Which branch it will be is open, so what the branches lack may matter, too.
            lacking = found.facts if isinstance(found, Missing) else frozenset[str]()
            open_branches |= Missing(facts=lacking)
            if when is not None:
                open_branches |= when.missing(frame)
            if holds:
                break
        return open_branches

    return choose
