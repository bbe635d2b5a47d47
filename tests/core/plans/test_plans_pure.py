"""Pure parts with random input: the order of what is due, answers taken over, who signed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cordee_core.instruments.answers import check_answers, completed_from, with_not_asked
from cordee_core.instruments.score import score
from cordee_core.obligations.model import due_key
from cordee_core.plans.model import incomplete
from cordee_core.plugins.host import PluginHost

SSM = PluginHost.discover(names=["housing"]).instrument("housing.ssm")[1]
ITEMS = [item.link_id for item in SSM.items]
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DUE = st.tuples(st.booleans(), MOMENTS, st.uuids())
NUMBERS = st.dictionaries(st.sampled_from(ITEMS), st.one_of(st.integers(1, 5), st.just("na")))


@given(st.lists(DUE, max_size=20))
def test_what_is_open_comes_first_and_what_is_due_first(
    rows: list[tuple[bool, datetime, UUID]],
) -> None:
    keyed = sorted(rows, key=lambda one: due_key(one[1], one[2], is_open=one[0]))
    order = [(not is_open, int(due.timestamp() * 1000)) for is_open, due, _ in keyed]
    assert order == sorted(order)


@given(DUE)
def test_the_key_is_the_row_s_own(row: tuple[bool, datetime, UUID]) -> None:
    is_open, due, identifier = row
    key = due_key(due, identifier, is_open=is_open)
    assert key.int & (2**72 - 1) == identifier.int & (2**72 - 1)
    assert key != due_key(due, identifier, is_open=not is_open)


@given(NUMBERS, NUMBERS, st.sets(st.sampled_from(ITEMS)))
def test_answers_taken_over_fill_what_was_neither_answered_nor_left_out(
    answers: dict[str, Any], stored: dict[str, Any], left_out: set[str]
) -> None:
    reasons = dict.fromkeys(left_out - set(answers), "x")
    given_now = with_not_asked(check_answers(SSM, answers), reasons)
    whole = completed_from(given_now, stored)
    expected = {**{item: stored[item] for item in stored if item not in reasons}, **answers}
    assert whole.to_json() == expected
    assert check_answers(SSM, whole.to_json()).values == whole.values
    assert set(whole.not_asked) == set(reasons)


@given(NUMBERS, st.sets(st.sampled_from(ITEMS)))
def test_a_reason_never_changes_a_score_and_is_never_asked_again(
    answers: dict[str, Any], left_out: set[str]
) -> None:
    plain = check_answers(SSM, answers)
    reasoned = with_not_asked(plain, dict.fromkeys(left_out - set(answers), "x"))
    on = SSM.effective
    assert score(SSM, reasoned, on).values == score(SSM, plain, on).values
    assert not set(score(SSM, reasoned, on).ask) & set(reasoned.not_asked)


@given(st.sets(st.sampled_from(("responsible", "due_on", "method_code", "goal_id"))))
def test_an_action_is_whole_with_all_four(there: set[str]) -> None:
    needed = ("responsible", "due_on", "method_code", "goal_id")
    action = {name: "x" if name in there else None for name in needed}
    assert incomplete(action) is (len(there) < 4)
