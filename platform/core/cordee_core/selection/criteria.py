"""The criteria of a programme's profiles, and what they say of facts."""

from collections.abc import Mapping
from datetime import date

from cordee_core.access.scope import Scope
from cordee_core.errors import InvalidInputError
from cordee_core.languages import catalogue
from cordee_core.programmes.parts import Profile
from cordee_core.rules import Rule, RuleResult, evaluate, parse_rule
from cordee_core.validation import problem


def chosen_profile(profiles: tuple[Profile, ...], wanted: str | None) -> Profile:
    """Return the profile of that code, the first where none is named. Raises InvalidInputError."""
    for one in profiles:
        if wanted in (None, one.code):
            return one
    raise problem(
        ("input", "profile"), "the programme has no such profile", "le programme n'a pas ce profil"
    )


def criteria_of(scope: Scope, profile: Profile) -> Rule:
    """Return the rule that selects for a profile: a plugin's, or the tenant's own."""
    if profile.criteria is not None:
        return scope.host.rule(profile.criteria)[1]
    return parse_rule(profile.own_criteria or {})


def checked_evaluation(rule: Rule, facts: Mapping[str, object], on: date) -> RuleResult:
    """Evaluate a rule. Raises InvalidInputError at ``input.facts.<name>``."""
    try:
        return evaluate(rule, facts, on)
    except InvalidInputError as error:
        raise type(error)(path=("input", *error.path), **error.params) from error


def outcome_text(rule: Rule, outcome: str | None) -> Mapping[str, str]:
    """Return the rule's label of an outcome, in every language."""
    labels = {one.name: one.label for one in rule.outcomes}
    return dict(labels.get(outcome or "") or catalogue("words")["outcome_unknown"])


def selects(rule: Rule, outcome: str | None) -> bool | None:
    """Return whether an outcome is favourable; None where it is unknown."""
    known = {one.name: one.favourable for one in rule.outcomes}
    return known.get(outcome or "")
