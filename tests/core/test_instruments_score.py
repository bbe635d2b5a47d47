"""Scores: what a lack of answers does, that order changes nothing."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from instruments_samples import ANSWERS, GRID, ON, T, instrument_of, result_of

from cordee_core.instruments.functions import rounded
from cordee_core.instruments.score import check_answers, failing_references, score


def test_a_result_names_its_instrument_version_and_term() -> None:
    result = result_of([1, 2, "much"])
    assert result["instrument"] == "sample.grid"
    assert result["version"] == "2.1.0"
    assert (result["on"], result["valid_until"]) == ("2026-05-04", "2026-06-03")
    assert (result["total"], result["status"]) == (5, "complete")
    assert json.loads(json.dumps(result)) == result


def test_a_missing_answer_is_prorated_as_far_as_the_policy_goes() -> None:
    assert result_of([1, 2])["total"] == 5
    assert result_of([1, 2])["status"] == "prorated"
    assert result_of([1, 2])["strict"] is None
    alone = result_of([1])
    assert (alone["total"], alone["status"], alone["ask"]) == (None, "not_scorable", ["b", "c"])


def test_nothing_answered_gives_no_number() -> None:
    for nothing in ([], {}, [None, None], {"a": None}):
        result = result_of(nothing)
        assert result["status"] == "not_scorable"
        assert not [value for value in result.values() if type(value) in (int, float)]


def test_means_are_rounded_half_up_from_exact_fractions() -> None:
    assert result_of([3, 3, 1])["mean"] == 2.33
    assert rounded(Fraction(10, 3), 2) == Decimal("3.33")
    assert rounded(Fraction(1, 8), 2) == Decimal("0.13")
    assert rounded(Fraction(-1, 8), 2) == Decimal("-0.13")
    assert rounded(Fraction(5, 2), 0) == 3


def test_weights_are_added_exactly() -> None:
    assert result_of({"a": 3, "e": True})["weighted"] == 14.25
    assert result_of({"a": 3})["weighted"] is None


def test_a_truth_is_open_only_while_something_could_decide_it() -> None:
    assert result_of({"a": 3})["high"] is True
    assert result_of({"a": 0})["high"] is None
    assert result_of({"a": 0, "b": 0, "c": "no", "e": False})["high"] is False


def test_a_flag_rises_whatever_the_total() -> None:
    assert result_of({"b": 3})["flags"] == ["b_top"]
    assert result_of({"b": 3})["status"] == "not_scorable"
    assert result_of([0, 2, 0])["flags"] == []


def test_the_only_item_may_be_answered_bare() -> None:
    single = instrument_of(
        items=[{"linkId": "x", "type": "number", "text": T, "range": [0, 10]}],
        subscales=[],
        scores=[{"key": "x_sum", "title": T, "function": "sum", "items": ["x"]}],
        decided_by=["x_sum"],
        flags=[],
    )
    assert score(single, check_answers(single, 7), ON).values["x_sum"] == 7


def test_a_wrong_reference_case_is_named() -> None:
    wrong = instrument_of(
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


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_nothing(answers: dict[str, object], random: Any) -> None:
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert result_of(dict(shuffled)) == result_of(answers)


@given(ANSWERS)
def test_a_result_can_be_computed_again_from_what_is_stored(answers: dict[str, object]) -> None:
    checked = check_answers(GRID, answers)
    stored = json.loads(json.dumps(checked.to_json()))
    assert check_answers(GRID, stored) == checked
    assert result_of(stored) == result_of(answers)


@given(ANSWERS, st.sampled_from("abc"), st.integers(0, 2))
def test_an_answer_more_never_makes_a_scorable_result_unscorable(
    answers: dict[str, object], item: str, value: int
) -> None:
    before = result_of(answers)
    if before["status"] != "not_scorable" and answers.get(item) is None:
        assert result_of({**answers, item: value})["status"] != "not_scorable"


@given(ANSWERS, st.sampled_from("abc"), st.integers(0, 2))
def test_an_answer_more_never_contradicts_a_decided_truth(
    answers: dict[str, object], item: str, value: int
) -> None:
    before = result_of(answers)["high"]
    if before is not None and answers.get(item) is None:
        assert result_of({**answers, item: value})["high"] == before
