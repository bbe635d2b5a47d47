"""The life of a case as a pure state machine: whatever the model, these properties hold."""

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_core.cases.lifecycle import (
    ENDED,
    POSSIBLE,
    STAGES,
    WORKING,
    IllegalMoveError,
    Standing,
    replay,
    step,
    targets,
)
from cordee_core.plugins.host import PluginHost

MIGRATION = "platform/core/cordee_core/migrations/core_20261121_9_lifecycle.sql"
models = st.sets(st.tuples(st.sampled_from(STAGES), st.sampled_from(STAGES)))


def walk(data: st.DataObject, allowed: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """A random life under a model."""
    standing, history = Standing(), []
    for _ in range(12):
        ends = targets(allowed, standing)
        if not ends:
            break
        end = data.draw(st.sampled_from(ends))
        history.append((standing.stage, end))
        standing = step(standing, end)
    return history


@given(st.data(), models)
def test_a_case_goes_only_where_its_model_says(data, allowed):
    for pair in walk(data, allowed):
        assert pair in allowed


@given(st.data())
def test_a_life_replays_to_where_it_stands(data):
    history = walk(data, set(POSSIBLE))
    standing = replay(history)
    assert standing.stage == (history[-1][1] if history else "intake")


@given(st.data())
def test_what_is_on_hold_returns_to_where_it_came_from(data):
    history = walk(data, set(POSSIBLE))
    for before, after in itertools.pairwise(history):
        if before[1] == "on_hold" and after[1] not in ("evaluation", "transferred", "merged"):
            assert after[1] == before[0]


@given(st.data())
def test_what_has_ended_stays_ended_unless_it_is_reopened(data):
    for start, end in walk(data, set(POSSIBLE)):
        assert start not in ENDED or (start, end) == ("closed", "reopened")


@given(st.data())
def test_nobody_works_without_an_assessment_first(data):
    seen = set()
    for start, end in walk(data, set(POSSIBLE)):
        if end in WORKING[2:]:
            assert "assessment" in seen
        seen |= {start, end}


@given(st.sampled_from(STAGES), st.sampled_from(STAGES))
def test_a_step_that_no_model_could_allow_is_refused(start, end):
    if (start, end) in POSSIBLE and start != "on_hold":
        assert step(Standing(start), end).stage == end
    elif (start, end) not in POSSIBLE:
        with pytest.raises(IllegalMoveError):
            step(Standing(start, "planning" if start == "on_hold" else None), end)


def test_a_history_with_a_gap_does_not_replay():
    with pytest.raises(IllegalMoveError):
        replay([("intake", "assessment"), ("planning", "implementation")])


def test_the_stages_follow_each_other_as_the_domain_says():
    way = ["intake", *WORKING, "closed"]
    assert all(pair in POSSIBLE for pair in itertools.pairwise(way))
    assert set(STAGES) == {*way, "on_hold", "reopened", "transferred", "refused", "merged"}
    assert all((stage, "evaluation") in POSSIBLE for stage in WORKING[:-1])


def test_the_database_knows_the_same_pairs(root: Path):
    text = (root / MIGRATION).read_text("utf-8")
    block = text[text.index("CASE from_stage") : text.index("ELSE ARRAY[]::text[]")]
    found = set()
    for start, ends in re.findall(r"WHEN '(\w+)' THEN\s+ARRAY\[([^\]]+)\]", block):
        found |= {(start, end) for end in re.findall(r"'(\w+)'", ends)}
    assert found == set(POSSIBLE)


def test_the_models_that_are_shipped_ask_for_nothing_impossible(host: PluginHost):
    for content in host.content.values():
        for model in content.models.values():
            wanted = {(one.start, one.end) for one in model.transitions}
            assert wanted <= POSSIBLE, model.code
