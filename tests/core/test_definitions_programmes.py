"""Programmes, models, services, vocabularies: round trips, what is missing or contradictory."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from definitions_samples import MODEL, PARTS, SERVICE, TEMPLATE, VOCABULARY, WHOLE, Raw, T, fresh
from hypothesis import given
from hypothesis import strategies as st

from cordee_core.definitions import DefinitionError
from cordee_core.languages import LANGUAGES
from cordee_core.programmes.definition import (
    TYPES_OF,
    ProgrammeDefinition,
    missing_parts,
    missing_text,
    parse_draft,
    parse_model,
    parse_programme,
)
from cordee_core.services.definition import parse_service
from cordee_core.vocabularies import parse_vocabulary

Break = Callable[[Raw], object]


@pytest.mark.parametrize(
    ("parse", "raw"),
    [
        (parse_programme, TEMPLATE),
        (parse_draft, WHOLE),
        (parse_model, MODEL),
        (parse_service, SERVICE),
        (parse_vocabulary, VOCABULARY),
    ],
)
def test_what_is_stored_as_json_is_the_same_when_it_comes_back(
    parse: Callable[[Raw], Any], raw: Raw
) -> None:
    found = parse(fresh(raw))
    stored = json.loads(json.dumps(found.to_json()))
    assert parse(stored) == found
    assert parse(stored).to_json() == found.to_json()


@given(st.sets(st.sampled_from(sorted(PARTS))))
def test_a_draft_with_any_parts_comes_back_and_says_what_it_lacks(kept: set[str]) -> None:
    if "links" in kept:
        kept = kept | {"objectives", "methods"}
    draft = parse_draft({"title": T, **{key: PARTS[key] for key in kept}})
    assert parse_draft(json.loads(json.dumps(draft.to_json()))) == draft
    missing = missing_parts(draft)
    absent = {key for key in PARTS if key not in kept and key != "links"}
    assert absent <= set(missing)
    assert ("criteria" in missing) == ("target_group" not in kept)
    assert (missing == []) == (kept == set(PARTS))


def test_an_empty_draft_lists_everything() -> None:
    assert missing_parts(ProgrammeDefinition(title=T)) == [
        "motivation",
        "target_group",
        "criteria",
        "objectives",
        "methods",
        "resources",
        "model",
        "closure_vocabulary",
    ]


def test_parts_of_something_named_are_named() -> None:
    raw = fresh(WHOLE)
    raw["objectives"][0].pop("indicators")
    raw["links"][0].pop("theory")
    raw["target_group"][0].pop("criteria")
    assert missing_parts(parse_draft(raw)) == [
        "criteria:adults",
        "indicators:better",
        "links:better",
    ]


def test_own_criteria_are_criteria_too() -> None:
    raw = fresh(WHOLE)
    raw["target_group"][0] = {"code": "adults", "name": T, "own_criteria": {"all": []}}
    assert missing_parts(parse_draft(raw)) == []


def test_zero_money_is_a_value() -> None:
    assert missing_parts(parse_draft(WHOLE)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_missing_part_has_a_sentence(language: Any) -> None:
    named = ["criteria:adults", "indicators:better", "links:better"]
    sentences = [
        missing_text(part, language)
        for part in (*missing_parts(ProgrammeDefinition(title=T)), *named)
    ]
    assert len(set(sentences)) == len(sentences)
    assert "adults" in missing_text("criteria:adults", language)


def test_a_template_must_be_complete() -> None:
    raw = fresh(TEMPLATE)
    raw.pop("motivation")
    with pytest.raises(DefinitionError, match="it lacks motivation"):
        parse_programme(raw)


@pytest.mark.parametrize("finality", TYPES_OF)
@pytest.mark.parametrize("kind", [None, *(kind for kinds in TYPES_OF.values() for kind in kinds)])
def test_finality_and_type_belong_together(finality: str, kind: str | None) -> None:
    raw = {"title": T, "finality": finality, "type": kind}
    if kind in TYPES_OF[finality] or (kind is None and not TYPES_OF[finality]):
        assert parse_draft(raw).type == kind
    else:
        with pytest.raises(DefinitionError) as caught:
            parse_draft(raw)
        assert caught.value.where == "type"


BROKEN: list[tuple[Break, str]] = [
    (lambda raw: raw.pop("title"), "title"),
    (lambda raw: raw["links"][0].update(objective="beter"), "links[0].objective"),
    (lambda raw: raw["links"][0].update(method="visit"), "links[0].method"),
    (lambda raw: raw["links"][0]["theory"].pop("fr"), "links[0].theory.fr"),
    (lambda raw: raw["target_group"][0].update(method="visit"), "target_group[0].method"),
    (
        lambda raw: raw["target_group"][0].update(own_criteria={}),
        "target_group[0].own_criteria",
    ),
    (lambda raw: raw["resources"].pop("means"), "resources.means"),
    (lambda raw: raw["resources"]["money"].update(amount=-1), "resources.money.amount"),
    (lambda raw: raw["resources"]["money"].update(amount=1.5), "resources.money.amount"),
    (lambda raw: raw["resources"]["money"].update(currency="euro"), "resources.money.currency"),
    (
        lambda raw: raw["objectives"][0]["indicators"][0].pop("rationale"),
        "objectives[0].indicators[0].rationale",
    ),
    (lambda raw: raw["objectives"].append(raw["objectives"][0]), "objectives"),
    (lambda raw: raw.update(effect="none"), "effect"),
    (lambda raw: raw.pop("finality"), "type"),
    (lambda raw: raw.update(places=-1), "places"),
    (lambda raw: raw.update(motivations=T), "motivations"),
]


@pytest.mark.parametrize(("damage", "where"), BROKEN, ids=[one[1] for one in BROKEN])
def test_a_wrong_draft_is_refused_with_its_place(damage: Break, where: str) -> None:
    raw = fresh(WHOLE)
    damage(raw)
    with pytest.raises(DefinitionError) as caught:
        parse_draft(raw)
    assert caught.value.where == where


BROKEN_MODELS: list[tuple[Break, str]] = [
    (lambda raw: raw["transitions"][0].update(end="closed"), "transitions[0].end"),
    (lambda raw: raw["stages"][0].update(code="begin"), "stages[0].code"),
    (lambda raw: raw["caseload"].update(maximum=10), "caseload.maximum"),
    (lambda raw: raw["caseload"]["weights"].update(heavy=2), "caseload.weights.heavy"),
    (lambda raw: raw["review_days"].pop("high"), "review_days.high"),
    (lambda raw: raw.update(leads="nobody"), "leads"),
]


@pytest.mark.parametrize(("damage", "where"), BROKEN_MODELS, ids=[one[1] for one in BROKEN_MODELS])
def test_a_wrong_model_is_refused_with_its_place(damage: Break, where: str) -> None:
    raw = fresh(MODEL)
    damage(raw)
    with pytest.raises(DefinitionError) as caught:
        parse_model(raw)
    assert caught.value.where == where


def test_a_model_says_its_stages_and_transitions() -> None:
    model = parse_model(MODEL)
    assert model.allows("intake", "assessment")
    assert not model.allows("assessment", "intake")
    stage = model.stage("assessment")
    assert stage is not None
    assert stage.instruments == ("sample.grid",)
    assert model.stage("closed") is None


BROKEN_SERVICES: list[tuple[Break, str]] = [
    (lambda raw: raw["name"].pop("fr"), "name.fr"),
    (lambda raw: raw.update(type="help"), "type"),
    (lambda raw: raw.update(fees="free"), "fees"),
    (lambda raw: raw.update(max_age=17), "max_age"),
    (lambda raw: raw.update(thematiques=[]), "thematiques"),
    (lambda raw: raw.update(thematiques=["A B"]), "thematiques[0]"),
    (lambda raw: raw["required_documents"][0].pop("en"), "required_documents[0].en"),
    (lambda raw: raw.pop("source"), "source"),
    (lambda raw: raw.update(eligibility="rule"), "eligibility"),
]


@pytest.mark.parametrize(
    ("damage", "where"), BROKEN_SERVICES, ids=[one[1] for one in BROKEN_SERVICES]
)
def test_a_wrong_service_is_refused_with_its_place(damage: Break, where: str) -> None:
    raw = fresh(SERVICE)
    damage(raw)
    with pytest.raises(DefinitionError) as caught:
        parse_service(raw)
    assert caught.value.where == where


def test_a_vocabulary_has_each_entry_once() -> None:
    assert parse_vocabulary(VOCABULARY).entry("done") is not None
    assert parse_vocabulary(VOCABULARY).entry("gone") is None
    raw = fresh(VOCABULARY)
    raw["entries"].append(raw["entries"][0])
    with pytest.raises(DefinitionError, match="entries: 'done' stands twice"):
        parse_vocabulary(raw)
