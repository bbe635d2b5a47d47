"""A rule is read from its JSON form, or refused with the exact place of what is wrong."""

import copy
import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from cordee_core.definitions import DefinitionError
from cordee_core.rules import Function, Rule, evaluate, parse_rule
from cordee_core.rules.build import (
    all_,
    any_,
    at_least,
    call,
    choose,
    count,
    count_items,
    date_diff,
    evaluation_date,
    exists,
    fact,
    greatest,
    least,
    lookup,
    not_,
    param,
    tree,
    use,
)

DAY = datetime.date(2026, 1, 15)
SOURCE = {"citation": "a law", "date": "2020-01-01"}
LABEL = {"en": "a label", "fr": "un libellé"}


def raw_rule(**changes: Any) -> dict[str, Any]:
    """A small valid rule with one of everything, changed at the top level."""
    return {
        "code": "sample.rule",
        "version": 3,
        "title": LABEL,
        "sources": {"law": SOURCE},
        "valid_from": "2020-01-01",
        "facts": {
            "age": {"type": "integer", "label": LABEL},
            "income": {"type": "money", "label": LABEL, "cost": 4},
            "size": {"type": "integer", "label": LABEL},
            "student": {"type": "boolean", "label": LABEL},
            "born": {"type": "date", "label": LABEL},
            "place": {"type": "choice", "label": LABEL, "values": {"town": LABEL, "land": LABEL}},
            "groups": {"type": "choices", "label": LABEL, "values": {"a": LABEL, "b": LABEL}},
            "stays": {"type": "periods", "label": LABEL},
        },
        "parameters": {
            "limit": {
                "type": "money",
                "dated": [
                    {"from": "2024-01-01", "to": "2025-01-01", "value": "10.50", "source": SOURCE},
                    {"from": "2026-01-01", "to": "2027-01-01", "value": 12, "source": SOURCE},
                ],
            },
            "table": {
                "type": "money",
                "keys": 2,
                "dated": [
                    {
                        "from": "2026-01-01",
                        "value": {"1": {"town": 100, "land": 90}, "2": {"town": 150}},
                        "source": SOURCE,
                    }
                ],
            },
        },
        "criteria": {"cmp": {"left": {"fact": "age"}, "op": ">=", "right": 18}},
        **changes,
    }


def rule_of(criteria: object, **changes: Any) -> Rule:
    return parse_rule(raw_rule(criteria=tree(criteria), **changes))


AGE = {"cmp": {"left": {"fact": "age"}, "op": ">=", "right": 18}}
BAD_TREES: list[tuple[object, str]] = [
    (
        {"all": [AGE, AGE, {"cmp": {"left": {"fact": "agee"}, "op": ">", "right": 1}}]},
        "criteria.all[2].cmp.left.fact: unknown fact 'agee', did you mean 'age'?",
    ),
    ({"al": [AGE]}, "criteria: unknown node 'al', did you mean 'all'?"),
    ({"all": []}, "criteria.all: the list is empty"),
    ({"any": AGE}, "criteria.any: a list is needed, not a mapping"),
    ({}, "criteria: a node has one of the keys"),
    ({"not": [AGE]}, "criteria.not: a mapping is needed, not a list"),
    ({"all": [AGE], "any": [AGE]}, "criteria: a node has one of the keys"),
    ({"at_least": {"n": 3, "of": [AGE]}}, "criteria.at_least.n: 3 is not between 1 and 1"),
    ({"fact": "age"}, "criteria.fact: the fact 'age' is no boolean"),
    ({"fact": "agee"}, "criteria.fact: unknown fact 'agee', did you mean 'age'?"),
    (fact("age") >= "x", "criteria.cmp.right: number can't be compared with text"),
    (fact("place") == "twn", "criteria.cmp.right: 'twn' is no value of the fact 'place', did you"),
    (fact("place") < "town", "criteria.cmp: text has no order"),
    (fact("born") < "yesterday", "criteria.cmp.right: 'yesterday' is no date"),
    (
        {"cmp": {"left": {"fact": "age"}, "op": "=", "right": 1}},
        "criteria.cmp.op: '=' is none of ==, !=",
    ),
    ({"cmp": {"left": {"fact": "age"}, "op": "=="}}, "criteria.cmp.right: a value is needed, not"),
    ({"cmp": {"lft": 1}}, "criteria.cmp.lft: this key is not known; did you mean 'left'?"),
    (fact("age").in_("x"), "criteria.in.values[0]: a constant of the kind number is needed"),
    (fact("age").in_(), "criteria.in.values: the list is empty"),
    (fact("groups").in_("c"), "criteria.in.values[0]: 'c' is no value of the fact 'groups'"),
    (fact("student").between(1, 2), "criteria.between.left: number or date is needed, not boolean"),
    (exists("aeg"), "criteria.exists: unknown fact 'aeg', did you mean 'age'?"),
    (fact("age") > param("limt"), "criteria.cmp.right.param: unknown parameter 'limt', did you"),
    (fact("age") > param("table"), "criteria.cmp.right.param: 'table' is a table"),
    (
        fact("age") > lookup("table", fact("size")),
        "criteria.cmp.right.table_lookup.by: the table has 2 keys, not 1",
    ),
    (
        fact("age") > lookup("table", fact("born"), 1),
        "criteria.cmp.right.table_lookup.by[0]: a number or text is needed, not date",
    ),
    (
        date_diff(fact("born"), fact("age"), "days") > 1,
        "criteria.cmp.left.date_diff.to: date is needed, not number",
    ),
    (
        date_diff(fact("born"), evaluation_date(), "weeks") > 1,
        "criteria.cmp.left.date_diff.unit: 'weeks' is none of days, months, years",
    ),
    (count() > 1, "criteria.cmp.left.count.of: the list is empty"),
    (
        count_items(fact("age")) > 1,
        "criteria.cmp.left.count.list: texts or periods is needed, not number",
    ),
    (
        {"cmp": {"left": {"sum": [1, "x"]}, "op": ">", "right": 1}},
        "criteria.cmp.left.sum[1]: number is needed, not text",
    ),
    (
        {"cmp": {"left": {"difference": [1]}, "op": ">", "right": 1}},
        "criteria.cmp.left.difference: a difference has two operands",
    ),
    (
        {"cmp": {"left": {"choose": [{"value": 1}, {"value": 2}]}, "op": ">", "right": 1}},
        "criteria.cmp.left.choose[0].when: the last branch has no condition, and only the last",
    ),
    (
        choose((fact("student"), 1), otherwise="x") > 1,
        "criteria.cmp.left.choose: the branches must be of one kind",
    ),
    (call("ocasions") > 1, "criteria.cmp.left.call.function: unknown function 'ocasions', did you"),
    (
        call("occasions", period=fact("stays")) > 1,
        "criteria.cmp.left.call.with.period: 'occasions' has no such input, did you mean",
    ),
    (
        call("occasions", periods=fact("age")) > 1,
        "criteria.cmp.left.call.with.periods: periods is needed, not number",
    ),
    (
        call("occasions", periods=fact("stays")) > 1,
        "criteria.cmp.left.call.with.bridges: a value is needed, not nothing",
    ),
    ({"use": "nothing"}, "criteria.use: unknown definition 'nothing'"),
    (
        fact("student").tree | {"sentence": LABEL},
        "criteria.sentence: only a condition with a code has this key",
    ),
    (fact("student").tree | {"code": "x", "sentence": {"en": "x"}}, "criteria.sentence.fr: French"),
    (
        fact("student").tree | {"code": "x", "source": "lwa"},
        "criteria.source: unknown source 'lwa'",
    ),
    (fact("age") > Decimal("1e30"), "criteria.cmp.right: a number has at most 20 digits"),
]


@pytest.mark.parametrize(("criteria", "message"), BAD_TREES, ids=[one[1] for one in BAD_TREES])
def test_a_bad_tree_is_refused_with_its_place(criteria: object, message: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        rule_of(criteria)
    assert str(refused.value).startswith(message)


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


def test_definitions_that_refer_to_themselves_are_refused() -> None:
    circle = {"a": {"not": {"use": "b"}}, "b": {"not": {"use": "a"}}}
    with pytest.raises(DefinitionError, match=r"definitions\.b\.not\.use: .*\(a → b → a\)"):
        rule_of(use("a"), definitions=circle)
    numbers = {"n": {"sum": [1, {"use": "n"}]}}
    with pytest.raises(DefinitionError, match=r"definitions\.n\.sum\[1\]\.use: .*\(n → n\)"):
        rule_of(use("n") > 1, definitions=numbers)


def test_a_definition_that_nothing_uses_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"definitions\.spare: nothing uses this definition"):
        rule_of(AGE, definitions={"spare": {"fact": "no such fact"}})


def test_a_tree_that_is_too_deep_or_too_large_is_refused() -> None:
    deep: object = AGE
    for _ in range(25):
        deep = {"not": deep}
    with pytest.raises(DefinitionError, match="the tree is deeper than 20 nodes"):
        rule_of(deep)
    with pytest.raises(DefinitionError, match="the rule has more than 1000 nodes"):
        rule_of({"all": [AGE] * 500})
    # A few lines that would become 4^8 nodes.
    growing: dict[str, object] = {"d0": AGE}
    for level in range(1, 9):
        growing[f"d{level}"] = {"all": [{"use": f"d{level - 1}"}] * 4}
    with pytest.raises(DefinitionError, match="the rule has more than 1000 nodes"):
        rule_of(use("d8"), definitions=growing)


def test_the_builder_gives_the_tree_that_is_written_by_hand() -> None:
    built = all_(
        any_(fact("age") >= 18, not_(fact("student"))).named("grown", sentence=LABEL, source="law"),
        at_least(1, fact("place") == "town", fact("groups").in_("a", "b"), exists("stays")),
        fact("income") + 1 <= least(param("limit"), lookup("table", fact("size"), fact("place"))),
        date_diff(fact("born"), evaluation_date(), "years").between(18, greatest(60, fact("age"))),
        count(fact("student")) == 1,
        count_items(fact("groups"), ["a"]) != 0,
        fact("born") > datetime.date(2000, 1, 1),
        choose((fact("student"), fact("income") * 2), otherwise=fact("income") - 1) < 9,
    )
    written = {
        "all": [
            {
                "any": [AGE, {"not": {"fact": "student"}}],
                "code": "grown",
                "sentence": LABEL,
                "source": "law",
            },
            {
                "at_least": {
                    "n": 1,
                    "of": [
                        {"cmp": {"left": {"fact": "place"}, "op": "==", "right": "town"}},
                        {"in": {"left": {"fact": "groups"}, "values": ["a", "b"]}},
                        {"exists": "stays"},
                    ],
                }
            },
            {
                "cmp": {
                    "left": {"sum": [{"fact": "income"}, 1]},
                    "op": "<=",
                    "right": {
                        "min": [
                            {"param": "limit"},
                            {
                                "table_lookup": {
                                    "param": "table",
                                    "by": [{"fact": "size"}, {"fact": "place"}],
                                }
                            },
                        ]
                    },
                }
            },
            {
                "between": {
                    "left": {
                        "date_diff": {
                            "from": {"fact": "born"},
                            "to": {"evaluation_date": True},
                            "unit": "years",
                        }
                    },
                    "low": 18,
                    "high": {"max": [60, {"fact": "age"}]},
                }
            },
            {"cmp": {"left": {"count": {"of": [{"fact": "student"}]}}, "op": "==", "right": 1}},
            {
                "cmp": {
                    "left": {"count": {"list": {"fact": "groups"}, "among": ["a"]}},
                    "op": "!=",
                    "right": 0,
                }
            },
            {"cmp": {"left": {"fact": "born"}, "op": ">", "right": {"date": "2000-01-01"}}},
            {
                "cmp": {
                    "left": {
                        "choose": [
                            {
                                "when": {"fact": "student"},
                                "value": {"product": [{"fact": "income"}, 2]},
                            },
                            {"value": {"difference": [{"fact": "income"}, 1]}},
                        ]
                    },
                    "op": "<",
                    "right": 9,
                }
            },
        ]
    }
    assert built.tree == json.loads(json.dumps(written))
    assert rule_of(built).outcomes == parse_rule(raw_rule(criteria=written)).outcomes


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
