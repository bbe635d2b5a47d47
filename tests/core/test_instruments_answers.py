"""Answers: what is taken, what is refused and where."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from instruments_samples import ANSWERS, GRID, ON, result_of

from cordee_core.errors import InvalidAnswerError
from cordee_core.instruments.score import check_answers, score


def test_not_applicable_is_neither_an_answer_nor_a_lack() -> None:
    assert result_of(["na", 2, 1])["mean"] == 1.5
    assert result_of(["na", 2, 1])["status"] == "complete"
    with pytest.raises(InvalidAnswerError) as caught:
        check_answers(GRID, {"b": "na"})
    assert caught.value.path == ("b",)


def test_a_choice_is_given_by_code_or_by_score() -> None:
    assert check_answers(GRID, {"c": 2}).values == check_answers(GRID, {"c": "much"}).values
    assert check_answers(GRID, {"d": [2, "no"]}).to_json() == {"d": ["no", "much"]}


def test_a_list_beside_other_answers_is_taken() -> None:
    assert check_answers(GRID, {"items": [1, 2], "e": True}).to_json() == {
        "a": 1,
        "b": 2,
        "e": True,
    }


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


@given(ANSWERS)
def test_null_and_absent_are_the_same(answers: dict[str, object]) -> None:
    given_only = {key: value for key, value in answers.items() if value is not None}
    assert result_of(given_only) == result_of(answers)


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
