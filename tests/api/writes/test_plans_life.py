"""A case from intake to closed through the API, with a safety flag, a plan and its revision."""

from datetime import timedelta
from typing import Any

from cordee_core.clock import now

GOAL = {
    "words": "Fermer ma porte", "wording": "Accéder à un logement", "objective": "stable_home",
    "baseline": "Rue", "target": "Un bail", "indicator": "Bail signé", "targetDate": "2027-06-01",
}  # fmt: skip
SAFETY = {
    "warningSigns": "Je ne dors plus", "ownCoping": "Marcher", "peopleAndPlaces": "Le café",
    "contacts": "Ma sœur", "professionals": "Le 3114", "environment": "Rien à la maison",
    "language": "fr",
}  # fmt: skip
WHOLE = """{
  stage needs { nodes { kind words origin lifeDomain { code label(language: FR) } holder endedOn } }
  obligations { nodes { rule label(language: FR) status member { displayName } reason } }
  plan { version status revisionTrigger sections
    goals { words wording objectiveCode section needs { need { words } }
      actions { description status reason } history { score } origin { plan { version } } }
    needs { reason need { words } goal { words } }
    agreements { signatory form agrees language dissent comment } author { displayName }
    approvedBy { displayName } approvalNote }
  plans { nodes { version status } }
  safetyPlan { version warningSigns agreementForm }
  validAnswers(instrument: "housing.ssm") { item value informant }
  unexploredDomains { code }
}"""


class Case:
    """The case of a world, moved through the API."""

    def __init__(self, world: Any) -> None:
        self.world, self.id = world, {"caseId": world.ids["case"]}

    async def do(self, name: str, given: Any, *keep: str, role: str = "referent") -> Any:
        return await self.world.do(role, name, given, *keep)

    async def read(self, want: str) -> Any:
        answer = await self.world.client.ask(
            f"query ($id: ID!) {{ case(id: $id) {want} }}",
            variables={"id": self.world.ids["case"]}, token=self.world.tokens["referent"],
        )  # fmt: skip
        assert "errors" not in answer, answer
        return answer["data"]["case"]

    async def stands_against(self, stage: str) -> list[str]:
        found = await self.read("{ transitions { stage objections { text(language: FR) code } } }")
        return [
            one["code"]
            for each in found["transitions"]
            if each["stage"] == stage
            for one in each["objections"]
        ]

    async def move(self, stage: str) -> None:
        version = (await self.read("{ rowVersion }"))["rowVersion"]
        given = {**self.id, "rowVersion": version, "stage": stage}
        await self.do("caseMove", given, "case")

    async def agree(self, role: str = "referent", **more: Any) -> None:
        plan = await self.read("{ plan { id rowVersion } }")
        given = {
            "planId": plan["plan"]["id"], "rowVersion": plan["plan"]["rowVersion"],
            "form": "SIGNED", "language": "fr", "agreedOn": now().date().isoformat(), **more,
        }  # fmt: skip
        await self.do("planAgree", given, role=role)


async def assessed(case: Case) -> None:
    """The instruments that the model requires, one item not asked, and a safety flag."""
    today = {"assessedOn": now().date().isoformat()}
    world = case.world
    await world.do("admin", "pluginEnable", {"plugin": "health"})
    called = {"instrument": "health.phq9", "memberId": world.ids["member"], "note": "06 00"}
    await world.do("admin", "safetyContactSet", called, "contact")
    for instrument, answers, more in (
        ("housing.ethos_light", {"living_situation": "hostel"}, {}),
        ("housing.ssm", {"housing": 1}, {"notAsked": [{"item": "legal", "reason": "Fatigue"}]}),
        ("health.phq9", [0, 0, 0, 0, 0, 0, 0, 0, 1], {}),
    ):
        given = {**case.id, **today, "instrument": instrument, "answers": answers, **more}
        await case.do("assessmentComplete", given, "assessment")


async def test_a_case_from_intake_to_closed(world: Any) -> None:
    await world.open()
    await world.admit()
    case = Case(world)
    await case.move("ASSESSMENT")
    await assessed(case)
    assert await case.stands_against("PLANNING") == ["strength_missing", "safety_plan_missing"]
    need = {**case.id, "kind": "NEED", "words": "Un toit", "lifeDomain": "material"}
    await case.do("needAdd", need, "need")
    taken = world.ids["need"]
    await case.do("needAdd", {**need, "words": "Voir ma fille", "kind": "WISH"}, "need")
    left = world.ids["need"]
    strength = {"kind": "STRENGTH", "words": "Deux amis", "lifeDomain": "social"}
    await case.do("needAdd", {**case.id, **strength}, "need")
    await case.do("safetyPlanWrite", {**case.id, **SAFETY}, "safetyPlan")
    await case.do("safetyPlanAgree", {
        "safetyPlanId": world.ids["safetyPlan"], "rowVersion": 1, "form": "RECORDED",
        "agreedOn": now().date().isoformat(),
    })  # fmt: skip
    await case.move("PLANNING")
    await _planned(case, taken, left)
    assert await case.stands_against("IMPLEMENTATION") == ["plan_not_agreed", "plan_not_approved"]
    await case.agree(agrees=False, dissent="Pas de foyer", form="RECORDED")
    await case.agree(comment="D'accord")
    plan = (await case.read("{ plan { id rowVersion } }"))["plan"]
    approve = {"planId": plan["id"], "rowVersion": plan["rowVersion"], "note": "Bon plan"}
    await case.do("planApprove", approve, role="supervisor")
    await case.move("IMPLEMENTATION")
    await _shown(case)
    await _revised(case)
    await _closed(case)


async def _planned(case: Case, taken: str, left: str) -> None:
    """A draft with a goal and an action, a need left out, corrected before it is agreed."""
    world = case.world
    await case.do("planDraft", {**case.id, "sections": ["Logement"]}, "plan")
    plan = {"planId": world.ids["plan"]}
    links = {"needIds": [taken], "strengthIds": [world.ids["need"]], "section": "Logement"}
    await case.do("planGoalAdd", {**plan, **GOAL, **links}, "goal", "plan", "case")
    await case.do("planNeedLeave", {**plan, "needId": left, "reason": "Plus tard, dit Nour"})
    await case.do("planActionAdd", {**plan, "description": "Voir le bailleur"}, "action")
    await case.do("planActionUpdate", {
        "actionId": world.ids["action"], "rowVersion": 1, "goalId": world.ids["goal"],
        "responsible": "MEMBER", "memberId": world.ids["member"], "dueOn": "2027-02-01",
        "method": "outreach_and_settling",
    })  # fmt: skip
    await case.do("planGoalUpdate", {
        "goalId": world.ids["goal"], "rowVersion": 1, "words": "Une clé à moi",
    })  # fmt: skip


async def _shown(case: Case) -> None:
    """Everything is read back as it was written."""
    found = await case.read(WHOLE)
    assert [one["words"] for one in found["needs"]["nodes"]] == [
        "Un toit", "Voir ma fille", "Deux amis",
    ]  # fmt: skip
    assert found["needs"]["nodes"][0]["lifeDomain"] == {"code": "material", "label": "Matériel"}
    (due,) = found["obligations"]["nodes"]
    assert (due["rule"], due["status"]) == ("health.phq9:suicidal_ideation", "OPEN")
    assert due["member"] == {"displayName": "referent"}
    plan = found["plan"]
    assert (plan["version"], plan["status"], plan["sections"]) == (1, "AGREED", ["Logement"])
    (goal,) = plan["goals"]
    assert (goal["words"], goal["wording"]) == ("Une clé à moi", "Accéder à un logement")
    assert [one["need"]["words"] for one in goal["needs"]] == ["Un toit", "Deux amis"]
    assert goal["actions"][0]["status"] == "OPEN"
    assert [one["need"]["words"] for one in plan["needs"] if one["reason"]] == ["Voir ma fille"]
    assert [(one["agrees"], one["form"]) for one in plan["agreements"]] == [
        (False, "RECORDED"), (True, "SIGNED"),
    ]  # fmt: skip
    assert plan["approvedBy"] == {"displayName": "supervisor"}
    assert found["safetyPlan"]["agreementForm"] == "RECORDED"
    assert found["validAnswers"] == [{"item": "housing", "value": 1, "informant": "PERSON"}]
    assert [one["code"] for one in found["unexploredDomains"]] == ["spiritual"]


async def _revised(case: Case) -> None:
    """A new version with its trigger: the one before stays in force until it is agreed."""
    plan = (await case.read("{ plan { id rowVersion } }"))["plan"]
    given = {"planId": plan["id"], "rowVersion": plan["rowVersion"], "trigger": "Un bail est signé"}
    await case.do("planRevise", given, "plan")
    found = await case.read("{ plan { version status } plans { nodes { version status } } }")
    assert found["plan"] == {"version": 2, "status": "DRAFT"}
    assert found["plans"]["nodes"][1] == {"version": 1, "status": "AGREED"}
    await case.agree()
    found = await case.read(WHOLE)
    assert [one["status"] for one in found["plans"]["nodes"]] == ["AGREED", "REPLACED"]
    (goal,) = found["plan"]["goals"]
    assert goal["origin"] == {"plan": {"version": 1}}
    assert [one["status"] for one in goal["actions"]] == ["OPEN"]


async def _closed(case: Case) -> None:
    """Scored, evaluated, closed: what was open is cancelled with it."""
    assert await case.stands_against("EVALUATION") == ["goal_not_scored"]
    goal = (await case.read("{ plan { goals { id } } }"))["plan"]["goals"][0]["id"]
    today = now().date()
    for score in (1, 2):
        await case.do("goalAttain", {
            "goalId": goal, "attainedOn": today.isoformat(), "score": score,
        }, "goal")  # fmt: skip
    await case.move("EVALUATION")
    version = (await case.read("{ rowVersion }"))["rowVersion"]
    await case.do("caseClose", {
        **case.id, "rowVersion": version, "reason": "goals_reached",
        "afterCareOn": (today + timedelta(days=90)).isoformat(),
        "retainUntil": (today + timedelta(days=900)).isoformat(),
    }, "case")  # fmt: skip
    found = await case.read(WHOLE)
    assert found["stage"] == "CLOSED"
    assert [one["status"] for one in found["obligations"]["nodes"]] == ["CANCELLED"]
    assert [one["actions"][0]["status"] for one in found["plan"]["goals"]] == ["CANCELLED"]
    late = await case.world.client.change(
        case.world.tokens["referent"], "needAdd", {**case.id, "kind": "NONE", "words": "Fini"}
    )
    assert late["data"]["needAdd"]["userErrors"][0]["code"] == "TRANSITION_BLOCKED"


async def test_obligations_are_listed_by_member_what_is_due_first(world: Any) -> None:
    await world.open()
    await world.admit()
    case = Case(world)
    await case.move("ASSESSMENT")
    await assessed(case)
    given = {**case.id, "instrument": "health.phq9", "assessedOn": now().date().isoformat()}
    await case.do("assessmentComplete", {**given, "answers": [0] * 8 + [None]})
    want = """query ($filter: ObligationFilter) { obligations(filter: $filter) {
      totalCount nodes { id rule dueAt rowVersion case { number } } } }"""

    async def listed(**wanted: Any) -> Any:
        answer = await world.client.ask(
            want, variables={"filter": wanted}, token=world.tokens["referent"]
        )
        return answer["data"]["obligations"]

    mine = await listed(memberId=world.ids["member"], status="OPEN")
    assert [one["rule"].partition(":")[2] for one in mine["nodes"]] == [
        "suicidal_ideation", "item9_unanswered",
    ]  # fmt: skip
    first = {"obligationId": mine["nodes"][0]["id"], "rowVersion": 1}
    await case.do("obligationDone", {**first, "note": "Vue à 15 h"}, "obligation")
    assert (await listed(status="OPEN"))["totalCount"] == 1
    everything = await case.read("{ obligations { nodes { status } } }")
    assert [one["status"] for one in everything["obligations"]["nodes"]] == ["OPEN", "DONE"]
    rest = {"obligationId": mine["nodes"][1]["id"], "rowVersion": 1, "reason": "Posée de vive voix"}
    await case.do("obligationCancel", rest, "obligation")
    assert (await listed(status="OPEN"))["totalCount"] == 0
