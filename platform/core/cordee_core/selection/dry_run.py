"""Dry runs: whom the profiles would select, and who would change under other criteria.

Pure: what is known of persons and cases comes in, sizes and changes come out; nothing is decided.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any
from uuid import UUID

from cordee_core.errors import InvalidInputError
from cordee_core.rules import Rule, RuleResult, evaluate
from cordee_core.selection.criteria import selects

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ProfileSize:
    """How many of the persons a profile would select, would not, and can't tell."""

    code: str
    selected: int
    unknown: int
    not_selected: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many persons two profiles would both select."""

    first: str
    second: str
    persons: int


@dataclass(frozen=True, slots=True)
class TargetGroupRun:
    """What the profiles say of `persons`, of whom something is known.

    `in_none` are those whom no profile selects nor might select, `undecided` those whom none
    selects and of whom more must be known. `warnings` are codes of ``messages/dry_run.toml``.
    """

    persons: int
    profiles: tuple[ProfileSize, ...]
    overlaps: tuple[Overlap, ...]
    in_none: int
    undecided: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case of which the criteria would say something else now."""

    case: UUID
    person: UUID | None
    before: str
    after: str
    selected_before: bool | None
    selected_after: bool | None
    decision: str


@dataclass(frozen=True, slots=True)
class CriteriaRun:
    """What other criteria would say of the cases decided so far, by the facts kept with them."""

    cases: int
    changes: tuple[CaseChange, ...]


def run_profiles(rules: Mapping[str, Rule], persons: Iterable[Facts], on: date) -> TargetGroupRun:
    """Return the size of each profile, who is in several or in none, and what to beware of."""
    sizes = {code: Counter[bool | None]() for code in rules}
    overlaps: Counter[tuple[str, str]] = Counter()
    known = in_none = undecided = 0
    for facts in persons:
        known += 1
        found = {code: selects(rule, said(rule, facts, on)) for code, rule in rules.items()}
        for code, chosen in found.items():
            sizes[code][chosen] += 1
        selected = [code for code, chosen in found.items() if chosen]
        overlaps.update(combinations(selected, 2))
        in_none += all(chosen is False for chosen in found.values())
        undecided += not selected and None in found.values()
    return TargetGroupRun(
        persons=known,
        profiles=tuple(
            ProfileSize(code, one[True], one[None], one[False]) for code, one in sizes.items()
        ),
        overlaps=tuple(Overlap(*pair, number) for pair, number in overlaps.items()),
        in_none=in_none,
        undecided=undecided,
        warnings=_warnings(rules, known, in_none),
    )


def _warnings(rules: Mapping[str, Rule], known: int, in_none: int) -> tuple[str, ...]:
    if not rules:
        return ("no_profile",)
    if not known:
        return ("nobody_known",)
    return ("nothing_excluded",) if in_none == 0 else ()


def run_criteria(before: Rule, after: Rule, decided: Sequence[Mapping[str, Any]]) -> CriteriaRun:
    """Return the cases of which `after` would say something else than was said of them."""
    changes = []
    for row in decided:
        outcome = said(after, row["facts"], row["evaluated_on"])
        if outcome != row["outcome"]:
            changes.append(
                CaseChange(
                    case=row["case_id"],
                    person=row["person_id"],
                    before=row["outcome"],
                    after=outcome,
                    selected_before=selects(before, row["outcome"]),
                    selected_after=selects(after, outcome),
                    decision=row["decision"],
                )
            )
    return CriteriaRun(len(decided), tuple(changes))


def said(rule: Rule, facts: Facts, on: date) -> str:
    """Return what the rule says of the facts; one that does not fit the rule is not known."""
    return _evaluated(rule, facts, on).outcome or "unknown"


def _evaluated(rule: Rule, facts: Facts, on: date) -> RuleResult:
    try:
        return evaluate(rule, facts, on)
    except InvalidInputError:
        fitting = {name: value for name, value in facts.items() if _fits(rule, name, value)}
        return evaluate(rule, fitting, on)


def _fits(rule: Rule, name: str, value: object) -> bool:
    fact = rule.facts.get(name)
    if fact is None or value is None:
        return False
    try:
        fact.read(value)
    except InvalidInputError:
        return False
    return True
