"""The versions of a plan, as pure logic: random acts, and what always holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_core.plans.model import (
    IN_FORCE,
    History,
    PlanStepError,
    Version,
    changed,
    drafted,
    revised,
    settled,
    touched,
)

ACTS = st.lists(
    st.tuples(
        st.sampled_from(("draft", "change", "touch", "agree", "waive", "revise")),
        st.integers(1, 6),
    ),
    max_size=40,
)


def act(history: History, name: str, number: int) -> History:
    if name == "draft":
        return drafted(history)
    if name == "revise":
        return revised(history)
    if not any(one.number == number for one in history):
        raise PlanStepError("nothing there")
    if name == "agree":
        return settled(touched(history, number), number, "agreed")
    if name == "waive":
        return settled(history, number, "waived")
    return (changed if name == "change" else touched)(history, number)


def holds(history: History) -> None:
    """What is true of every history."""
    assert [one.number for one in history] == list(range(1, len(history) + 1))
    assert sum(one.status == "draft" for one in history) <= 1
    assert all(one.status != "draft" for one in history[:-1])
    in_force = [one for one in history if one.status in IN_FORCE]
    assert len(in_force) <= 1
    for one in in_force:
        later = history[one.number :]
        assert all(other.status in ("draft", "replaced") for other in later)


@given(ACTS)
def test_at_most_one_draft_and_one_version_in_force(acts: list[tuple[str, int]]) -> None:
    history: History = ()
    for name, number in acts:
        before = history
        try:
            history = act(history, name, number)
        except PlanStepError:
            assert history == before
            continue
        holds(history)
        frozen = {one.number for one in before if one.frozen}
        assert all(one.frozen for one in history if one.number in frozen)
        if name == "change":
            assert number not in frozen


@given(ACTS)
def test_a_version_in_force_stays_until_another_is_agreed(acts: list[tuple[str, int]]) -> None:
    history: History = ()
    for name, number in acts:
        before = {one.number for one in history if one.status in IN_FORCE}
        try:
            history = act(history, name, number)
        except PlanStepError:
            continue
        after = {one.number for one in history if one.status in IN_FORCE}
        assert before <= after or name in ("agree", "waive")


def test_a_draft_that_somebody_saw_is_replaced_by_its_revision() -> None:
    history = touched(drafted(()), 1)
    assert revised(history) == (Version(1, "replaced", touched=True), Version(2))


@pytest.mark.parametrize(
    ("name", "history", "code"),
    [
        ("draft", (Version(1),), "plan_draft_exists"),
        ("revise", (Version(1),), "plan_not_revisable"),
        ("revise", (), "plan_not_revisable"),
        ("change", (Version(1, "agreed"),), "plan_frozen"),
        ("change", (Version(1, touched=True),), "plan_frozen"),
        ("agree", (Version(1, "replaced"), Version(2)), "plan_frozen"),
        ("waive", (Version(1, "agreed"),), "plan_frozen"),
    ],
)
def test_what_a_version_does_not_take(name: str, history: History, code: str) -> None:
    with pytest.raises(PlanStepError) as refused:
        act(history, name, 1)
    assert str(refused.value) == code
