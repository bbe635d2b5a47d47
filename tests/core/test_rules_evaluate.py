"""Three-valued evaluation: what is decided stays decided, and what is asked would decide."""

import copy
import datetime
import itertools
import json
import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordee_core.errors import InvalidInputError
from cordee_core.rules import Rule, RuleResult, evaluate, parse_rule
from cordee_core.rules.build import (
    all_,
    any_,
    at_least,
    choose,
    count,
    count_items,
    date_diff,
    evaluation_date,
    exists,
    fact,
    greatest,
    least,
    lookup,
    not_,
    param,
    tree,
)

DAY = datetime.date(2026, 1, 15)
SOURCE = {"citation": "a law", "date": "2020-01-01"}
NAMES = tuple("abcdefgh")


def text(word: str) -> dict[str, str]:
    return {"en": word, "fr": f"{word} (fr)"}


FACTS: dict[str, object] = {
    **{
        name: {"type": "boolean", "label": text(name), "cost": 9 - i}
        for i, name in enumerate(NAMES)
    },
    "age": {"type": "integer", "label": text("age"), "minimum": 0, "maximum": 130},
    "income": {"type": "money", "label": text("income"), "minimum": 0},
    "size": {"type": "integer", "label": text("size")},
    "born": {"type": "date", "label": text("born")},
    "place": {
        "type": "choice",
        "label": text("place"),
        "values": {"town": text("town"), "land": text("country")},
    },
    "groups": {
        "type": "choices",
        "label": text("groups"),
        "values": {"x": text("x"), "y": text("y"), "z": text("z")},
    },
    "stays": {"type": "periods", "label": text("stays"), "assumed": []},
}
PARAMETERS: dict[str, object] = {
    "limit": {
        "type": "money",
        "dated": [
            {"from": "2024-01-01", "to": "2025-01-01", "value": "10.50", "source": SOURCE},
            {"from": "2026-01-01", "to": "2027-01-01", "value": "12.00", "source": SOURCE},
        ],
    },
    "ceilings": {
        "type": "money",
        "keys": 2,
        "dated": [
            {
                "from": "2026-01-01",
                "value": {"1": {"town": 100, "land": 90}, "2": {"town": 150, "land": 120}},
                "source": SOURCE,
            }
        ],
    },
}


def rule_of(criteria: object = None, **changes: Any) -> Rule:
    raw: dict[str, Any] = {
        "code": "sample.rule",
        "version": 3,
        "title": text("title"),
        "sources": {"law": SOURCE, "other": {**SOURCE, "citation": "another law"}},
        "valid_from": "2020-01-01",
        "facts": FACTS,
        "parameters": PARAMETERS,
        **changes,
    }
    if criteria is not None:
        raw["criteria"] = tree(criteria)
    return parse_rule(raw)


def outcome(criteria: object, on: datetime.date = DAY, **facts: object) -> str | None:
    return evaluate(rule_of(criteria), facts, on).outcome


def test_kleene_tables() -> None:
    truth = {"eligible": True, "not_eligible": False, "unknown": None}
    both, either, denied = (
        rule_of(all_(fact("a"), fact("b"))),
        rule_of(any_(fact("a"), fact("b"))),
        rule_of(not_(fact("a"))),
    )
    for a, b in itertools.product((True, False, None), repeat=2):
        facts = {"a": a, "b": b}
        conjunction = False if False in (a, b) else None if None in (a, b) else True
        disjunction = True if True in (a, b) else None if None in (a, b) else False
        assert truth[str(evaluate(both, facts, DAY).outcome)] is conjunction
        assert truth[str(evaluate(either, facts, DAY).outcome)] is disjunction
        assert truth[str(evaluate(denied, facts, DAY).outcome)] is (None if a is None else not a)


@pytest.mark.parametrize(
    ("criteria", "facts", "expected"),
    [
        (at_least(2, fact("a"), fact("b"), fact("c")), {"a": True, "b": True}, "eligible"),
        (at_least(2, fact("a"), fact("b"), fact("c")), {"a": False, "b": False}, "not_eligible"),
        (at_least(2, fact("a"), fact("b"), fact("c")), {"a": True, "b": False}, "unknown"),
        (fact("age") != 3, {"age": 3}, "not_eligible"),
        (fact("age").between(16, 25), {"age": 25}, "eligible"),
        (fact("age").between(16, 25), {"age": 26}, "not_eligible"),
        (fact("age").between(16, 25), {}, "unknown"),
        (fact("age").in_(1, 2), {"age": 2}, "eligible"),
        (fact("place").in_("town"), {"place": "land"}, "not_eligible"),
        (fact("groups").in_("x", "y"), {"groups": ["z", "y"]}, "eligible"),
        (fact("groups").in_("x", "y"), {"groups": []}, "not_eligible"),
        (fact("groups").in_("x", "y"), {}, "unknown"),
        (exists("groups"), {"groups": ["x"]}, "eligible"),
        (exists("groups"), {"groups": []}, "not_eligible"),
        (exists("groups"), {"groups": None}, "unknown"),
        (exists("age"), {"age": 0}, "eligible"),
        (count(fact("a"), fact("b")) == 1, {"a": True, "b": False}, "eligible"),
        (count(fact("a"), fact("b")) == 1, {"a": True}, "unknown"),
        (count_items(fact("groups")) >= 2, {"groups": ["x", "z"]}, "eligible"),
        (count_items(fact("groups"), ["x", "y"]) >= 2, {"groups": ["x", "z"]}, "not_eligible"),
        (fact("income") + fact("age") == 3, {"income": 1, "age": 2}, "eligible"),
        (fact("income") - fact("age") == 3, {"income": 5, "age": 2}, "eligible"),
        (fact("income") * 3 == Decimal("0.3"), {"income": 0.1}, "eligible"),
        (least(fact("age"), 8) == 8, {"age": 12}, "eligible"),
        (greatest(fact("age"), 8) == 12, {"age": 12}, "eligible"),
        (fact("born") < datetime.date(2000, 1, 1), {"born": "1999-12-31"}, "eligible"),
        (
            date_diff(fact("born"), evaluation_date(), "years") >= 18,
            {"born": "2008-01-15"},
            "eligible",
        ),
        (
            date_diff(fact("born"), evaluation_date(), "years") >= 18,
            {"born": "2008-01-16"},
            "not_eligible",
        ),
        (
            date_diff(fact("born"), evaluation_date(), "months") == 1,
            {"born": "2025-12-15"},
            "eligible",
        ),
        (
            date_diff(evaluation_date(), fact("born"), "days") == -31,
            {"born": "2025-12-15"},
            "eligible",
        ),
        (
            choose((fact("a"), fact("age")), otherwise=fact("size")) == 7,
            {"a": True, "age": 7},
            "eligible",
        ),
        (
            choose((fact("a"), fact("age")), otherwise=fact("size")) == 7,
            {"a": False, "size": 7},
            "eligible",
        ),
        (
            fact("income") <= lookup("ceilings", fact("size"), fact("place")),
            {"income": 120, "size": 2, "place": "land"},
            "eligible",
        ),
        (
            fact("income") <= lookup("ceilings", fact("size"), fact("place")),
            {"income": 120, "size": 2},
            "unknown",
        ),
    ],
)
def test_each_node(criteria: object, facts: dict[str, object], expected: str) -> None:
    assert outcome(criteria, **facts) == expected


def test_a_parameter_without_a_value_for_the_date_gives_unknown_and_asks_nothing() -> None:
    rule = rule_of(fact("income") <= param("limit"))
    for year, expected in ((2024, "not_eligible"), (2026, "eligible")):
        result = evaluate(rule, {"income": 11}, datetime.date(year, 6, 1))
        assert (result.outcome, result.parameter_missing) == (expected, False)
    for gap in ("2023-12-31", "2025-01-01", "2025-12-31", "2027-01-01"):
        for facts in ({"income": 11}, {}):
            result = evaluate(rule, facts, datetime.date.fromisoformat(gap))
            assert (result.outcome, result.ask) == ("unknown", ())
            assert result.parameter_missing
            assert result.missing_parameters == ("limit",)
            assert result.versions.parameters["limit"] is None


def test_another_criterion_decides_although_a_parameter_is_missing() -> None:
    rule = rule_of(all_(fact("income") <= param("limit"), fact("a")))
    day = datetime.date(2025, 6, 1)
    assert evaluate(rule, {"a": False}, day).outcome == "not_eligible"
    assert evaluate(rule, {}, day).ask == ("a",)


def test_a_row_that_the_table_lacks_counts_as_a_missing_parameter() -> None:
    rule = rule_of(fact("income") <= lookup("ceilings", fact("size"), "town"))
    result = evaluate(rule, {"income": 1, "size": 3}, DAY)
    assert (result.outcome, result.missing_parameters) == ("unknown", ("ceilings",))


def test_a_version_that_is_not_in_force_decides_nothing() -> None:
    rule = rule_of(fact("a"), valid_to="2026-06-01")
    for day, in_force in (("2019-12-31", False), ("2026-05-31", True), ("2026-06-01", False)):
        result = evaluate(rule, {"a": True}, datetime.date.fromisoformat(day))
        assert result.in_force is in_force
        assert result.outcome == ("eligible" if in_force else "unknown")


def test_the_deciding_criteria_are_named_with_value_threshold_source_and_sentence() -> None:
    criteria = all_(
        (fact("age") >= 18).named("grown", sentence=text("be grown up"), source="other"),
        fact("income") <= param("limit"),
        not_(fact("a")),
        any_(fact("b"), fact("c")).named("b_or_c"),
        fact("d"),
    )
    facts = {"age": 17, "income": "12.01", "a": True, "b": False, "c": False}
    facts["income"] = 12.01
    result = evaluate(rule_of(criteria), facts, DAY)
    assert result.outcome == "not_eligible"
    assert result.ask == ()
    assert result.why == ("grown", "income", "a", "b_or_c")
    grown, income, denied, either = result.as_json()["because"]  # type: ignore[misc]
    assert grown["fact"] == "age"
    assert (grown["value"], grown["operator"], grown["threshold"]) == (17, ">=", 18)
    assert grown["source"]["citation"] == "another law"
    assert grown["sentence"] == {
        "en": "Not met: be grown up (age: 17).",
        "fr": "Non rempli : be grown up (fr) (age (fr) : 17).",
    }
    assert (income["value"], income["threshold"]) == ("12.01", "12.00")
    assert income["sentence"]["fr"] == (
        "Non rempli : income (fr) ≤ la valeur en vigueur (income (fr) : 12,01, seuil : 12)."
    )
    assert income["source"]["citation"] == "a law"
    assert denied["sentence"]["en"] == "Not met: not: a (a: yes)."
    assert [one["fact"] for one in either["seen"]] == ["b", "c"]
    assert either["sentence"]["fr"].startswith("Non rempli : b (fr) ou c (fr) (")


def test_an_eligible_result_says_what_was_met_and_nothing_against() -> None:
    result = evaluate(rule_of(any_(fact("a"), fact("b"))), {"b": True}, DAY)
    assert (result.outcome, result.why) == ("eligible", ())
    assert [(reason.code, reason.met) for reason in result.because] == [("b", True)]


def test_what_is_asked_comes_cheapest_first_and_only_from_open_branches() -> None:
    rule = rule_of(all_(any_(fact("a"), fact("h")), any_(fact("b"), fact("c")), fact("age") > 3))
    assert evaluate(rule, {"b": True}, DAY).ask == ("age", "h", "a")
    assert evaluate(rule, {"age": 3}, DAY).ask == ()


def test_an_assumed_fact_is_named_in_the_result() -> None:
    rule = rule_of(count_items(fact("stays")) == 0)
    result = evaluate(rule, {"nonsense": 1}, DAY)
    assert (result.outcome, result.ask) == ("eligible", ())
    assert result.as_json()["assumed"] == {"stays": []}
    assert result.ignored == ("nonsense",)
    given_stays = evaluate(rule, {"stays": [["2025-01-01", "2025-01-02"]]}, DAY)
    assert (given_stays.outcome, given_stays.assumed) == ("not_eligible", {})


def test_an_assumption_may_depend_on_what_is_given() -> None:
    facts: dict[str, Any] = copy.deepcopy(FACTS)
    facts["stays"]["assumed_if"] = (fact("place") == "town").tree
    rule = rule_of(count_items(fact("stays")) == 0, facts=facts)
    assert evaluate(rule, {"place": "town"}, DAY).outcome == "eligible"
    for place in ("land", None):
        result = evaluate(rule, {"place": place}, DAY)
        assert (result.outcome, result.assumed, result.ask) == ("unknown", {}, ("stays",))


OUTPUTS = {
    "amount": {
        "label": text("amount"),
        "type": "money",
        "value": (fact("income") * Decimal("0.335")).tree,
    },
    "grown": {"label": text("grown"), "type": "boolean", "check": (fact("age") >= 18).tree},
    "band": {
        "label": text("band"),
        "type": "text",
        "when": fact("a").tree,
        "value": choose((fact("age") < 18, "young"), otherwise="old").tree,
    },
    "kinds": {
        "label": text("kinds"),
        "type": "codes",
        "each": {"one": fact("a").tree, "two": fact("b").tree, "three": fact("c").tree},
    },
}


def test_further_answers() -> None:
    rule = rule_of(fact("a"), outputs=OUTPUTS)
    facts = {"a": True, "b": False, "c": True, "age": 18, "income": 1.0}
    result = evaluate(rule, facts, DAY)
    # 0.335 rounds half up.
    assert result.outputs == {
        "amount": Decimal("0.34"),
        "grown": True,
        "band": "old",
        "kinds": ("one", "three"),
    }
    assert result.as_json()["amount"] == "0.34"
    assert result.as_mapping()["amount"] == Decimal("0.34")
    partial = evaluate(rule, {"a": False, "c": True}, DAY)
    assert partial.outputs == {"amount": None, "grown": None, "band": None, "kinds": ("three",)}
    assert (partial.outcome, partial.ask) == ("not_eligible", ())
    assert partial.ask_for_outputs == ("age", "income", "b")


def test_a_rule_that_only_determines_has_no_outcome() -> None:
    rule = rule_of(outputs={"grown": OUTPUTS["grown"]})
    assert evaluate(rule, {"age": 20}, DAY).outcome is None
    undecided = evaluate(rule, {}, DAY)
    assert (undecided.outcome, undecided.ask) == ("unknown", ("age",))


def test_outcomes_are_given_in_order() -> None:
    def row(name: str, favourable: bool, when: object) -> dict[str, object]:
        found = {"outcome": name, "label": text(name), "favourable": favourable}
        return found if when is None else {**found, "when": tree(when)}

    rule = rule_of(
        outcomes=[
            row("not_for", False, fact("a")),
            row("right", True, all_(fact("b"), fact("c"))),
            row("maybe", False, None),
        ]
    )

    def told(**facts: bool) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
        result = evaluate(rule, facts, DAY)
        return result.outcome, result.why, result.ask

    assert told(a=True) == ("not_for", ("a",), ())
    assert told(a=False, b=True, c=True) == ("right", (), ())
    assert told(a=False, b=False) == ("maybe", ("b",), ())
    assert told(a=False, b=True) == ("unknown", (), ("c",))
    assert told(b=True, c=True) == ("unknown", (), ("a",))
    assert told(b=False) == ("unknown", (), ("a",))


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"age": "18"}, "a number is needed"),
        ({"age": True}, "a number is needed"),
        ({"age": 1.5}, "a whole number is needed"),
        ({"age": -1}, "the value is below 0"),
        ({"age": 131}, "the value is above 130"),
        ({"income": float("nan")}, "a number is needed"),
        ({"income": Decimal("1e400")}, "a number has at most 20 digits"),
        ({"a": 1}, "true or false is needed"),
        ({"born": "15/01/2026"}, "a date written YYYY-MM-DD is needed"),
        ({"born": 5}, "a date written YYYY-MM-DD is needed"),
        ({"place": "moon"}, "one of these is needed: town, land"),
        ({"groups": "x"}, "a list is needed"),
        ({"groups": ["x", "q"]}, "one of these is needed: x, y, z"),
        ({"stays": [["2026-01-02"]]}, "a period is a list of its first and its last day"),
        ({"stays": [["2026-01-02", "2026-01-01"]]}, "the period ends before it begins"),
        ({"stays": [["2026-01-01", "2026-01-02"]] * 1001}, "a list has at most 1000 elements"),
    ],
)
def test_a_fact_of_the_wrong_kind_is_refused_and_not_repeated(
    facts: dict[str, object], problem: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        evaluate(rule_of(fact("a")), facts, DAY)
    assert refused.value.path == ("facts", next(iter(facts)))
    said = refused.value.params["problem"]
    assert isinstance(said, Mapping)
    assert said["en"] == problem
    assert said["fr"] not in ("", problem)


def test_numbers_are_exact() -> None:
    assert outcome(fact("income") == Decimal("0.3"), income=0.3) == "eligible"
    total = rule_of(
        fact("a"),
        outputs={
            "x": {"label": text("x"), "type": "money", "value": (fact("income") + 0).tree},
        },
    )
    result = evaluate(total, {"income": Decimal("99999999999999.99")}, DAY)
    assert result.as_json()["x"] == "99999999999999.99"


# Random trees. Each leaf has a fact of its own, so that three-valued logic is exact: what is not
# decided can go both ways, and every fact that is asked can change the outcome.


def _random_tree(seed: int) -> tuple[object, tuple[str, ...]]:
    chance = random.Random(seed)
    names = list(NAMES)
    chance.shuffle(names)
    names = names[: chance.randint(1, 7)]

    def grow(leaves: list[str]) -> object:
        if len(leaves) == 1:
            leaf = {"fact": leaves[0]}
            return {"not": leaf} if chance.random() < 0.3 else leaf
        cut = chance.randint(1, len(leaves) - 1)
        parts = [grow(leaves[:cut]), grow(leaves[cut:])]
        if chance.random() < 0.2:
            return {"not": {"any": parts}}
        if len(leaves) > 2 and chance.random() < 0.3:
            flat = [{"fact": name} for name in leaves]
            return {"at_least": {"n": chance.randint(1, len(flat)), "of": flat}}
        return {chance.choice(("all", "any")): parts}

    return grow(names), tuple(names)


RANDOM_TREES = st.integers(0, 10_000).map(_random_tree)
ANSWERS = st.dictionaries(st.sampled_from(NAMES), st.booleans())


def _completions(names: tuple[str, ...], known: Mapping[str, object]) -> list[dict[str, object]]:
    unknown = [name for name in names if name not in known]
    return [
        {**known, **dict(zip(unknown, values, strict=True))}
        for values in itertools.product((True, False), repeat=len(unknown))
    ]


@settings(max_examples=150, deadline=None)
@given(made=RANDOM_TREES, known=ANSWERS)
def test_decided_means_the_same_for_every_completion(
    made: tuple[object, tuple[str, ...]], known: dict[str, object]
) -> None:
    criteria, names = made
    rule = rule_of(criteria)
    result = evaluate(rule, known, DAY)
    outcomes = {evaluate(rule, facts, DAY).outcome for facts in _completions(names, known)}
    if result.decided:
        assert outcomes == {result.outcome}
        assert result.ask == ()
        assert result.because
    else:
        assert outcomes == {"eligible", "not_eligible"}
        assert result.ask


@settings(max_examples=100, deadline=None)
@given(made=RANDOM_TREES, known=ANSWERS)
def test_exactly_the_facts_that_can_change_the_outcome_are_asked(
    made: tuple[object, tuple[str, ...]], known: dict[str, object]
) -> None:
    criteria, names = made
    rule = rule_of(criteria)
    relevant = {
        name
        for name in names
        if name not in known
        for facts in _completions(names, known)
        if evaluate(rule, {**facts, name: True}, DAY).outcome
        != evaluate(rule, {**facts, name: False}, DAY).outcome
    }
    assert set(evaluate(rule, known, DAY).ask) == relevant


@settings(max_examples=100, deadline=None)
@given(made=RANDOM_TREES, known=ANSWERS)
def test_evaluation_is_pure_and_repeatable(
    made: tuple[object, tuple[str, ...]], known: dict[str, object]
) -> None:
    criteria, _ = made
    before = copy.deepcopy(known)
    first = evaluate(rule_of(criteria), known, DAY)
    again = evaluate(rule_of(criteria), known, DAY)
    assert known == before
    assert _written(first) == _written(again)


@settings(max_examples=100, deadline=None)
@given(made=RANDOM_TREES, known=ANSWERS)
def test_the_reasons_alone_lead_to_the_same_outcome(
    made: tuple[object, tuple[str, ...]], known: dict[str, object]
) -> None:
    criteria, _ = made
    rule = rule_of(criteria)
    result = evaluate(rule, known, DAY)
    seen = {one.fact: one.value for reason in result.because for one in reason.seen if one.fact}
    if result.decided:
        assert evaluate(rule, seen, DAY).outcome == result.outcome


def _written(result: RuleResult) -> str:
    return json.dumps(result.as_json(), sort_keys=True)
