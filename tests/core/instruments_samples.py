"""An instrument with an item of each type and a score of each function."""

import datetime
from typing import Any

from hypothesis import strategies as st

from cordee_core.instruments.definition import Instrument, parse_instrument
from cordee_core.instruments.score import check_answers, score

ON = datetime.date(2026, 5, 4)
T = {"en": "Text", "fr": "Texte"}
LEVELS = [{"code": name, "label": T, "score": n} for n, name in enumerate(("no", "some", "much"))]


def instrument_of(**parts: Any) -> Instrument:
    return parse_instrument(
        {
            "code": "sample.grid",
            "version": "2.1.0",
            "title": T,
            "description": T,
            "licence": {"verdict": "ship", "holder": "us", "terms": "own"},
            "sources": [{"citation": "us", "date": "2026-01-01"}],
            "effective": "2026-01-01",
            "validity_days": 30,
            "items": [
                {"linkId": "a", "type": "number", "text": T, "range": [0, 3], "na": True},
                {"linkId": "b", "type": "number", "text": T, "range": [0, 3]},
                {"linkId": "c", "type": "choice", "text": T, "options": LEVELS},
                {
                    "linkId": "d",
                    "type": "multi_choice",
                    "text": T,
                    "options": LEVELS,
                    "required": False,
                },
                {"linkId": "e", "type": "boolean", "text": T, "required": False},
                {"linkId": "f", "type": "date", "text": T, "required": False},
                {"linkId": "g", "type": "text", "text": T, "required": False},
                {"linkId": "h", "type": "number", "text": T, "whole": False, "required": False},
                {
                    "linkId": "i",
                    "type": "text",
                    "text": T,
                    "required": False,
                    "enable_when": {"item": "e", "equals": True},
                },
            ],
            "subscales": [{"code": "core", "title": T, "items": ["a", "b", "c"]}],
            "scores": [
                {
                    "key": "total",
                    "title": T,
                    "function": "sum",
                    "items": "core",
                    "missing": {"policy": "prorate", "most": 1},
                },
                {"key": "strict", "title": T, "function": "sum", "items": "core"},
                {
                    "key": "mean",
                    "title": T,
                    "function": "mean",
                    "items": "core",
                    "decimals": 2,
                    "missing": {"policy": "ignore"},
                },
                {
                    "key": "weighted",
                    "title": T,
                    "function": "weighted",
                    "table": {"a": 1.5, "e": -0.25},
                    "constant": 10,
                    "decimals": 2,
                },
                {
                    "key": "high",
                    "title": T,
                    "function": "truth",
                    "when": {
                        "any": [{"some": "core", "at_least": 3}, {"item": "e", "equals": True}]
                    },
                },
            ],
            "decided_by": ["total"],
            "flags": [{"code": "b_top", "label": T, "when": {"item": "b", "at_least": 3}}],
            **parts,
        }
    )


GRID = instrument_of()


def result_of(answers: object) -> dict[str, object]:
    return score(GRID, check_answers(GRID, answers), ON).to_json()


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "a": st.none() | st.integers(0, 3) | st.just("na"),
        "b": st.none() | st.integers(0, 3),
        "c": st.none() | st.sampled_from(["no", "some", "much"]) | st.integers(0, 2),
        "d": st.none() | st.lists(st.sampled_from(["no", "some", "much"]), unique=True),
        "e": st.none() | st.booleans(),
        "f": st.none() | st.dates().map(str),
        "h": st.none() | st.decimals(-5, 5, places=3).map(float),
    },
)
