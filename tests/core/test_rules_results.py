"""What a result tells: reasons, what is asked, what was assumed, further answers."""

import copy
from decimal import Decimal
from typing import Any

from rules_evaluated import DAY, FACTS, rule_of, text

from cordee_core.rules import evaluate
from cordee_core.rules.build import all_, any_, choose, count_items, fact, not_, param, tree


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
