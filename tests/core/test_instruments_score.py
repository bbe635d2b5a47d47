"""Answers and scores: what is taken, what a lack of answers does, that order changes nothing."""

import datetime
import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_core.errors import InvalidAnswerError
from cordee_core.instruments.definition import Instrument, parse_instrument
from cordee_core.instruments.functions import rounded
from cordee_core.instruments.score import check_answers, failing_references, score

ON = datetime.date(2026, 5, 4)
T = {"en": "Text", "fr": "Texte"}
LEVELS = [{"code": name, "label": T, "score": n} for n, name in enumerate(("no", "some", "much"))]


def _instrument(**parts: Any) -> Instrument:
    return parse_instrument(
        {
            "code": "sample.grid",
            "version": "2.1.0",
            "title": T,
            "description": T,
            "licence": {"verdict": "ship", "holder": "us", "terms": "own"},
            "sources": [{"citation": "us", "date": "2026-01-01"}],
            "effective": "2026-01-01",
            "validity_days": 30,
            "items": [
                {"linkId": "a", "type": "number", "text": T, "range": [0, 3], "na": True},
                {"linkId": "b", "type": "number", "text": T, "range": [0, 3]},
                {"linkId": "c", "type": "choice", "text": T, "options": LEVELS},
                {
                    "linkId": "d",
                    "type": "multi_choice",
                    "text": T,
                    "options": LEVELS,
                    "required": False,
                },
                {"linkId": "e", "type": "boolean", "text": T, "required": False},
                {"linkId": "f", "type": "date", "text": T, "required": False},
                {"linkId": "g", "type": "text", "text": T, "required": False},
                {"linkId": "h", "type": "number", "text": T, "whole": False, "required": False},
                {
                    "linkId": "i",
                    "type": "text",
                    "text": T,
                    "required": False,
                    "enable_when": {"item": "e", "equals": True},
                },
            ],
            "subscales": [{"code": "core", "title": T, "items": ["a", "b", "c"]}],
            "scores": [
                {
                    "key": "total",
                    "title": T,
                    "function": "sum",
                    "items": "core",
                    "missing": {"policy": "prorate", "most": 1},
                },
                {"key": "strict", "title": T, "function": "sum", "items": "core"},
                {
                    "key": "mean",
                    "title": T,
                    "function": "mean",
                    "items": "core",
                    "decimals": 2,
                    "missing": {"policy": "ignore"},
                },
                {
                    "key": "weighted",
                    "title": T,
                    "function": "weighted",
                    "table": {"a": 1.5, "e": -0.25},
                    "constant": 10,
                    "decimals": 2,
                },
                {
                    "key": "high",
                    "title": T,
                    "function": "truth",
                    "when": {
                        "any": [{"some": "core", "at_least": 3}, {"item": "e", "equals": True}]
                    },
                },
            ],
            "decided_by": ["total"],
            "flags": [{"code": "b_top", "label": T, "when": {"item": "b", "at_least": 3}}],
            **parts,
        }
    )


GRID = _instrument()


def _result(answers: object) -> dict[str, object]:
    return score(GRID, check_answers(GRID, answers), ON).to_json()


def test_a_result_names_its_instrument_version_and_term() -> None:
    result = _result([1, 2, "much"])
    assert result["instrument"] == "sample.grid"
    assert result["version"] == "2.1.0"
    assert (result["on"], result["valid_until"]) == ("2026-05-04", "2026-06-03")
    assert (result["total"], result["status"]) == (5, "complete")
    assert json.loads(json.dumps(result)) == result


def test_a_missing_answer_is_prorated_as_far_as_the_policy_goes() -> None:
    assert _result([1, 2])["total"] == 5
    assert _result([1, 2])["status"] == "prorated"
    assert _result([1, 2])["strict"] is None
    alone = _result([1])
    assert (alone["total"], alone["status"], alone["ask"]) == (None, "not_scorable", ["b", "c"])


def test_nothing_answered_gives_no_number() -> None:
    for nothing in ([], {}, [None, None], {"a": None}):
        result = _result(nothing)
        assert result["status"] == "not_scorable"
        assert not [value for value in result.values() if type(value) in (int, float)]


def test_not_applicable_is_neither_an_answer_nor_a_lack() -> None:
    assert _result(["na", 2, 1])["mean"] == 1.5
    assert _result(["na", 2, 1])["status"] == "complete"
    with pytest.raises(InvalidAnswerError) as caught:
        check_answers(GRID, {"b": "na"})
    assert caught.value.path == ("b",)


def test_means_are_rounded_half_up_from_exact_fractions() -> None:
    assert _result([3, 3, 1])["mean"] == 2.33
    assert rounded(Fraction(10, 3), 2) == Decimal("3.33")
    assert rounded(Fraction(1, 8), 2) == Decimal("0.13")
    assert rounded(Fraction(-1, 8), 2) == Decimal("-0.13")
    assert rounded(Fraction(5, 2), 0) == 3


def test_weights_are_added_exactly() -> None:
    assert _result({"a": 3, "e": True})["weighted"] == 14.25
    assert _result({"a": 3})["weighted"] is None


def test_a_truth_is_open_only_while_something_could_decide_it() -> None:
    assert _result({"a": 3})["high"] is True
    assert _result({"a": 0})["high"] is None
    assert _result({"a": 0, "b": 0, "c": "no", "e": False})["high"] is False


def test_a_flag_rises_whatever_the_total() -> None:
    assert _result({"b": 3})["flags"] == ["b_top"]
    assert _result({"b": 3})["status"] == "not_scorable"
    assert _result([0, 2, 0])["flags"] == []


def test_a_choice_is_given_by_code_or_by_score() -> None:
    assert check_answers(GRID, {"c": 2}).values == check_answers(GRID, {"c": "much"}).values
    assert check_answers(GRID, {"d": [2, "no"]}).to_json() == {"d": ["no", "much"]}


def test_a_list_beside_other_answers_is_taken() -> None:
    assert check_answers(GRID, {"items": [1, 2], "e": True}).to_json() == {
        "a": 1,
        "b": 2,
        "e": True,
    }


def test_the_only_item_may_be_answered_bare() -> None:
    single = _instrument(
        items=[{"linkId": "x", "type": "number", "text": T, "range": [0, 10]}],
        subscales=[],
        scores=[{"key": "x_sum", "title": T, "function": "sum", "items": ["x"]}],
        decided_by=["x_sum"],
        flags=[],
    )
    assert score(single, check_answers(single, 7), ON).values["x_sum"] == 7


@pytest.mark.parametrize(
    ("answers", "path", "problem"),
    [
        ({"a": 4}, ("a",), "outside 0 to 3"),
        ([1, -1], (1,), "outside 0 to 3"),
        ({"a": 1.5}, ("a",), "not a whole number"),
        ({"a": "1"}, ("a",), "a number is needed"),
        ({"a": True}, ("a",), "a number is needed"),
        ({"h": float("nan")}, ("h",), "a number is needed"),
        ({"c": "mcuh"}, ("c",), "did you mean 'much'"),
        ({"c": 7}, ("c",), "none of no, some, much"),
        ({"c": ["no"]}, ("c",), "none of"),
        ({"d": "no"}, ("d",), "a list of options"),
        ({"d": ["no", "nope"]}, ("d", 1), "none of"),
        ({"d": ["no", "no"]}, ("d", 1), "stands twice"),
        ({"e": 1}, ("e",), "true or false"),
        ({"f": "04/05/2026"}, ("f",), "YYYY-MM-DD"),
        ({"g": "a\x00b"}, ("g",), "can't be stored"),
        ({"g": "\ud800"}, ("g",), "can't be stored"),
        ({"g": " "}, ("g",), "a text is needed"),
        ({"i": "why"}, ("i",), "not asked"),
        ({"z": 1}, ("z",), "no such item"),
        ([0] * 10, (9,), "9 items only"),
        ("x", (), "list in item order"),
        (None, (), "list in item order"),
    ],
)
def test_a_wrong_answer_is_refused_with_its_path(
    answers: object, path: tuple[str | int, ...], problem: str
) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        check_answers(GRID, answers, ("answers",))
    assert caught.value.path == ("answers", *path)
    assert problem in str(caught.value.params["problem"])


def test_a_problem_is_said_in_both_languages() -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        check_answers(GRID, {"a": 4})
    problem: Any = caught.value.params["problem"]
    assert problem["fr"] == "4 est hors de l'intervalle de 0 à 3"
    assert problem["en"] == "4 is outside 0 to 3"
    assert caught.value.params["item"] == "a"


def test_an_item_is_asked_only_when_it_is_enabled() -> None:
    assert "i" not in check_answers(GRID, {}).unanswered
    assert "i" in check_answers(GRID, {"e": True}).unanswered
    assert check_answers(GRID, {"e": True, "i": "why"}).to_json() == {"e": True, "i": "why"}


def test_a_wrong_reference_case_is_named() -> None:
    wrong = _instrument(
        cases=[
            {"answers": [1, 1, 1], "expect": {"total": 3}},
            {"answers": [1, 1, 1], "expect": {"total": 4}},
            {"answers": [9], "expect": {"total": 4}},
        ]
    )
    failing = failing_references(wrong)
    assert [line.partition(": ")[2].partition(":")[0] for line in failing] == [
        "cases[1]",
        "cases[2]",
    ]


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "a": st.none() | st.integers(0, 3) | st.just("na"),
        "b": st.none() | st.integers(0, 3),
        "c": st.none() | st.sampled_from(["no", "some", "much"]) | st.integers(0, 2),
        "d": st.none() | st.lists(st.sampled_from(["no", "some", "much"]), unique=True),
        "e": st.none() | st.booleans(),
        "f": st.none() | st.dates().map(str),
        "h": st.none() | st.decimals(-5, 5, places=3).map(float),
    },
)


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_nothing(answers: dict[str, object], random: Any) -> None:
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert _result(dict(shuffled)) == _result(answers)


@given(ANSWERS)
def test_null_and_absent_are_the_same(answers: dict[str, object]) -> None:
    given_only = {key: value for key, value in answers.items() if value is not None}
    assert _result(given_only) == _result(answers)


@given(ANSWERS)
def test_a_result_can_be_computed_again_from_what_is_stored(answers: dict[str, object]) -> None:
    checked = check_answers(GRID, answers)
    stored = json.loads(json.dumps(checked.to_json()))
    assert check_answers(GRID, stored) == checked
    assert _result(stored) == _result(answers)


@given(ANSWERS, st.sampled_from("abc"), st.integers(0, 2))
def test_an_answer_more_never_makes_a_scorable_result_unscorable(
    answers: dict[str, object], item: str, value: int
) -> None:
    before = _result(answers)
    if before["status"] != "not_scorable" and answers.get(item) is None:
        assert _result({**answers, item: value})["status"] != "not_scorable"


@given(ANSWERS, st.sampled_from("abc"), st.integers(0, 2))
def test_an_answer_more_never_contradicts_a_decided_truth(
    answers: dict[str, object], item: str, value: int
) -> None:
    before = _result(answers)["high"]
    if before is not None and answers.get(item) is None:
        assert _result({**answers, item: value})["high"] == before


@given(st.integers().filter(lambda number: not 0 <= number <= 3))
def test_a_number_out_of_range_is_refused_at_its_place(number: int) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        check_answers(GRID, {"b": number}, ("answers",))
    assert caught.value.path == ("answers", "b")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcdefghiz"), inner)
    ),
    max_leaves=12,
)


def _place_of_error(answers: object) -> tuple[str | int, ...] | None:
    try:
        result = score(GRID, check_answers(GRID, answers, ("answers",)), ON).to_json()
    except InvalidAnswerError as error:
        return error.path
    assert json.loads(json.dumps(result)) == result
    return None


@given(JSON)
def test_anything_else_is_scored_or_refused_with_a_path(answers: object) -> None:
    path = _place_of_error(answers)
    assert path is None or path[0] == "answers"
