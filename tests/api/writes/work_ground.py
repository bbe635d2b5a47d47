"""Circle, household, places, voice and those who work: each mutation with every id it takes."""

from typing import Any

DAY = "2026-01-15"
MOMENT = "2026-02-01T09:00:00+01:00"
CONSENT = {"givenOn": DAY, "informationGivenOn": DAY, "form": "SIGNED", "language": "fr"}
Raw = dict[str, Any]


async def worked(world: Any) -> None:
    """Make one of each object of the circle and the work; the ids of what was there before stay."""
    saved = dict(world.ids)
    await world.do("referent", "personRegister", {"familyName": "Work"}, "person")
    await world.do("referent", "caseOpen", world.request(), "case")
    case = {"caseId": world.ids["case"]}
    world.ids |= {"workCase": world.ids["case"], "workPerson": world.ids["person"]}
    await world.admit()
    move = {**case, "rowVersion": await world.version("case"), "stage": "ASSESSMENT"}
    await world.do("referent", "caseMove", move)
    await _around(world, case, saved["person"])
    await _staffed(world, case)
    world.ids.update(saved)


async def _around(world: Any, case: Raw, other: str) -> None:
    own, named = {"personId": world.ids["workPerson"]}, {"name": "Dr Roy"}
    await world.do("referent", "householdMake", {"name": "Home"}, "household")
    joined = {"householdId": world.ids["household"], "role": "HEAD", "startsOn": DAY}
    for role, name, given, keep in (
        ("referent", "householdJoin", {**own, **joined}, "householdMember"),
        ("referent", "relationRecord", {**own, "otherId": other, "kind": "PARENT"}, "relation"),
        (
            "referent", "representativeAppoint",
            {**own, **named, "kind": "GUARDIAN", "scopes": ["CONSENT"], "startsOn": DAY},
            "representative",
        ),
        (
            "referent", "circleJoin",
            {**case, **named, "kind": "PEER", "role": "Friend", "startsOn": DAY}, "circleMember",
        ),
        (
            "referent", "interpreterBook",
            {**case, "contactAt": MOMENT, "language": "ti", "mode": "TELEPHONE",
             "interpreter": "Selam", "relative": False}, "booking",
        ),
        ("admin", "territoryMake", {"code": "75", "name": "Paris"}, "territory"),
        ("referent", "placeRecord", {**own, "kind": "HOME", "startsOn": DAY}, "place"),
        ("referent", "customRecord", {**own, "kind": "FOOD", "words": "No pork"}, "custom"),
        (
            "referent", "statementAdd",
            {**case, "kind": "COMPLAINT", "words": "Late", "language": "en", "form": "SUPPORTED",
             "support": "Read aloud"}, "statement",
        ),
    ):  # fmt: skip
        await world.do(role, name, given, keep)


async def _staffed(world: Any, case: Raw) -> None:
    member = {"memberId": world.ids["member"]}
    away = await member_of(world, "team_member")
    distant = await world.do("referent", "personRegister", {"familyName": "Far"}, "person")
    asked = {"question": "Tell?", "adviserIds": [world.ids["boss"]], **case}
    copied = {"role": "REFERENT", "code": "own_role", "title": {"en": "Own", "fr": "Propre"}}
    await world.do("admin", "roleCopy", copied, "role")
    declared = {"personId": distant["person"]["id"], "note": "Cousin"}
    await world.do("referent", "conflictDeclare", declared, "conflict")
    await world.do(
        "supervisor", "fieldAssign",
        {**case, "memberId": away, "task": "Visits", "startsOn": DAY}, "assignment",
    )  # fmt: skip
    await world.do("referent", "ethicsAsk", asked, "consultation")
    called = {**case, "startsAt": MOMENT, "agenda": ["Home"], "personInvited": True}
    await world.do("referent", "conferenceCall", called, "conference")
    held = {
        "conferenceId": world.ids["conference"], "rowVersion": 1, "attendees": [member],
        "decisions": [{"decision": "Visit", **member, "dueOn": "2027-04-01"}],
    }  # fmt: skip
    done = await world.client.do(
        world.tokens["referent"], "conferenceHold", held,
        "conference { decisions { obligation { id } } }",
    )  # fmt: skip
    world.ids["obligation"] = done["conference"]["decisions"][0]["obligation"]["id"]
    await world.do("referent", "conferenceCall", called, "conference")


async def member_of(world: Any, role: str) -> str:
    """Return the id of the member with the token of `role`."""
    answer = await world.client.ask("{ viewer { member { id } } }", token=world.tokens[role])
    return answer["data"]["viewer"]["member"]["id"]


WORK_ROLES = {
    "conflictDeclare": "supervisor",
    "caseloadReassign": "supervisor", "conflictEnd": "supervisor", "ethicsAdvise": "supervisor",
    "fieldAssign": "supervisor", "fieldAssignmentEnd": "supervisor", "roleUpdate": "admin",
    "fieldReportAdd": "team_member", "statementAnswer": "supervisor", "territoryEdit": "admin",
    "supervisionRecord": "supervisor", "territoryMake": "admin", "trainingRecord": "admin",
}  # fmt: skip
WORK_FIELDS = {
    "householdJoin": ("householdId", "personId"),
    "householdLeave": ("householdMemberId",),
    "relationRecord": ("personId", "otherId"),
    "relationEnd": ("relationId",),
    "representativeAppoint": ("personId", "representativeId"),
    "representativeEnd": ("representativeId",),
    "circleJoin": ("caseId", "memberId", "personId"),
    "circleLeave": ("circleMemberId",),
    "interpreterBook": ("caseId",),
    "interpreterBookingEnd": ("bookingId",),
    "placeRecord": ("personId", "territoryId"),
    "placeEnd": ("placeId",),
    "territoryMake": ("parentId", "teamId"),
    "territoryEdit": ("parentId", "teamId", "territoryId"),
    "customRecord": ("personId",),
    "customEnd": ("customId",),
    "statementAdd": ("caseId", "personId"),
    "statementAnswer": ("statementId",),
    "memberProfileSet": ("memberId", "supervisorId"),
    "memberRolesSet": ("memberId", "ownRoleIds"),
    "roleUpdate": ("roleId",),
    "trainingRecord": ("memberId",),
    "handoverAcknowledge": ("caseId",),
    "caseloadReassign": ("memberId",),
    "caseIntensitySet": ("caseId",),
    "conflictDeclare": ("caseId", "memberId", "personId"),
    "conflictEnd": ("conflictId",),
    "fieldAssign": ("caseId", "memberId"),
    "fieldAssignmentEnd": ("assignmentId",),
    "fieldReportAdd": ("assignmentId",),
    "supervisionRecord": ("participantIds", "supervisorId"),
    "ethicsAsk": ("adviserIds", "caseId"),
    "ethicsAdvise": ("consultationId",),
    "ethicsDecide": ("consultationId",),
    "conferenceCall": ("caseId",),
    "conferenceHold": ("conferenceId",),
}
WORK_IDS = [(name, field) for name, fields in WORK_FIELDS.items() for field in fields]
"""Each id that these mutations take."""
WORK_APART = {
    ("circleJoin", "memberId"): {"personId": None, "kind": "MEMBER"},
    ("circleJoin", "personId"): {"memberId": None},
    ("conflictDeclare", "personId"): {"caseId": None},
    ("conflictDeclare", "caseId"): {"personId": None},
    ("conflictDeclare", "memberId"): {"personId": None},
    ("memberInvite", "personId"): {"ownRoleIds": [], "supervisorId": None},
    ("memberInvite", "ownRoleIds"): {"personId": None, "supervisorId": None, "roles": []},
    ("memberInvite", "supervisorId"): {
        "personId": None, "ownRoleIds": [], "roles": ["VOLUNTEER"],
    },
}  # fmt: skip
"""What an input says instead where one id excludes another."""


def work_inputs(world: Any) -> dict[str, Raw]:
    """An input with every id that it takes, for each mutation around a case and of the staff."""
    return {**_around_inputs(world), **_staff_inputs(world)}


def _around_inputs(world: Any) -> dict[str, Raw]:
    ids, version = world.ids, {"rowVersion": 999}
    case, own = {"caseId": ids["workCase"]}, {"personId": ids["workPerson"]}
    ends, since = {**version, "endsOn": DAY}, {"startsOn": DAY}
    area = {"code": "76", "name": "X", "parentId": ids["territory"], "teamId": ids["team"]}
    return {
        "householdJoin": {"householdId": ids["household"], **own, "role": "HEAD", **since},
        "householdLeave": {"householdMemberId": ids["householdMember"], **ends},
        "relationRecord": {**own, "otherId": ids["person"], "kind": "FRIEND"},
        "relationEnd": {"relationId": ids["relation"], **ends},
        "representativeAppoint": {
            **own, "representativeId": ids["person"], "kind": "GUARDIAN", "scopes": ["CONSENT"],
            **since,
        },
        "representativeEnd": {"representativeId": ids["representative"], **ends},
        "circleJoin": {
            **case, "memberId": ids["member"], "personId": ids["person"], "role": "X", **since,
            "kind": "RELATIVE",
        },
        "circleLeave": {"circleMemberId": ids["circleMember"], **ends, "reason": "x"},
        "interpreterBook": {
            **case, "contactAt": MOMENT, "language": "ti", "mode": "VIDEO", "interpreter": "S",
            "relative": False,
        },
        "interpreterBookingEnd": {"bookingId": ids["booking"], **version, "status": "HELD"},
        "placeRecord": {**own, "kind": "SHELTER", **since, "territoryId": ids["territory"]},
        "placeEnd": {"placeId": ids["place"], **ends},
        "territoryMake": area,
        "territoryEdit": {**area, "territoryId": ids["territory"], **version},
        "customRecord": {**own, "kind": "FAITH", "words": "x"},
        "customEnd": {"customId": ids["custom"], **version},
        "statementAdd": {
            **case, **own, "kind": "WISH", "words": "x", "language": "en", "form": "SUPPORTED",
            "support": "x",
        },
        "statementAnswer": {"statementId": ids["statement"], **version, "answer": "x"},
    }  # fmt: skip


def _staff_inputs(world: Any) -> dict[str, Raw]:
    ids, version = world.ids, {"rowVersion": 999}
    case, member = {"caseId": ids["workCase"]}, {"memberId": ids["member"]}
    roles, boss = {"ownRoleIds": [ids["role"]]}, {"supervisorId": ids["boss"]}
    consultation = {"consultationId": ids["consultation"]}
    return {
        "memberProfileSet": {**member, **version, **boss, "languages": ["fr"]},
        "memberRolesSet": {**member, **version, **roles, "roles": ["REFERENT"]},
        "roleUpdate": {
            "roleId": ids["role"], **version,
            "grants": [{"permission": "CASE_READ", "reach": "TENANT"}],
        },
        "trainingRecord": {
            **member, "kind": "TRAINING", "code": "ssm", "title": "SSM", "obtainedOn": DAY,
        },
        "handoverAcknowledge": {**case, "noConflict": True},
        "caseloadReassign": {**member, "reason": "x", "moves": []},
        "caseIntensitySet": {**case, "intensity": "standard", "reason": "x"},
        "conflictDeclare": {**case, **member, "personId": ids["person"], "note": "x"},
        "conflictEnd": {"conflictId": ids["conflict"], **version},
        "fieldAssign": {**case, **member, "task": "x", "startsOn": DAY},
        "fieldAssignmentEnd": {"assignmentId": ids["assignment"], **version},
        "fieldReportAdd": {"assignmentId": ids["assignment"], "kind": "VISIT", "text": "x"},
        "supervisionRecord": {
            "heldOn": DAY, "participantIds": [ids["member"]], **boss, "points": [],
        },
        "ethicsAsk": {"question": "x", "adviserIds": [ids["boss"]], **case},
        "ethicsAdvise": {**consultation, "advice": "x"},
        "ethicsDecide": {**consultation, **version, "decision": "x"},
        "conferenceCall": {**case, "startsAt": MOMENT, "agenda": ["x"], "personInvited": True},
        "conferenceHold": {
            "conferenceId": ids["conference"], **version, "attendees": [], "decisions": [],
        },
    }  # fmt: skip
