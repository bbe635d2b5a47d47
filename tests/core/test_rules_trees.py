"""A criterion's tree is read, or refused with the exact place of what is wrong."""

from decimal import Decimal

import pytest
from rules_written import AGE, LABEL, rule_of

from cordee_core.definitions import DefinitionError
from cordee_core.rules.build import (
    call,
    choose,
    count,
    count_items,
    date_diff,
    evaluation_date,
    exists,
    fact,
    lookup,
    param,
    use,
)

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
