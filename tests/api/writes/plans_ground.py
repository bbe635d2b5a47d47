"""The life of a case, its needs, plans, obligations: each mutation with every id it takes."""

from typing import Any

from work_ground import DAY

Raw = dict[str, Any]
SAFETY = {
    "warningSigns": "a", "ownCoping": "a", "peopleAndPlaces": "a", "contacts": "a",
    "professionals": "a", "environment": "a", "language": "fr",
}  # fmt: skip
GOAL = {"words": "A roof", "wording": "Housing", "objective": "stable_home"}
NEED = {"kind": "NEED", "words": "A roof", "lifeDomain": "material"}


async def planned(world: Any) -> None:
    """Make a need, a strength, a draft with a goal and an action, a safety plan, a transfer."""
    saved = dict(world.ids)
    case = {"caseId": saved["workCase"]}
    answers = {"instrument": "housing.ssm", "answers": {"housing": 1}, "assessedOn": DAY}
    await world.do("referent", "assessmentComplete", {**case, **answers}, "assessment")
    strength = {"kind": "STRENGTH", "words": "Friends", "lifeDomain": "social"}
    await world.do("referent", "needAdd", {**case, **strength}, "need")
    world.ids["strength"] = world.ids["need"]
    await world.do("referent", "needAdd", {**case, **NEED}, "need")
    await world.do("referent", "planDraft", case, "plan")
    plan = {"planId": world.ids["plan"]}
    await world.do("referent", "planGoalAdd", {**plan, **GOAL}, "goal")
    await world.do("referent", "planActionAdd", {**plan, "description": "Visit"}, "action")
    await world.do("referent", "safetyPlanWrite", {**case, **SAFETY}, "safetyPlan")
    consent = {
        "givenOn": DAY, "informationGivenOn": DAY, "form": "SIGNED", "language": "fr",
        "purpose": "TRANSFER",
    }  # fmt: skip
    await world.do("referent", "consentRecord", {**case, **consent}, "consent")
    found = await world.client.ask(
        "query ($id: ID!) { case(id: $id) { rowVersion programme { id } } }",
        variables={"id": saved["workCase"]}, token=world.tokens["referent"],
    )  # fmt: skip
    given = {
        **case, "rowVersion": found["data"]["case"]["rowVersion"], "reason": "Moves north",
        "programmeId": found["data"]["case"]["programme"]["id"], "receiverId": saved["boss"],
    }  # fmt: skip
    await world.do("referent", "caseTransfer", given, "transfer")
    world.ids.update(saved)


PLANS_ROLES = {
    "casesInterrupt": "supervisor", "planWaive": "supervisor", "planApprove": "supervisor",
    "safetyContactSet": "admin",
}  # fmt: skip
PLANS_FIELDS = {
    "caseHold": ("caseId",),
    "caseResume": ("caseId",),
    "caseReopen": ("caseId",),
    "caseClose": ("caseId",),
    "caseMerge": ("caseId", "intoId"),
    "casesInterrupt": ("caseIds",),
    "caseTransfer": ("caseId", "programmeId", "receiverId", "modelId", "teamId"),
    "transferApprove": ("transferId",),
    "transferDecline": ("transferId",),
    "requestRecord": ("personId",),
    "needAdd": ("caseId", "assessmentId"),
    "needEnd": ("needId",),
    "obligationAssign": ("obligationId", "memberId"),
    "obligationDone": ("obligationId",),
    "obligationCancel": ("obligationId",),
    "safetyPlanWrite": ("caseId",),
    "safetyPlanAgree": ("safetyPlanId",),
    "safetyContactSet": ("memberId",),
    "planDraft": ("caseId", "personId"),
    "planRevise": ("planId",),
    "planAgree": ("planId",),
    "planWaive": ("planId",),
    "planApprove": ("planId",),
    "planGoalAdd": ("planId", "needIds", "strengthIds"),
    "planGoalUpdate": ("goalId",),
    "planNeedLeave": ("planId", "needId"),
    "goalAttain": ("goalId",),
    "planActionAdd": ("planId", "goalId", "memberId", "serviceId"),
    "planActionUpdate": ("actionId", "goalId", "memberId", "serviceId"),
    "planActionDone": ("actionId",),
    "planActionCancel": ("actionId",),
}
PLANS_IDS = [(name, field) for name, fields in PLANS_FIELDS.items() for field in fields]
"""Each id that these mutations take."""
_ALONE = {"householdPersonIds": [], "householdId": None}
PLANS_APART = {
    **{("caseOpen", one): _ALONE for one in ("personId", "programmeId", "teamId", "modelId")},
    ("caseOpen", "householdPersonIds"): {"personId": None},
    ("caseOpen", "householdId"): {"personId": None},
    ("caseTransfer", "receiverId"): {"modelId": None, "teamId": None},
}
"""What an input says instead where one id excludes another."""


OF_THE_CASE = {
    ("planDraft", "personId"), ("consentRecord", "personId"), ("planNeedLeave", "needId"),
    ("planGoalAdd", "needIds"), ("planGoalAdd", "strengthIds"),
}  # fmt: skip
"""Ids of what belongs to the case: whatever does not is refused as such, absent or not yours."""
LISTED = {("casesInterrupt", "caseIds")}
"""Ids of which those that can't be reached are listed, and the others are served."""


def plans_inputs(world: Any) -> dict[str, Raw]:
    """An input with every id that it takes, for each mutation of a case's life and its plan."""
    return {**_life_inputs(world), **_need_inputs(world), **_plan_inputs(world)}


def _life_inputs(world: Any) -> dict[str, Raw]:
    ids, version, why = world.ids, {"rowVersion": 999}, {"reason": "x"}
    case = {"caseId": ids["workCase"], **version}
    closed = {"afterCareOn": "2099-01-01", "retainUntil": "2099-01-01"}
    transfer = {"transferId": ids["transfer"], **version}
    return {
        "caseHold": {**case, **why},
        "caseResume": case,
        "caseReopen": {**case, **why},
        "caseClose": {**case, "reason": "goals_reached", **closed},
        "caseMerge": {**case, "intoId": ids["case"], **why},
        "casesInterrupt": {
            "caseIds": [ids["case"]], **why, "stage": "ON_HOLD", "resume": False,
        },
        "caseTransfer": {
            "caseId": ids["case"], **version, "programmeId": ids["programme"],
            "receiverId": ids["boss"], **why, "modelId": ids["model"], "teamId": ids["team"],
        },
        "transferApprove": {**transfer, "side": "GIVING"},
        "transferDecline": {**transfer, **why},
        "requestRecord": {
            "requestSource": "SELF", "outcome": "INFORMATION", "topic": "x", "answer": "x",
            "receivedOn": DAY, "personId": ids["person"],
        },
    }  # fmt: skip


def _need_inputs(world: Any) -> dict[str, Raw]:
    ids, version, why = world.ids, {"rowVersion": 999}, {"reason": "x"}
    case, obligation = {"caseId": ids["workCase"]}, {"obligationId": ids["obligation"], **version}
    return {
        "needAdd": {**case, **NEED, "assessmentId": ids["assessment"]},
        "needEnd": {"needId": ids["need"], **version, **why},
        "obligationAssign": {**obligation, "memberId": ids["member"]},
        "obligationDone": obligation,
        "obligationCancel": {**obligation, **why},
        "safetyPlanWrite": {**case, **SAFETY, "trigger": "x"},
        "safetyPlanAgree": {
            "safetyPlanId": ids["safetyPlan"], **version, "form": "SIGNED", "agreedOn": DAY,
        },
        "safetyContactSet": {"instrument": "housing.ssm", "memberId": ids["member"]},
    }  # fmt: skip


def _plan_inputs(world: Any) -> dict[str, Raw]:
    ids, version, why = world.ids, {"rowVersion": 999}, {"reason": "x"}
    plan, goal = {"planId": ids["plan"]}, {"goalId": ids["goal"]}
    action = {"actionId": ids["action"], **version}
    does = {
        "description": "x", **goal, "responsible": "MEMBER", "memberId": ids["member"],
        "serviceId": ids["service"],
    }  # fmt: skip
    return {
        "planDraft": {"caseId": ids["workCase"], "personId": ids["workPerson"]},
        "planRevise": {**plan, **version, "trigger": "x"},
        "planAgree": {**plan, **version, "form": "SIGNED", "language": "fr", "agreedOn": DAY},
        "planWaive": {**plan, **version, **why},
        "planApprove": {**plan, **version},
        "planGoalAdd": {
            **plan, **GOAL, "needIds": [ids["need"]], "strengthIds": [ids["strength"]],
        },
        "planGoalUpdate": {**goal, **version, "words": "x"},
        "planNeedLeave": {**plan, "needId": ids["need"], **why},
        "goalAttain": {**goal, "attainedOn": DAY, "score": 0},
        "planActionAdd": {**plan, **does},
        "planActionUpdate": {**action, **does},
        "planActionDone": action,
        "planActionCancel": {**action, **why},
    }  # fmt: skip
