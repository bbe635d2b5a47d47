"""Instrument definitions: what is refused, where, and what each licence allows."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from cordee_core.definitions import DefinitionError
from cordee_core.instruments.definition import parse_instrument

Raw = dict[str, Any]


def _text(word: str) -> dict[str, str]:
    return {"en": word, "fr": f"{word} (fr)"}


@pytest.fixture
def raw() -> Raw:
    options = [
        {"code": "never", "label": _text("Never"), "score": 0},
        {"code": "often", "label": _text("Often"), "score": 3},
    ]
    return {
        "code": "sample.sleep",
        "version": "1.0.0",
        "title": _text("Sleep"),
        "description": _text("How the person sleeps."),
        "licence": {"verdict": "ship", "holder": "us", "terms": "own wording"},
        "sources": [{"citation": "us", "date": "2026-01-01"}],
        "effective": "2026-01-01",
        "items": [
            {"linkId": "a", "type": "choice", "text": _text("A?"), "options": options},
            {"linkId": "b", "type": "choice", "text": _text("B?"), "options": options},
            {"linkId": "c", "type": "number", "text": _text("C?"), "range": [0, 10]},
        ],
        "subscales": [{"code": "first_two", "title": _text("Two"), "items": ["a", "b"]}],
        "scores": [
            {"key": "total", "title": _text("Total"), "function": "sum", "items": "first_two"},
            {
                "key": "band",
                "title": _text("Band"),
                "function": "band",
                "of": "total",
                "cases": [
                    {"code": "low", "from": 0, "label": _text("Low")},
                    {"code": "high", "from": 3, "label": _text("High")},
                ],
            },
        ],
        "decided_by": ["total"],
        "flags": [
            {"code": "often_a", "label": _text("A"), "when": {"item": "a", "equals": "often"}}
        ],
    }


def test_a_right_definition_is_taken(raw: Raw) -> None:
    instrument = parse_instrument(raw)
    assert instrument.code == "sample.sleep"
    assert [item.link_id for item in instrument.items] == ["a", "b", "c"]
    assert instrument.scores[0].items == ("a", "b")
    assert instrument == parse_instrument(copy.deepcopy(raw))


Break = Callable[[Raw], object]
BROKEN: list[tuple[Break, str, str]] = [
    (lambda raw: raw["items"][2]["text"].pop("fr"), "items[2].text.fr", "French text missing"),
    (lambda raw: raw["title"].pop("en"), "title.en", "English text missing"),
    (
        lambda raw: raw["items"][0]["options"][1]["label"].update(fr=""),
        "items[0].options[1].label.fr",
        "empty",
    ),
    (lambda raw: raw.pop("version"), "version", "missing"),
    (lambda raw: raw.update(sources=[]), "sources", "at least one"),
    (lambda raw: raw.update(itms=[]), "itms", "did you mean 'items'"),
    (lambda raw: raw.update(code="sleep"), "code", "<plugin>.<name>"),
    (lambda raw: raw.update(items=[]), "items", "at least one"),
    (lambda raw: raw["items"][1].update(linkId="a"), "items", "'a' stands twice"),
    (lambda raw: raw["items"][1].update(type="choise"), "items[1].type", "did you mean 'choice'"),
    (lambda raw: raw["items"][1].pop("options"), "items[1].options", "needs options"),
    (lambda raw: raw["items"][2].update(range=[5, 1]), "items[2].range", "above"),
    (
        lambda raw: raw["items"][0].update(enable_when={"item": "b", "equals": "often"}),
        "items[0].enable_when.item",
        "no item 'b'",
    ),
    (lambda raw: raw["scores"][0].update(items=["a", "bb"]), "scores[0].items[1]", "no item 'bb'"),
    (lambda raw: raw["scores"][0].update(items="frist_two"), "scores[0].items", "first_two"),
    (lambda raw: raw["scores"][0].update(function="summ"), "scores[0].function", "'sum'"),
    (lambda raw: raw["scores"][0].update(key="status"), "scores[0].key", "every result"),
    (lambda raw: raw["scores"][1].update(of="later"), "scores[1].of", "stands before"),
    (lambda raw: raw["scores"][1].pop("cases"), "scores[1].cases", "band needs it"),
    (lambda raw: raw["scores"][1].update(items="all"), "scores[1].items", "not known"),
    (
        lambda raw: raw["scores"][1]["cases"].reverse(),
        "scores[1].cases",
        "starts above the one before",
    ),
    (lambda raw: raw.update(decided_by=["totl"]), "decided_by[0]", "did you mean 'total'"),
    (
        lambda raw: raw["flags"][0]["when"].update(at_least=1),
        "flags[0].when",
        "exactly one comparison",
    ),
    (
        lambda raw: raw.update(cases=[{"answers": {}, "expect": {"totl": 1}}]),
        "cases[0].expect.totl",
        "did you mean 'total'",
    ),
]


@pytest.mark.parametrize(("damage", "where", "problem"), BROKEN, ids=[one[1] for one in BROKEN])
def test_a_wrong_definition_is_refused_with_its_place(
    raw: Raw, damage: Break, where: str, problem: str
) -> None:
    broken = copy.deepcopy(raw)
    damage(broken)
    with pytest.raises(DefinitionError) as caught:
        parse_instrument(broken)
    assert caught.value.where == where
    assert problem in caught.value.problem


def test_answers_without_score_are_not_added_up(raw: Raw) -> None:
    raw = copy.deepcopy(raw)
    for option in raw["items"][0]["options"]:
        option.pop("score")
    with pytest.raises(DefinitionError, match=r"scores\[0\]\.items: .*'a' have no score"):
        parse_instrument(raw)


def test_a_forbidden_instrument_is_refused(raw: Raw) -> None:
    raw["licence"]["verdict"] = "forbidden"
    with pytest.raises(DefinitionError, match=r"licence\.verdict: a forbidden instrument"):
        parse_instrument(raw)


def test_what_ships_has_its_wording_or_says_why_not(raw: Raw) -> None:
    raw["items"][1]["label"] = raw["items"][1].pop("text")
    with pytest.raises(DefinitionError, match=r"items\[1\]\.text: the licence is ship"):
        parse_instrument(raw)
    raw["licence"]["exempt"] = "the wording of this item was withdrawn"
    assert parse_instrument(raw).items[1].text is None


def test_definition_only_carries_no_wording(raw: Raw) -> None:
    raw["licence"]["verdict"] = "definition_only"
    with pytest.raises(DefinitionError, match=r"items\[0\]\.text: .* definition_only"):
        parse_instrument(raw)
    for item in raw["items"]:
        item["label"] = item.pop("text")
    assert parse_instrument(raw).licence.verdict == "definition_only"


def test_an_item_has_a_text_or_a_label(raw: Raw) -> None:
    raw["items"][1].pop("text")
    with pytest.raises(DefinitionError, match=r"items\[1\]: a text or a label"):
        parse_instrument(raw)
