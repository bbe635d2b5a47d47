"""A small valid rule with one of everything, to be changed and read."""

import datetime
from typing import Any

from cordee_core.rules import Rule, parse_rule
from cordee_core.rules.build import tree

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
