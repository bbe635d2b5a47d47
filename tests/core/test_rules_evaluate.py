"""Three-valued evaluation of each node, of parameters and of facts that are wrong."""

import datetime
import itertools
from collections.abc import Mapping
from decimal import Decimal

import pytest
from rules_evaluated import DAY, outcome, rule_of, text

from cordee_core.errors import InvalidInputError
from cordee_core.rules import evaluate
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
)


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
