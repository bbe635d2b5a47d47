"""Evaluates a rule for one person on a date: pure, the same input gives the same answer."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import TypeAlias

from cordee_core.rules.compiled import Condition, condition
from cordee_core.rules.definition import UNKNOWN, Outcome, Output, Rule
from cordee_core.rules.reasons import Explainer, Reason, distinct
from cordee_core.rules.result import OutputValue, RuleResult, Versions
from cordee_core.rules.telling import NOTHING, Frame, Missing, Telling, telling

_CENT = Decimal("0.01")
_WIDE = Context(prec=50_000)
"""Enough digits for the product of all numbers that a rule can hold."""


@dataclass(frozen=True, slots=True)
class _Branch:
    outcome: Outcome
    when: Condition | None

    def truth(self, frame: Frame) -> bool | None:
        return True if self.when is None else self.when.truth(frame)


@dataclass(frozen=True, slots=True)
class _Output:
    output: Output
    when: Condition | None
    value: Telling | None
    check: Condition | None
    each: Mapping[str, Condition]


_Compiled: TypeAlias = tuple[tuple[_Branch, ...], tuple[_Output, ...], Mapping[str, Condition]]


@dataclass(frozen=True, slots=True)
class _Decision:
    outcome: str | None
    because: tuple[Reason, ...] = ()
    why: tuple[str, ...] = ()
    missing: Missing = NOTHING


def evaluate(rule: Rule, facts: Mapping[str, object], on: datetime.date) -> RuleResult:
    """Return what `rule` says of a person of whom `facts` are known, on the date `on`.

    A fact that is absent or None is not known. Facts that the rule does not declare are ignored
    and named in the result.

    Raises:
        InvalidInputError: a fact is of another type than declared, or out of its limits.
    """
    branches, outputs, assumptions = _compiled(rule)
    given = {
        name: fact.read(facts[name])
        for name, fact in rule.facts.items()
        if facts.get(name) is not None
    }
    assumed = _assumed(rule, assumptions, Frame(given, rule.parameters, on))
    frame = Frame({**given, **assumed}, rule.parameters, on)
    told = [_tell(output, frame) for output in outputs]
    gaps = _together(missing for _, missing in told)
    in_force = rule.in_force(on)
    decision = _decide(rule, branches, gaps, frame) if in_force else _Decision(UNKNOWN)
    parameters = (decision.missing | gaps).parameters
    return RuleResult(
        rule=rule.code,
        outcome=decision.outcome,
        because=decision.because,
        why=decision.why,
        ask=_cheapest_first(rule, decision.missing.facts),
        ask_for_outputs=_cheapest_first(rule, gaps.facts) if in_force else (),
        assumed=assumed,
        ignored=tuple(sorted(name for name in facts if name not in rule.facts)),
        in_force=in_force,
        missing_parameters=tuple(sorted(parameters)) if in_force else (),
        outputs={
            one.output.name: value if in_force else None
            for one, (value, _) in zip(outputs, told, strict=True)
        },
        versions=_versions(rule, on),
    )


def _assumed(
    rule: Rule, assumptions: Mapping[str, Condition], given: Frame
) -> Mapping[str, object]:
    """Return the facts that are not given and taken as the rule says."""
    return {
        name: fact.assumed
        for name, fact in rule.facts.items()
        if fact.assumed is not None
        and name not in given.facts
        and (name not in assumptions or assumptions[name].truth(given))
    }


@lru_cache(maxsize=1_024)
def _compiled(rule: Rule) -> _Compiled:
    branches = tuple(
        _Branch(outcome, None if outcome.when is None else condition(outcome.when))
        for outcome in rule.outcomes
    )
    outputs = tuple(
        _Output(
            output=output,
            when=None if output.when is None else condition(output.when),
            value=None if output.value is None else telling(output.value),
            check=None if output.check is None else condition(output.check),
            each={code: condition(check) for code, check in output.each.items()},
        )
        for output in rule.outputs
    )
    assumptions = {name: condition(check) for name, check in rule.assumed_if.items()}
    return branches, outputs, assumptions


def _decide(rule: Rule, branches: tuple[_Branch, ...], outputs: Missing, frame: Frame) -> _Decision:
    """Return the first outcome whose condition holds, unless one above it may still hold."""
    if not branches:
        undecided = bool(outputs.facts or outputs.parameters)
        return _Decision(UNKNOWN if undecided else None, missing=outputs)
    possible: list[_Branch] = []
    for branch in branches:
        truth = branch.truth(frame)
        if truth is not False:
            possible.append(branch)
        if truth is True:
            break
    if len(possible) > 1:
        gaps = (branch.when.missing(frame) for branch in possible if branch.when is not None)
        return _Decision(UNKNOWN, missing=_together(gaps))
    return _explained(rule, branches, possible[0], frame)


def _explained(
    rule: Rule, branches: tuple[_Branch, ...], given: _Branch, frame: Frame
) -> _Decision:
    explainer = Explainer(frame, rule.facts, rule.outputs, rule.source)
    against = [
        reason
        for branch in branches[: branches.index(given)]
        if branch.outcome.favourable and branch.when is not None
        for reason in explainer.reasons(branch.when)
    ]
    deciding = [] if given.when is None else list(explainer.reasons(given.when))
    if given.outcome.favourable:
        return _Decision(given.outcome.name, because=distinct(deciding))
    because = distinct([*deciding, *against])
    why = dict.fromkeys(reason.code for reason in because)
    return _Decision(given.outcome.name, because=because, why=tuple(why))


def _tell(one: _Output, frame: Frame) -> tuple[OutputValue, Missing]:
    if one.when is not None and one.when.truth(frame) is not True:
        return None, one.when.missing(frame)
    if one.check is not None:
        return one.check.truth(frame), one.check.missing(frame)
    if one.value is None:
        holding = (code for code, check in one.each.items() if check.truth(frame))
        return tuple(holding), _together(check.missing(frame) for check in one.each.values())
    found = one.value(frame)
    if isinstance(found, Missing):
        return None, found
    if one.output.type == "money":
        cents = Decimal(str(found)).quantize(_CENT, rounding=ROUND_HALF_UP, context=_WIDE)
        return cents, NOTHING
    return found if isinstance(found, (Decimal, int, str)) else str(found), NOTHING


def _together(missing: Iterable[Missing]) -> Missing:
    found = NOTHING
    for one in missing:
        found = found | one
    return found


def _cheapest_first(rule: Rule, names: Iterable[str]) -> tuple[str, ...]:
    order = {name: index for index, name in enumerate(rule.facts)}
    return tuple(sorted(names, key=lambda name: (rule.facts[name].cost, order[name])))


def _versions(rule: Rule, on: datetime.date) -> Versions:
    begun = {name: found.on(on) for name, found in rule.parameters.items()}
    return Versions(
        rule=f"{rule.code}@{rule.version}",
        parameters={name: None if one is None else one.begin for name, one in begun.items()},
        on=on,
    )
