"""The bundled rules give the results of their reference cases, explained in two languages."""

import datetime
import json
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cordee_core.languages import LANGUAGES
from cordee_core.plugins.content import load_yaml
from cordee_core.rules import Fact, Rule, RuleCase, evaluate, parse_rule

PLUGINS = Path(__file__).parents[2] / "plugins"
FILES = sorted(PLUGINS.glob("*/cordee_*/content/rules/*.yaml"))


def _read(path: Path) -> Rule:
    raw = load_yaml(path.read_text(encoding="utf-8"))
    assert isinstance(raw, dict)
    return parse_rule(raw)


RULES = [_read(path) for path in FILES]
CASES = [(rule, case) for rule in RULES for case in rule.cases]
DAYS = st.dates(datetime.date(2015, 1, 1), datetime.date(2027, 12, 31))


def _as_written(value: object) -> object:
    """Money is compared as a number however it is written."""
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        try:
            return Decimal(value)
        except ArithmeticError:
            return value
    return value


@pytest.mark.parametrize(
    ("rule", "case"), CASES, ids=[f"{rule.code}-{rule.cases.index(case)}" for rule, case in CASES]
)
def test_reference_case(rule: Rule, case: RuleCase) -> None:
    result = evaluate(rule, case.facts, case.on).as_json()
    told = {key: _as_written(result[key]) for key in case.expect}
    assert told == {key: _as_written(value) for key, value in case.expect.items()}


def test_every_promised_rule_is_there() -> None:
    assert {rule.code for rule in RULES} >= {
        "health.fr_apa",
        "employment.fr_cej",
        "child_protection.fr_jeune_majeur",
        "housing.us_chronic_homeless",
        "housing.fr_dalo",
        "housing.fr_plus_ceiling",
        "housing.uk_homeless_duty",
        "housing.support_selection",
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_fits_the_published_schema(path: Path) -> None:
    schema = json.loads((files("cordee_core") / "schemas" / "rules.json").read_text("utf-8"))
    raw = load_yaml(path.read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(raw)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_outcome_has_a_reference_case(rule: Rule) -> None:
    told = {evaluate(rule, case.facts, case.on).outcome for case in rule.cases}
    assert told == {outcome.name for outcome in rule.outcomes} | {"unknown"}


def _values(fact: Fact) -> st.SearchStrategy[object]:
    if fact.type == "boolean":
        return st.booleans()
    if fact.type == "choice":
        return st.sampled_from(sorted(fact.values or {}))
    if fact.type == "choices":
        return st.lists(st.sampled_from(sorted(fact.values or {})), max_size=3, unique=True)
    if fact.type == "periods":
        period = st.tuples(DAYS, st.integers(0, 500)).map(
            lambda pair: [pair[0], pair[0] + datetime.timedelta(days=pair[1])]
        )
        return st.lists(period, max_size=5)
    low = int(fact.minimum or 0)
    high = int(fact.maximum) if fact.maximum is not None else 100_000
    return st.integers(low, high) | st.integers(low, min(high, low + 70))


@st.composite
def _partial_facts(draw: st.DrawFn, rule: Rule) -> dict[str, object]:
    known = draw(st.sets(st.sampled_from(sorted(rule.facts))))
    return {name: draw(_values(rule.facts[name])) for name in sorted(known)}


PROPERTY = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
@PROPERTY
@given(data=st.data())
def test_results_are_explained_in_both_languages(rule: Rule, data: st.DataObject) -> None:
    result = evaluate(rule, data.draw(_partial_facts(rule)), data.draw(DAYS))
    for reason in result.because:
        for language in LANGUAGES:
            assert reason.sentence[language].strip()
            assert "…" not in reason.sentence[language]
    assert bool(result.because) == result.decided
    assert json.loads(json.dumps(result.as_json()))["outcome"] == result.outcome


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
@PROPERTY
@given(data=st.data())
def test_learning_a_fact_never_contradicts_a_decision(rule: Rule, data: st.DataObject) -> None:
    facts, on = data.draw(_partial_facts(rule)), data.draw(DAYS)
    before = evaluate(rule, facts, on)
    learnable = sorted(
        name for name in rule.facts if name not in facts and name not in before.assumed
    )
    learnt = {name: data.draw(_values(rule.facts[name])) for name in learnable}
    after = evaluate(rule, {**facts, **learnt}, on)
    if before.decided:
        assert after.outcome == before.outcome
    else:
        assert before.ask or before.parameter_missing or not before.in_force
    assert after.decided or after.parameter_missing or not after.in_force


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
@PROPERTY
@given(data=st.data())
def test_only_unknown_facts_are_asked_and_only_while_undecided(
    rule: Rule, data: st.DataObject
) -> None:
    facts, on = data.draw(_partial_facts(rule)), data.draw(DAYS)
    result = evaluate(rule, facts, on)
    assert not set(result.ask) & set(facts)
    if result.decided:
        assert result.ask == ()
    costs = [rule.facts[name].cost for name in result.ask]
    assert costs == sorted(costs)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
@PROPERTY
@given(data=st.data())
def test_the_facts_that_are_asked_are_enough_to_decide(rule: Rule, data: st.DataObject) -> None:
    facts, on = data.draw(_partial_facts(rule)), data.draw(DAYS)
    asked = evaluate(rule, facts, on).ask
    learnt = {name: data.draw(_values(rule.facts[name])) for name in asked}
    after = evaluate(rule, {**facts, **learnt}, on)
    assert after.decided or after.parameter_missing or not after.in_force
