"""The builder gives the tree that is written by hand."""

import datetime
import json

from rules_written import AGE, LABEL, raw_rule, rule_of

from cordee_core.rules import parse_rule
from cordee_core.rules.build import (
    all_,
    any_,
    at_least,
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
)


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
