"""A rule is read from its JSON form, or refused with the exact place of what is wrong."""

import copy
import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from rules_written import AGE, DAY, LABEL, raw_rule

from cordee_core.definitions import DefinitionError
from cordee_core.rules import Function, evaluate, parse_rule
from cordee_core.rules.build import call, fact


def _without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda raw: raw.pop(key)


def _set(*path: Any) -> Callable[[dict[str, Any]], None]:
    def change(raw: dict[str, Any]) -> None:
        *steps, last, value = path
        for step in steps:
            raw = raw[step]
        raw[last] = value

    return change


BAD_RULES: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (_without("criteria"), "criteria: this key is missing"),
    (_without("sources"), "sources: this key is missing"),
    (_set("sources", {}), "sources: a source is missing"),
    (_set("code", "rule"), "code: 'rule' must be written <plugin>.<name>"),
    (_set("version", "1"), "version: a whole number is needed"),
    (_set("title", {"en": "x"}), "title.fr: French text missing"),
    (_set("valid_to", "2019-01-01"), "valid_to: 2019-01-01 does not come after"),
    (_set("crit", 1), "crit: this key is not known; did you mean 'criteria'?"),
    (_set("facts", "age", "type", "int"), "facts.age.type: 'int' is none of"),
    (_set("facts", "age", "values", {}), "facts.age.values: values make no sense for"),
    (_set("facts", "place", "values", None), "facts.place.values: values are needed for"),
    (_set("facts", "age", "assumed", "x"), "facts.age.assumed: a number is needed"),
    (_set("facts", "age", "assumed_if", AGE), "facts.age.assumed_if: there is no value to be"),
    (
        _set("facts", "stays", {"type": "periods", "label": LABEL, "assumed": [], "assumed_if": 1}),
        "facts.stays.assumed_if: a mapping is needed",
    ),
    (_set("parameters", "limit", "dated", []), "parameters.limit.dated: a value with its dates"),
    (
        _set("parameters", "limit", "dated", 0, "to", "2026-06-01"),
        "parameters.limit.dated[1]: begins before the one above it has ended",
    ),
    (
        _set("parameters", "limit", "dated", 0, "to", None),
        "parameters.limit.dated[1]: begins before the one above it has ended",
    ),
    (
        _set("parameters", "limit", "dated", 0, "to", "2023-01-01"),
        "parameters.limit.dated[0].to: 2023-01-01 does not come after",
    ),
    (
        _set("parameters", "limit", "dated", 0, "value", "ten"),
        "parameters.limit.dated[0].value: a number is needed",
    ),
    (
        _set("parameters", "table", "dated", 0, "value", {"1": 5}),
        "parameters.table.dated[0].value.1: a mapping is needed",
    ),
    (_set("parameters", "table", "keys", 9), "parameters.table.keys: a table has at most 4 keys"),
    (_set("outcomes", []), "outcomes: a rule has criteria or outcomes, not both"),
    (
        _set("outputs", {"why": {"type": "boolean", "label": LABEL, "check": AGE}}),
        "outputs.why: 'why' can't name an output",
    ),
    (
        _set("outputs", {"x": {"type": "boolean", "label": LABEL, "value": 1}}),
        "outputs.x.value: an output of type boolean has the key check",
    ),
    (
        _set("outputs", {"x": {"type": "money", "label": LABEL, "value": "x"}}),
        "outputs.x.value: number is needed, not text",
    ),
    (_set("cases", [{"facts": {}, "on": "2026-01-01"}]), "cases[0].expect: this key is missing"),
]


@pytest.mark.parametrize(("change", "message"), BAD_RULES, ids=[one[1] for one in BAD_RULES])
def test_a_bad_rule_is_refused_with_its_place(
    change: Callable[[dict[str, Any]], object], message: str
) -> None:
    raw = copy.deepcopy(raw_rule())
    change(raw)
    with pytest.raises(DefinitionError) as refused:
        parse_rule(raw)
    assert str(refused.value).startswith(message)


def test_outcomes_are_a_list_that_ends_with_the_remainder() -> None:
    row = {"outcome": "yes", "label": LABEL, "favourable": True}
    for rows, message in (
        ([row], None),
        ([{**row, "when": AGE}], "outcomes[0].when: the last outcome has no condition"),
        ([row, {**row, "outcome": "no"}], "outcomes[0].when: the last outcome has no condition"),
        ([{**row, "when": AGE}, row], "outcomes: 'yes' stands twice"),
        ([{**row, "outcome": "unknown"}], "outcomes[0].outcome: 'unknown' can't name an outcome"),
    ):
        raw = raw_rule(outcomes=rows)
        del raw["criteria"]
        if message is None:
            assert parse_rule(raw).outcomes[0].name == "yes"
            continue
        with pytest.raises(DefinitionError) as refused:
            parse_rule(raw)
        assert str(refused.value).startswith(message)


def test_the_published_schema_takes_what_the_parser_takes() -> None:
    schema = json.loads((files("cordee_core") / "schemas" / "rules.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    raw = raw_rule(cases=[{"facts": {"age": 3}, "on": "2026-01-01", "expect": {}}])
    parse_rule(raw)
    validator.validate(raw)
    for broken in (
        {**raw, "criteria": {"al": [AGE]}},
        {**raw, "criteria": {"all": []}},
        {**raw, "title": {"en": "x"}},
        {**raw, "outcomes": [{"outcome": "unknown", "label": LABEL, "favourable": True}]},
    ):
        assert not validator.is_valid(broken)
        with pytest.raises(DefinitionError):
            parse_rule(broken)


def test_a_plugin_may_bring_a_function() -> None:
    double = Function("double", {"number": "number"}, "number", lambda number: number * 2)
    raw = raw_rule(criteria=(call("double", number=fact("age")) >= 18).tree)
    rule = parse_rule(raw, {"double": double})
    assert evaluate(rule, {"age": 9}, DAY).outcome == "eligible"
    assert evaluate(rule, {"age": 8}, DAY).outcome == "not_eligible"
    assert evaluate(rule, {}, DAY).ask == ("age",)
    with pytest.raises(DefinitionError, match="unknown function 'double'"):
        parse_rule(raw)
