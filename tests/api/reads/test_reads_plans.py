"""Needs, plans, safety and obligations are read whole, alike on both roads, by nobody else."""

from typing import Any

import pytest
from test_reads_everything import leaves

from cordee_core.needs.add_need import HOLDERS, SOURCES
from cordee_core.needs.add_need import KINDS as KINDS_OF_NEED
from cordee_core.obligations.model import STATUSES
from cordee_core.plans.agree_plan import FORMS
from cordee_core.plans.model import IN_FORCE, RESPONSIBLES
from cordee_graphql import plan_enums

KINDS = ("Need", "Obligation", "CasePlan", "PlanGoal", "PlanAction", "SafetyPlan", "SafetyContact")
RULE = "health.phq9:suicidal_ideation"
CASE = """{ needs { nodes { id words } } obligations { nodes { id rule } } plan { id version }
  plans { nodes { id } } safetyPlan { id ownCoping } safetyPlans { totalCount }
  validAnswers { instrument item value informant } unexploredDomains { code label } }"""


@pytest.mark.parametrize("kind", KINDS)
async def test_every_field_is_read(both: Any, reader: Any, real: Any, kind: str) -> None:
    ours, theirs = both
    for selection in leaves(real._schema.type_map[kind]):
        if selection.startswith("person "):  # whose own fields have tests of their own
            continue
        text = f'{{ node(id: "{ours.gid(kind)}") {{ ... on {kind} {{ {selection} }} }} }}'
        assert (await reader.data(ours["referent"], text))["node"], text
        answer = await reader.ask(theirs["referent"], text)
        assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_a_case_shows_them(both: Any, reader: Any) -> None:
    ours, _ = both
    data = await reader.data(ours["referent"], f'{{ case(id: "{ours.gid("Case")}") {CASE} }}')
    case = data["case"]
    assert case["plan"] == {"id": ours.gid("CasePlan"), "version": 1}
    assert case["plans"]["nodes"] == [{"id": ours.gid("CasePlan")}]
    assert case["safetyPlan"]["id"] == ours.gid("SafetyPlan")
    assert len(case["needs"]["nodes"]) == 2
    assert case["obligations"]["nodes"][0]["id"] == ours.gid("Obligation")
    assert {one["instrument"] for one in case["validAnswers"]} >= {"health.phq9"}
    assert "spiritual" in [one["code"] for one in case["unexploredDomains"]]


async def test_the_person_reads_their_own_plan(both: Any, reader: Any) -> None:
    ours, theirs = both
    for kind in ("CasePlan", "PlanGoal", "SafetyPlan", "Need", "Obligation"):
        text = f'{{ node(id: "{ours.gid(kind)}") {{ id }} }}'
        assert (await reader.data(ours["person"], text))["node"]["id"] == ours.gid(kind)
        assert (await reader.ask(theirs["person"], text))["data"]["node"] is None


async def test_lists_at_the_root(both: Any, reader: Any) -> None:
    ours, theirs = both
    text = """{ obligations { nodes { id } } safetyContacts { nodes { id } }
      lifeDomains { code label(language: FR) } }"""
    found = await reader.data(ours["referent"], text)
    assert ours.gid("Obligation") in [one["id"] for one in found["obligations"]["nodes"]]
    assert [one["id"] for one in found["safetyContacts"]["nodes"]] == [ours.gid("SafetyContact")]
    assert found["lifeDomains"][0] == {"code": "physical", "label": "Physique"}
    filters = f'(filter: {{memberId: "{ours.gid("Member")}", rule: "{RULE}", status: OPEN}})'
    text = f"{{ obligations{filters} {{ totalCount nodes {{ id }} }} }}"
    assert (await reader.data(ours["referent"], text))["obligations"]["totalCount"] == 1
    assert (await reader.data(theirs["referent"], text))["obligations"]["totalCount"] == 0
    refused = await reader.ask(ours["person"], "{ obligations { totalCount } }")
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize("planned", [True, False])
async def test_what_was_read_stands_in_the_journal(both: Any, reader: Any, planned: bool) -> None:
    ours, _ = both
    whose = ours.uuids["Person"]
    before = await _reads(ours, whose)
    more = "" if planned else " label"
    kept, reader.schema.planner = reader.schema.planner, reader.schema.planner if planned else None
    try:
        await reader.data(ours["referent"], f"{{ obligations {{ nodes {{ rule{more} }} }} }}")
    finally:
        reader.schema.planner = kept
    assert await _reads(ours, whose) == before + 1


def test_the_words_of_the_api_are_those_of_the_core() -> None:
    pairs = {
        plan_enums.ObligationStatus: STATUSES, plan_enums.NeedKind: KINDS_OF_NEED,
        plan_enums.NeedSource: SOURCES, plan_enums.NeedHolder: HOLDERS,
        plan_enums.PlanStatus: ("draft", *IN_FORCE, "replaced"),
        plan_enums.Responsible: RESPONSIBLES, plan_enums.AgreementForm: FORMS,
        plan_enums.ActionStatus: STATUSES,
    }  # fmt: skip
    for kind, known in pairs.items():
        assert {one.value for one in kind} == set(known), kind


async def _reads(ours: Any, person: Any) -> int:
    rows = await ours.rows(
        "SELECT count(*) AS number FROM core.journal_entries WHERE kind = 'read'"
        " AND $1 = ANY(subjects)",
        person,
    )
    return int(rows[0]["number"])
