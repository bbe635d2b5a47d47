"""What needs, plans, safety and obligations refuse: coded, in both languages, nothing written."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from refusals import nothing_written, refused

from cordee_core.clock import now
from cordee_graphql.ids import encode

TODAY = now().date().isoformat()
TOMORROW = (now().date() + timedelta(days=2)).isoformat()
SAFETY = {
    "warningSigns": "a", "ownCoping": "a", "peopleAndPlaces": "a", "contacts": "a",
    "professionals": "a", "environment": "a", "language": "fr",
}  # fmt: skip
GOAL = {"words": "Un toit", "wording": "Logement", "objective": "stable_home"}
NEED = {"kind": "NEED", "words": "Un toit", "lifeDomain": "material"}
AGREE = {"form": "SIGNED", "language": "fr", "agreedOn": TODAY}
PHQ9 = {"instrument": "health.phq9", "answers": [0] * 9, "assessedOn": TODAY}


@pytest.fixture(scope="module")
async def planned(client: Any, make_world: Any) -> Any:
    """A tenant with a case in assessment, a need, and a draft with a goal and an action."""
    world = await make_world(client)
    await world.open()
    await world.admit()
    case = {"caseId": world.ids["case"]}
    move = {**case, "rowVersion": await world.version("case"), "stage": "ASSESSMENT"}
    await world.do("referent", "caseMove", move)
    await world.do("admin", "pluginEnable", {"plugin": "health"})
    await world.do("referent", "needAdd", {**case, **NEED}, "need")
    await world.do("referent", "planDraft", case, "plan")
    plan = {"planId": world.ids["plan"]}
    await world.do("referent", "planGoalAdd", {**plan, **GOAL}, "goal")
    await world.do("referent", "planActionAdd", {**plan, "description": "Visiter"}, "action")
    await world.do("referent", "safetyPlanWrite", {**case, **SAFETY}, "safetyPlan")
    return world


CASES = [
    ("needAdd", {**NEED, "lifeDomain": "astral"}, "INVALID_INPUT", "lifeDomain"),
    ("needAdd", {**NEED, "words": "  "}, "INVALID_INPUT", "words"),
    ("needAdd", {**NEED, "holder": "RELATIVE"}, "INVALID_INPUT", "relativeName"),
    ("needAdd", {**NEED, "foundOn": TOMORROW}, "INVALID_INPUT", "foundOn"),
    ("needAdd", {**NEED, "kind": "NONE"}, "INVALID_INPUT", "lifeDomain"),
    ("planDraft", {}, "TRANSITION_BLOCKED", "caseId"),
    ("safetyPlanWrite", SAFETY, "INVALID_INPUT", "trigger"),
    ("safetyPlanWrite", {**SAFETY, "trigger": "x", "contacts": ""}, "INVALID_INPUT", "contacts"),
    ("assessmentComplete", PHQ9, "INSTRUMENT_NOT_READY", "instrument"),
]
PLANS = [
    ("planGoalAdd", {**GOAL, "objective": "none"}, "INVALID_INPUT", "objective"),
    ("planGoalAdd", {**GOAL, "words": ""}, "INVALID_INPUT", "words"),
    ("planGoalAdd", {**GOAL, "section": "Ailleurs"}, "INVALID_INPUT", "section"),
    ("planActionAdd", {"description": "x", "method": "magic"}, "INVALID_INPUT", "method"),
    ("planActionAdd", {"description": "x", "responsible": "MEMBER"}, "INVALID_INPUT", "memberId"),
    (
        "planActionAdd", {"description": "x", "responsible": "RELATIVE"}, "INVALID_INPUT",
        "responsibleName",
    ),
    ("planAgree", {**AGREE, "rowVersion": 1, "agrees": False}, "INVALID_INPUT", "dissent"),
    ("planAgree", {**AGREE, "rowVersion": 1, "signatory": "x"}, "INVALID_INPUT", "signatory"),
    ("planAgree", {**AGREE, "rowVersion": 1, "agreedOn": TOMORROW}, "INVALID_INPUT", "agreedOn"),
    ("planAgree", {**AGREE, "rowVersion": 9}, "STALE_OBJECT", "rowVersion"),
    ("planRevise", {"rowVersion": 1, "trigger": "x"}, "TRANSITION_BLOCKED", "planId"),
    ("planRevise", {"rowVersion": 1, "trigger": " "}, "INVALID_INPUT", "trigger"),
    ("planWaive", {"rowVersion": 1, "reason": "x"}, "TRANSITION_BLOCKED", "planId"),
]  # fmt: skip
GOALS = [
    ({"attainedOn": TODAY}, "score"),
    ({"attainedOn": TODAY, "score": 3}, "score"),
    ({"attainedOn": TODAY, "score": 1, "reason": "x"}, "score"),
    ({"attainedOn": TOMORROW, "score": 1}, "attainedOn"),
]


@pytest.mark.parametrize(("name", "given", "code", "field"), CASES)
async def test_a_case_refuses(
    planned: Any, rows: Any, name: str, given: Any, code: str, field: str
) -> None:
    given = {"caseId": planned.ids["case"], **given}
    async with nothing_written(rows, planned):
        await refused(planned, "referent", name, given, code, "input", field)


@pytest.mark.parametrize(("name", "given", "code", "field"), PLANS)
async def test_a_plan_refuses(
    planned: Any, rows: Any, name: str, given: Any, code: str, field: str
) -> None:
    given = {"planId": planned.ids["plan"], **given}
    async with nothing_written(rows, planned):
        await refused(planned, "referent", name, given, code, "input", field)


@pytest.mark.parametrize(("given", "field"), GOALS)
async def test_a_goal_refuses(planned: Any, rows: Any, given: Any, field: str) -> None:
    given = {"goalId": planned.ids["goal"], **given}
    async with nothing_written(rows, planned):
        await refused(planned, "referent", "goalAttain", given, "INVALID_INPUT", "input", field)


async def test_ids_that_lead_nowhere(planned: Any, rows: Any) -> None:
    nowhere = {
        "needEnd": {"needId": encode("Need", uuid4()), "rowVersion": 1, "reason": "x"},
        "obligationDone": {"obligationId": encode("Obligation", uuid4()), "rowVersion": 1},
        "planApprove": {"planId": encode("CasePlan", uuid4()), "rowVersion": 1},
        "planActionDone": {"actionId": encode("PlanAction", uuid4()), "rowVersion": 1},
        "safetyPlanAgree": {
            "safetyPlanId": encode("SafetyPlan", uuid4()), "rowVersion": 1, "form": "SIGNED",
            "agreedOn": TODAY,
        },
    }  # fmt: skip
    async with nothing_written(rows, planned):
        for name, given in nowhere.items():
            field = next(iter(given))
            await refused(planned, "supervisor", name, given, "NOT_FOUND", "input", field)


async def test_settings_about_safety(planned: Any, rows: Any) -> None:
    member = {"memberId": planned.ids["member"]}
    async with nothing_written(rows, planned):
        for instrument, code in (
            ("housing.ssm", "INVALID_INPUT"), ("health.nothing", "UNKNOWN_INSTRUMENT"),
        ):  # fmt: skip
            given = {**member, "instrument": instrument}
            await refused(planned, "admin", "safetyContactSet", given, code, "input", "instrument")


async def test_reasons_for_what_was_not_asked(planned: Any, rows: Any) -> None:
    ssm = {"caseId": planned.ids["case"], "instrument": "housing.ssm", "assessedOn": TODAY,
           "answers": {"housing": 1}}  # fmt: skip
    async with nothing_written(rows, planned):
        for item, reason, code in (
            ("nothing", "x", "INVALID_ANSWER"), ("housing", "x", "INVALID_ANSWER"),
            ("income", " ", "INVALID_INPUT"),
        ):  # fmt: skip
            given = {**ssm, "notAsked": [{"item": item, "reason": reason}]}
            path = ("input", "notAsked", item)
            await refused(planned, "referent", "assessmentComplete", given, code, *path)


async def test_a_stage_lists_what_stands_against_it(planned: Any, rows: Any) -> None:
    version = await planned.version("case")
    given = {"caseId": planned.ids["case"], "rowVersion": version, "stage": "PLANNING"}
    async with nothing_written(rows, planned):
        told = await refused(
            planned, "referent", "caseMove", given, "TRANSITION_BLOCKED", "input", "stage"
        )
    assert "neither a strength nor a wish" in told["en"]
    assert "ni ressource ni souhait" in told["fr"]
