"""Dry runs, pure: sizes add up, overlaps are counted once, nothing excluded is warned of."""

from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cordee_core.rules import Rule, parse_rule
from cordee_core.selection.criteria import selects
from cordee_core.selection.dry_run import run_criteria, run_profiles, said

T = {"en": "Text", "fr": "Texte"}
ON = date(2026, 1, 15)


def rule(least: int, fact: str = "age") -> Rule:
    """Those of whom `fact` is at least so much."""
    return parse_rule({
        "code": f"own.from_{least}", "version": 1, "title": T,
        "sources": {"own": {"citation": "us", "date": "2026-01-01"}}, "valid_from": "2020-01-01",
        "facts": {fact: {"type": "integer", "label": T}},
        "criteria": {"cmp": {"left": {"fact": fact}, "op": ">=", "right": least}},
    })  # fmt: skip


PERSONS = st.lists(st.fixed_dictionaries({"age": st.none() | st.integers(0, 100)}), max_size=30)
RULES = {"young": rule(10), "old": rule(60)}


@given(PERSONS)
def test_every_person_is_counted_once_in_each_profile(persons: list[dict[str, Any]]) -> None:
    found = run_profiles(RULES, persons, ON)
    ages = [one["age"] for one in persons]
    known = [age for age in ages if age is not None]
    for size, least in zip(found.profiles, (10, 60), strict=True):
        assert size.selected == sum(age >= least for age in known)
        assert size.not_selected == sum(age < least for age in known)
        assert size.unknown == ages.count(None)
    both = sum(age >= 60 for age in known)
    assert sum(one.persons for one in found.overlaps) == both
    assert found.in_none == sum(age < 10 for age in known)
    assert found.undecided == ages.count(None)
    assert found.persons == len(persons)


@given(PERSONS)
def test_it_is_warned_where_nobody_is_excluded(persons: list[dict[str, Any]]) -> None:
    found = run_profiles(RULES, persons, ON)
    expected = "nobody_known" if not persons else "nothing_excluded"
    assert found.warnings == ((expected,) if found.in_none == 0 else ())
    assert run_profiles({}, persons, ON).warnings == ("no_profile",)


def test_a_fact_that_does_not_fit_is_not_known() -> None:
    assert said(rule(10), {"age": "old"}, ON) == "unknown"
    assert said(rule(10), {"age": 12, "other": object()}, ON) == "eligible"
    assert selects(rule(10), "unknown") is None


@given(st.lists(st.integers(0, 100), max_size=20), st.integers(0, 100))
def test_those_change_of_whom_the_criteria_say_something_else(ages: list[int], least: int) -> None:
    before, after = rule(50), rule(least)
    decided = [
        {
            "case_id": UUID(int=index), "person_id": None, "facts": {"age": age},
            "evaluated_on": ON, "outcome": said(before, {"age": age}, ON), "decision": "admitted",
        }
        for index, age in enumerate(ages)
    ]  # fmt: skip
    found = run_criteria(before, after, decided)
    assert found.cases == len(ages)
    changed = {one.case.int for one in found.changes}
    assert changed == {i for i, age in enumerate(ages) if (age >= 50) != (age >= least)}
    for one in found.changes:
        assert one.selected_before is not one.selected_after
