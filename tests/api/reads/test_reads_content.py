"""What is read: both languages, exact numbers, reasons, what is missing, previews."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.errors import PluginError
from cordee_core.plugins.host import PluginHost
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme
from cordee_core.programmes.edit_programme import (
    NewProgramme,
    ProgrammeEdit,
    create_programme,
    edit_programme,
)
from cordee_core.selection.decide_selection import SelectionDraft, decide_selection
from cordee_graphql import ids
from cordee_graphql.types.exact import exact_json

DUTY = "housing.uk_homeless_duty"
OWN_RULE = {
    "code": "own.entry", "version": 1, "title": {"en": "Entry", "fr": "Entrée"},
    "sources": {"us": {"citation": "Our rules", "date": "2026-01-01"}}, "valid_from": "2026-01-01",
    "facts": {"local": {"type": "boolean", "label": {"en": "Lives here", "fr": "Habite ici"}}},
    "criteria": {"fact": "local"},
}  # fmt: skip


async def test_texts_come_in_the_language_asked_for(both, reader):
    ours, _ = both
    text = """query L($id: ID!) { case(id: $id) {
      timeline(first: 1) { nodes { text fr: text(language: FR) en: text(language: EN) } }
      programme { title fr: title(language: FR) en: title(language: EN) }
      assessments { nodes { title caution fr: caution(language: FR) } }
      eligibilityResults { nodes {
        indicative title because { sentence } ask { fact label } } } } }"""
    seen = {}
    for language in ("en", "fr"):
        seen[language] = (
            await reader.data(ours["referent"], text, language=language, id=ours.gid("Case"))
        )["case"]
    entry = seen["fr"]["timeline"]["nodes"][0]
    assert entry["text"] == entry["fr"] == seen["en"]["timeline"]["nodes"][0]["fr"]
    assert entry["text"].startswith("Suivi 2026-")
    assert entry["en"] == seen["en"]["timeline"]["nodes"][0]["text"] != entry["fr"]
    assert seen["fr"]["programme"]["title"] == seen["en"]["programme"]["fr"]
    assert "diagnosis" in seen["en"]["assessments"]["nodes"][0]["caution"]
    assert "diagnostic" in seen["fr"]["assessments"]["nodes"][0]["caution"]
    results = [seen[language]["eligibilityResults"]["nodes"][0] for language in ("en", "fr")]
    assert results[0]["indicative"].startswith("Indicative")
    assert results[1]["indicative"].startswith("Indicatif")
    assert results[0]["ask"], "the rule has facts left to ask"
    for english, french in zip(results[0]["ask"], results[1]["ask"], strict=True):
        assert english["fact"] == french["fact"]
        assert english["label"] != french["label"]


async def test_a_blocked_transition_says_what_stands_against_it(both, reader, register):
    ours, _ = both
    case = await _case(ours, await register(ours.tenancy, "Neuve"), ours.uuids["Programme"])
    text = """query T($id: ID!) { case(id: $id) { transitions { stage possible objections {
      code origin text fr: text(language: FR) } } } }"""
    found = (await reader.data(ours["referent"], text, id=ids.encode("Case", case)))["case"]
    blocked = {
        one["stage"]: {each["code"] for each in one["objections"]} for one in found["transitions"]
    }
    assert blocked == {
        "ASSESSMENT": {"selection_missing", "consent_missing", "referent_missing"},
        "REFUSED": {"selection_missing"},
    }
    assert not any(one["possible"] for one in found["transitions"])
    texts = [each for one in found["transitions"] for each in one["objections"]]
    assert all(each["text"] != each["fr"] and each["origin"].startswith("core.") for each in texts)


async def test_a_draft_says_what_it_lacks(both, reader):
    ours, _ = both
    draft = NewProgramme(code="draft", parts={"title": {"en": "Draft", "fr": "Brouillon"}})
    programme = (await ours.do("supervisor", create_programme, draft))["programme"]
    text = """query P($id: ID!) { programme(id: $id) { status version motivation resources {
      money { currency } } model { id } missing { code label fr: label(language: FR) } } }"""
    found = (await reader.data(ours["reader"], text, id=ids.encode("Programme", programme)))[
        "programme"
    ]
    assert [part["code"] for part in found["missing"]] == [
        "motivation", "target_group", "criteria", "objectives", "methods", "resources", "model",
        "closure_vocabulary",
    ]  # fmt: skip
    assert all(part["label"] != part["fr"] for part in found["missing"])
    assert (found["status"], found["version"], found["motivation"]) == ("DRAFT", 0, None)
    complete = (await reader.data(ours["reader"], text, id=ours.gid("Programme")))["programme"]
    assert complete["missing"] == []


async def test_an_adaptation_says_what_changed_and_who_changed_it(both, reader):
    ours, _ = both
    text = """query P($id: ID!) { programme(id: $id) { places templateCode adaptation {
      original changes { parts reason member { displayName } } } } }"""
    found = (await reader.data(ours["reader"], text, id=ours.gid("Programme")))["programme"]
    assert found == {
        "places": 12, "templateCode": "housing.support_to_housing",
        "adaptation": {"original": "housing.support_to_housing", "changes": [
            {"parts": ["places"], "reason": "Small town", "member": {"displayName": "Supervisor"}},
        ]},
    }  # fmt: skip


async def test_a_case_keeps_the_version_it_was_opened_under(both, reader, register):
    ours, _ = both
    programme, case = await _own_programme(ours, await register(ours.tenancy, "Gardée"), "kept")
    edit = ProgrammeEdit(programme=programme, row_version=3, parts={"places": 77})
    await ours.do("supervisor", edit_programme, edit)
    activate = ActivateDraft(programme=programme, row_version=4)
    await ours.do("supervisor", activate_programme, activate)
    text = """query C($id: ID!) { case(id: $id) { programme { version places }
      programmeVersion { version places programme { code } modelVersion { version } } } }"""
    found = (await reader.data(ours["reader"], text, id=ids.encode("Case", case)))["case"]
    assert found["programme"] == {"version": 2, "places": 77}
    assert found["programmeVersion"]["version"] == 1
    assert found["programmeVersion"]["places"] != 77
    assert found["programmeVersion"]["programme"] == {"code": "kept"}


async def test_facts_of_the_tenants_own_criteria_are_asked_in_words(both, reader, register):
    ours, _ = both
    _, case = await _own_programme(ours, await register(ours.tenancy, "Propre"), "own_entry")
    await ours.do("referent", decide_selection, SelectionDraft(
        case=case, facts={}, decision="admitted", reason="Connue", on=date(2026, 1, 15),
    ))  # fmt: skip
    text = """query C($id: ID!) { case(id: $id) { selectionDecision { criteriaCode outcome ask
      { fact label } } } }"""
    found = await reader.data(ours["reader"], text, language="fr", id=ids.encode("Case", case))
    assert found["case"]["selectionDecision"] == {
        "criteriaCode": "own.entry", "outcome": "unknown",
        "ask": [{"fact": "local", "label": "Habite ici"}],
    }  # fmt: skip


PREVIEW = """query E($rule: String!, $facts: JSON!, $on: Date) {
  eligibility(rule: $rule, facts: $facts, on: $on) {
    ruleCode outcome why
    because {
      code met sentence source { citation url } seen { fact value threshold operator }
    }
    ask { fact label } outputs missingParameters
    versions { rule on parameters { parameter since } } } }"""


async def test_a_preview_is_explained_and_not_kept(both, reader):
    ours, _ = both
    count = "SELECT count(*) FROM core.eligibility_results"
    before = (await ours.rows(count))[0][0]
    facts = {"days_until_homeless": 30, "eligible_person": True, "groups": ["dependent_child"]}
    found = (await reader.data(ours["reader"], PREVIEW, rule=DUTY, facts=facts, on="2026-01-15"))[
        "eligibility"
    ]
    assert found["outputs"]["prevention_duty"] is True
    assert found["versions"]["on"] == "2026-01-15"
    assert (await ours.rows(count))[0][0] == before


async def test_a_preview_with_nothing_known_asks(both, reader):
    ours, _ = both
    rule = "housing.fr_plus_ceiling"
    found = (await reader.data(ours["reader"], PREVIEW, rule=rule, facts={}))["eligibility"]
    assert found["outcome"] == "unknown"
    assert found["ask"]


@pytest.mark.parametrize(
    ("rule", "facts", "code"),
    [
        ("housing.no_such", {}, "UNKNOWN_RULE"),
        ("health.fr_apa", {}, "UNKNOWN_RULE"),
        (DUTY, [], "INVALID_INPUT"),
        (DUTY, {"days_until_homeless": "soon"}, "INVALID_INPUT"),
    ],
)
async def test_a_preview_refuses(both, reader, rule, facts, code):
    ours, _ = both
    answer = await reader.ask(ours["reader"], PREVIEW, rule=rule, facts=facts)
    assert answer["data"] == {"eligibility": None}
    assert answer["errors"][0]["extensions"]["code"] == code


async def test_content_of_plugins_that_are_not_enabled_is_not_there(both, reader):
    ours, _ = both
    found = await reader.data(
        ours["reader"],
        """{ instruments { code plugin } rules { code plugin }
          programmeTemplates { plugin } modelTemplates { plugin } }""",
    )
    assert {one["plugin"] for kind in found.values() for one in kind} == {"housing"}
    answer = await reader.ask(ours["reader"], '{ instrument(code: "health.phq9") { code } }')
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_scores_are_texts_with_their_titles(both, reader):
    ours, _ = both
    text = """query A($id: ID!) { node(id: $id) { ... on Assessment { status answers scores {
      key value title } flags { code } } } }"""
    found = (await reader.data(ours["reader"], text, id=ours.gid("Assessment")))["node"]
    assert found["answers"] == {"living_situation": "hostel"}
    assert found["status"] == "COMPLETE"
    assert all(isinstance(score["value"], str) and score["title"] for score in found["scores"])


async def test_records_outlive_the_plugin_that_they_came_from(both, reader):
    ours, _ = both
    bare = PluginHost()
    bare.failures["broken"] = PluginError("broken", "it does not load")
    scope = replace(ours["referent"], host=bare, enabled=frozenset())
    text = """query G($id: ID!) {
      plugins { name state version enabled }
      case(id: $id) {
        assessments { nodes { title scores { key title value } } }
        eligibilityResults { nodes {
          title outcome because { sentence } ask { fact label } } } } }"""
    found = await reader.data(scope, text, id=ours.gid("Case"))
    assert [(one["name"], one["state"], one["enabled"]) for one in found["plugins"]] == [
        ("broken", "FAILED", False), ("housing", "MISSING", True),
    ]  # fmt: skip
    assessments = {one["title"]: one for one in found["case"]["assessments"]["nodes"]}
    assessment = assessments["housing.ethos_light"]
    assert assessment["scores"][0]["value"]
    result = found["case"]["eligibilityResults"]["nodes"][0]
    assert result["title"] == DUTY
    assert result["ask"][0]["fact"] == result["ask"][0]["label"]


def test_no_number_of_open_data_is_a_float() -> None:
    given: Any = {"a": 1.5, "b": [0.1, 2, True, None], "c": {"d": "x"}}
    assert exact_json(given) == {"a": "1.5", "b": ["0.1", 2, True, None], "c": {"d": "x"}}


async def _case(ours: Any, person: Any, programme: Any) -> Any:
    draft = CaseDraft(
        person=person, programme=programme, request_source="self", requested_on=date(2026, 1, 15)
    )
    return (await ours.do("referent", open_case, draft))["case"]


async def _own_programme(ours: Any, person: Any, code: str) -> tuple[Any, Any]:
    """A programme that selects by the tenant's own rule, and a case in it."""
    copy = CopyDraft(template="housing.support_to_housing", code=code)
    programme = (await ours.do("supervisor", copy_programme, copy))["programme"]
    profile = {"code": "all", "name": {"en": "All", "fr": "Tous"}, "own_criteria": OWN_RULE}
    edit = ProgrammeEdit(programme=programme, row_version=1, parts={"target_group": [profile]})
    await ours.do("supervisor", edit_programme, edit)
    await ours.do(
        "supervisor", activate_programme, ActivateDraft(programme=programme, row_version=2)
    )
    return programme, await _case(ours, person, programme)
