"""Rules over one set of facts and parameters, with a fact of each type."""

import datetime
from typing import Any

from cordee_core.rules import Rule, evaluate, parse_rule
from cordee_core.rules.build import tree

DAY = datetime.date(2026, 1, 15)
SOURCE = {"citation": "a law", "date": "2020-01-01"}
NAMES = tuple("abcdefgh")


def text(word: str) -> dict[str, str]:
    return {"en": word, "fr": f"{word} (fr)"}


FACTS: dict[str, object] = {
    **{
        name: {"type": "boolean", "label": text(name), "cost": 9 - i}
        for i, name in enumerate(NAMES)
    },
    "age": {"type": "integer", "label": text("age"), "minimum": 0, "maximum": 130},
    "income": {"type": "money", "label": text("income"), "minimum": 0},
    "size": {"type": "integer", "label": text("size")},
    "born": {"type": "date", "label": text("born")},
    "place": {
        "type": "choice",
        "label": text("place"),
        "values": {"town": text("town"), "land": text("country")},
    },
    "groups": {
        "type": "choices",
        "label": text("groups"),
        "values": {"x": text("x"), "y": text("y"), "z": text("z")},
    },
    "stays": {"type": "periods", "label": text("stays"), "assumed": []},
}
PARAMETERS: dict[str, object] = {
    "limit": {
        "type": "money",
        "dated": [
            {"from": "2024-01-01", "to": "2025-01-01", "value": "10.50", "source": SOURCE},
            {"from": "2026-01-01", "to": "2027-01-01", "value": "12.00", "source": SOURCE},
        ],
    },
    "ceilings": {
        "type": "money",
        "keys": 2,
        "dated": [
            {
                "from": "2026-01-01",
                "value": {"1": {"town": 100, "land": 90}, "2": {"town": 150, "land": 120}},
                "source": SOURCE,
            }
        ],
    },
}


def rule_of(criteria: object = None, **changes: Any) -> Rule:
    raw: dict[str, Any] = {
        "code": "sample.rule",
        "version": 3,
        "title": text("title"),
        "sources": {"law": SOURCE, "other": {**SOURCE, "citation": "another law"}},
        "valid_from": "2020-01-01",
        "facts": FACTS,
        "parameters": PARAMETERS,
        **changes,
    }
    if criteria is not None:
        raw["criteria"] = tree(criteria)
    return parse_rule(raw)


def outcome(criteria: object, on: datetime.date = DAY, **facts: object) -> str | None:
    return evaluate(rule_of(criteria), facts, on).outcome
