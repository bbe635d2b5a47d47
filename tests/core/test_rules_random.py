"""Random trees: what is decided stays decided, and what is asked would decide.

Each leaf has a fact of its own, so that three-valued logic is exact: what is not decided can go
both ways, and every fact that is asked can change the outcome.
"""

import copy
import itertools
import json
import random
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st
from rules_evaluated import DAY, NAMES, rule_of

from cordee_core.rules import RuleResult, evaluate


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
