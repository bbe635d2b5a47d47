"""The life of a case through the API: stages, transfer, timeline, requests; bad input refused."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from refusals import nothing_written, refused

from cordee_graphql.ids import encode

TODAY = datetime.now(UTC).date()
CLOSE = {
    "reason": "goals_reached", "afterCareOn": str(TODAY + timedelta(days=90)),
    "retainUntil": str(TODAY + timedelta(days=3650)),
}  # fmt: skip
STATE = "case { stage heldFrom rowVersion subjectKind }"


@pytest.fixture(scope="module")
async def lived(client: Any, make_world: Any) -> Any:
    """A case in assessment, and another one at intake of the same person; only to be read."""
    world = await make_world(client)
    await world.open()
    world.ids["waiting"] = world.ids["case"]
    await world.do("referent", "personRegister", {"familyName": "Autre"}, "person")
    await world.do("referent", "caseOpen", world.request(), "case")
    await world.admit()
    given = {"caseId": world.ids["case"], "rowVersion": await world.version("case")}
    await world.do("referent", "caseMove", {**given, "stage": "ASSESSMENT"})
    return world


async def stale(world: Any, name: str = "case") -> dict[str, Any]:
    return {"caseId": world.ids[name], "rowVersion": await world.version("case")}


async def test_hold_resume_and_the_timeline_by_what_is_asked(client: Any, world: Any) -> None:
    await world.open()
    await world.admit()
    token, case = world.tokens["referent"], {"caseId": world.ids["case"]}

    async def act(name: str, **given: Any) -> Any:
        given["rowVersion"] = await world.version("case")
        return (await client.do(token, name, {**case, **given}, STATE))["case"]

    assert (await act("caseMove", stage="ASSESSMENT"))["stage"] == "ASSESSMENT"
    held = await act("caseHold", reason="Hospital")
    assert (held["stage"], held["heldFrom"]) == ("ON_HOLD", "ASSESSMENT")
    assert (await act("caseResume"))["stage"] == "ASSESSMENT"
    document = (
        "query ($case: ID!, $filter: TimelineFilter!, $after: String) { caseTimeline(caseId: $case,"
        " filter: $filter, first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor }"
        " nodes { kind text at member { displayName } } } }"
    )

    async def entries(language: str = "en", after: str | None = None, **wanted: Any) -> Any:
        variables = {"case": world.ids["case"], "filter": wanted, "after": after}
        answer = await client.ask(document, variables=variables, token=token, language=language)
        return answer["data"]["caseTimeline"]

    moves = await entries(groups=["stage"])
    assert moves["totalCount"] == 3
    assert moves["pageInfo"]["hasNextPage"] is True
    assert moves["nodes"][1]["text"] == "Stage: assessment → on hold. Hospital"
    rest = await entries("fr", moves["pageInfo"]["endCursor"], groups=["stage"])
    assert [one["text"] for one in rest["nodes"]] == ["Étape : suspendu → évaluation."]
    kinds = await entries(kinds=["case_opened", "consent_recorded"])
    assert [one["kind"] for one in kinds["nodes"]] == ["case_opened", "consent_recorded"]
    assert (await entries(since="2100-01-01T00:00:00Z"))["totalCount"] == 0
    assert (await entries(until="2100-01-01T00:00:00Z"))["totalCount"] > 5
    assert (await entries(memberId=world.ids["member"], groups=["referent"]))["totalCount"] == 0
    changes = '{ case(id: "%s") { stageChanges { number fromStage toStage reason } } }'
    answer = await client.ask(changes % world.ids["case"], token=token)
    assert answer["data"]["case"]["stageChanges"][2] == {
        "number": 3, "fromStage": "ASSESSMENT", "toStage": "ON_HOLD", "reason": "Hospital",
    }  # fmt: skip


async def test_a_transfer_with_its_manifest_through_the_api(client: Any, world: Any) -> None:
    await world.open()
    await world.admit()
    await world.refer()
    case = {"caseId": world.ids["case"]}
    moved = {**case, "stage": "ASSESSMENT"}
    await world.do("referent", "caseMove", {**moved, "rowVersion": await world.version("case")})
    consent = {"givenOn": "2026-01-15", "informationGivenOn": "2026-01-15", "form": "SIGNED"}
    consent |= {"language": "fr", "purpose": "TRANSFER"}
    await world.do("referent", "consentRecord", {**case, **consent})
    answer = await client.ask("{ viewer { member { id } } }", token=world.tokens["supervisor"])
    given = {
        **case, "rowVersion": await world.version("case"), "programmeId": world.ids["programme"],
        "receiverId": answer["data"]["viewer"]["member"]["id"], "reason": "Moves north",
    }  # fmt: skip
    want = "transfer { id rowVersion state manifest { code count moves label } }"
    asked = await client.do(world.tokens["referent"], "caseTransfer", given, want)
    assert asked["transfer"]["manifest"] == [
        {"code": "referrals", "count": 1, "moves": True, "label": "open referrals"}
    ]
    approval = {"transferId": asked["transfer"]["id"], "rowVersion": 1, "side": "GIVING"}
    await client.do(world.tokens["referent"], "transferApprove", approval)
    approval |= {"rowVersion": 2, "side": "RECEIVING"}
    want = "case { stage referent { id } } newCase { stage referrals { totalCount } }"
    done = await client.do(world.tokens["supervisor"], "transferApprove", approval, want)
    assert done == {
        "case": {"stage": "TRANSFERRED", "referent": None},
        "newCase": {"stage": "INTAKE", "referrals": {"totalCount": 1}}, "userErrors": [],
    }  # fmt: skip


async def test_many_cases_are_put_on_hold_and_the_others_are_listed(
    client: Any, lived: Any, rows: Any
) -> None:
    given = {"caseIds": [lived.ids["waiting"]], "reason": "Flood"}
    want = "interruption { number reached notReached { caseId reasons } }"
    for language, said in (
        ("en", "the model does not provide this step"),
        ("fr", "le modèle ne prévoit pas cette étape"),
    ):
        done = await client.do(
            lived.tokens["supervisor"], "casesInterrupt", given, want, language=language
        )
        assert done["interruption"]["reached"] == 0
        assert done["interruption"]["notReached"] == [
            {"caseId": lived.ids["waiting"], "reasons": [said]}
        ]


async def test_requests_without_a_case_are_counted(client: Any, world: Any) -> None:
    given = {
        "requestSource": "SELF", "topic": "Where to sleep?", "answer": "Call 115",
        "receivedOn": "2026-01-15",
    }  # fmt: skip
    for outcome in ("INFORMATION", "ORIENTATION", "ORIENTATION"):
        want = "request { number outcome }"
        done = await client.do(
            world.tokens["team_member"], "requestRecord", {**given, "outcome": outcome}, want
        )
        assert done["request"]["outcome"] == outcome
    answer = await client.ask(
        "{ dashboard { requestsByOutcome { outcome count } } requests { totalCount } }",
        token=world.tokens["supervisor"],
    )
    assert answer["data"] == {
        "dashboard": {"requestsByOutcome": [
            {"outcome": "INFORMATION", "count": 1}, {"outcome": "ORIENTATION", "count": 2},
        ]},
        "requests": {"totalCount": 3},
    }  # fmt: skip


async def test_a_household_and_a_group(client: Any, world: Any) -> None:
    await world.open()
    token, given = world.tokens["referent"], world.request()
    person = given.pop("personId")
    want = "case { id subjectKind person { id } jointPersons { person { id } } groupSize }"
    joint = await client.do(token, "caseOpen", {**given, "householdPersonIds": [person]}, want)
    assert joint["case"]["subjectKind"] == "HOUSEHOLD"
    assert joint["case"]["jointPersons"] == [{"person": {"id": person}}]
    group = {**given, "groupLabel": "Families", "groupSize": 12}
    opened = (await client.do(token, "caseOpen", group, want))["case"]
    assert (opened["subjectKind"], opened["person"], opened["groupSize"]) == ("GROUP", None, 12)


@pytest.mark.parametrize(
    ("name", "more", "code", "path"),
    [
        ("caseMove", {"stage": "IMPLEMENTATION"}, "TRANSITION_BLOCKED", "stage"),
        ("caseMove", {"stage": "PLANNING"}, "TRANSITION_BLOCKED", "stage"),
        ("caseMove", {"stage": "CLOSED"}, "TRANSITION_BLOCKED", "stage"),
        ("caseMove", {"stage": "MERGED"}, "TRANSITION_BLOCKED", "stage"),
        ("caseMove", {"stage": "TRANSFERRED"}, "TRANSITION_BLOCKED", "stage"),
        ("caseMove", {"stage": "ON_HOLD"}, "INVALID_INPUT", "reason"),
        ("caseHold", {"reason": " "}, "INVALID_INPUT", "reason"),
        ("caseHold", {"reason": "x" * 2001}, "INVALID_INPUT", "reason"),
        ("caseHold", {"reason": "x", "rowVersion": 1}, "STALE_OBJECT", "rowVersion"),
        ("caseHold", {"reason": "x", "caseId": encode("Case", uuid4())}, "NOT_FOUND", "caseId"),
        ("caseResume", {}, "TRANSITION_BLOCKED", "caseId"),
        ("caseReopen", {"reason": "x"}, "TRANSITION_BLOCKED", "stage"),
        ("caseClose", CLOSE, "TRANSITION_BLOCKED", "caseId"),
        ("caseMerge", {"reason": "x", "intoId": "waiting"}, "INVALID_INPUT", "intoId"),
        ("caseMerge", {"reason": "x", "intoId": "case"}, "INVALID_INPUT", "intoId"),
        ("casesInterrupt", {"caseIds": [], "reason": "x"}, "INVALID_INPUT", "caseIds"),
        ("casesInterrupt", {"caseIds": ["case"], "reason": ""}, "INVALID_INPUT", "reason"),
        ("casesInterrupt", {"caseIds": ["case"], "reason": "x", "stage": "CLOSED"},
         "INVALID_INPUT", "stage"),
        ("caseTransfer", {"programmeId": "programme", "receiverId": "member", "reason": " "},
         "INVALID_INPUT", "reason"),
        ("caseTransfer", {"programmeId": "programme", "receiverId": "member", "reason": "x",
         "rowVersion": 1}, "STALE_OBJECT", "rowVersion"),
        ("transferApprove", {"transferId": encode("Transfer", uuid4()), "side": "GIVING"},
         "NOT_FOUND", "transferId"),
    ],
)  # fmt: skip
async def test_a_move_that_is_not_possible(
    lived: Any, rows: Any, name: str, more: dict[str, Any], code: str, path: str
) -> None:
    given: dict[str, Any] = {"caseId": lived.ids["case"], "rowVersion": await lived.version("case")}
    given |= {
        key: lived.ids.get(value, value) if isinstance(value, str) else value
        for key, value in more.items()
    }
    if name == "casesInterrupt":
        given = {**given, "caseIds": [lived.ids[one] for one in more["caseIds"]]}
        del given["caseId"], given["rowVersion"]
    elif name == "transferApprove":
        del given["caseId"]
    async with nothing_written(rows, lived):
        await refused(lived, "supervisor", name, given, code, "input", path)


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({}, ["input"]),
        ({"groupLabel": "Families"}, ["input", "groupSize"]),
        ({"groupLabel": "Families", "groupSize": 1}, ["input", "groupSize"]),
        ({"groupSize": 5}, ["input", "groupLabel"]),
        ({"personId": "person", "groupLabel": "x", "groupSize": 5}, ["input"]),
        ({"householdPersonIds": ["person", "person"]}, ["input", "householdPersonIds"]),
        ({"personId": "person", "requestedOn": "2100-01-01"}, ["input", "requestedOn"]),
    ],
)
async def test_a_case_about_nobody_or_two_things(
    lived: Any, rows: Any, more: dict[str, Any], path: list[str]
) -> None:
    given = lived.request()
    person = given.pop("personId")
    given |= {
        key: [person] * len(value) if key == "householdPersonIds" else (
            person if value == "person" else value
        )
        for key, value in more.items()
    }  # fmt: skip
    async with nothing_written(rows, lived):
        await refused(lived, "referent", "caseOpen", given, "INVALID_INPUT", *path)


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"topic": ""}, "topic"),
        ({"answer": " "}, "answer"),
        ({"receivedOn": "2100-01-01"}, "receivedOn"),
    ],
)
async def test_a_request_that_says_too_little(
    lived: Any, rows: Any, more: dict[str, Any], path: str
) -> None:
    given = {
        "requestSource": "SELF", "outcome": "INFORMATION", "topic": "a", "answer": "b",
        "receivedOn": "2026-01-15", **more,
    }  # fmt: skip
    async with nothing_written(rows, lived):
        await refused(lived, "referent", "requestRecord", given, "INVALID_INPUT", "input", path)
