"""Field work, supervision, ethics, conferences over the API: each act answers with what it made."""

from datetime import UTC, datetime
from typing import Any

from refusals import nothing_written, refused

DAY = datetime.now(UTC).date().isoformat()
MOMENT = "2026-03-01T10:00:00+00:00"


async def me(world: Any, role: str) -> str:
    answer = await world.client.ask("{ viewer { member { id } } }", token=world.tokens[role])
    return answer["data"]["viewer"]["member"]["id"]


async def test_a_volunteer_is_sent_and_reports(world: Any, rows: Any) -> None:
    await world.open()
    token = world.tokens["volunteer"]
    given = {
        "caseId": world.ids["case"], "memberId": await me(world, "volunteer"), "task": "Visits",
        "startsOn": DAY,
    }  # fmt: skip
    want = "assignment { id rowVersion task endsOn member { displayName } }"
    made = await world.client.do(world.tokens["supervisor"], "fieldAssign", given, want)
    assignment = made["assignment"]
    assert assignment["member"] == {"displayName": "volunteer"}
    report = {"assignmentId": assignment["id"], "kind": "VISIT", "text": "We walked."}
    written = await world.client.do(
        token, "fieldReportAdd", report, "report { kind text author { displayName } }"
    )
    assert written["report"] == {
        "kind": "VISIT", "text": "We walked.", "author": {"displayName": "volunteer"},
    }  # fmt: skip
    own = await world.client.ask(
        "{ fieldAssignments { nodes { task case { number } } } fieldReports { totalCount } }",
        token=token,
    )
    assert own["data"]["fieldAssignments"]["nodes"] == [{"task": "Visits", "case": None}]
    assert own["data"]["fieldReports"]["totalCount"] == 1
    async with nothing_written(rows, world):
        await refused(
            world, "team_member", "fieldReportAdd", report, "NOT_FOUND", "input", "assignmentId"
        )
        await refused(
            world, "supervisor", "fieldAssign", given, "INVALID_INPUT", "input", "memberId"
        )
    ended = {"assignmentId": assignment["id"], "rowVersion": assignment["rowVersion"]}
    done = await world.client.do(
        world.tokens["supervisor"], "fieldAssignmentEnd", ended, "assignment { endsOn }"
    )
    assert done["assignment"]["endsOn"] == DAY


async def test_a_session_is_recorded(world: Any, rows: Any) -> None:
    await world.open()
    referent = await me(world, "referent")
    point = {
        "discussed": "Handover", "caseId": world.ids["case"], "action": "Call",
        "memberId": referent, "dueOn": DAY,
    }  # fmt: skip
    given = {"heldOn": DAY, "participantIds": [referent], "points": [point]}
    want = (
        "session { supervisor { displayName } participants { member { displayName } }"
        " points { discussed action dueOn case { number } member { displayName } } }"
    )
    boss = world.tokens["supervisor"]
    made = await world.client.do(boss, "supervisionRecord", given, want)
    session = made["session"]
    assert session["supervisor"] == {"displayName": "supervisor"}
    assert session["participants"] == [{"member": {"displayName": "referent"}}]
    assert session["points"][0]["action"] == "Call"
    assert session["points"][0]["case"]["number"]
    async with nothing_written(rows, world):
        nobody = {**given, "participantIds": []}
        await refused(
            world, "supervisor", "supervisionRecord", nobody,
            "INVALID_INPUT", "input", "participantIds",
        )  # fmt: skip


async def test_a_question_gets_advice_and_a_decision(world: Any, rows: Any) -> None:
    await world.open()
    boss = await me(world, "supervisor")
    given = {"question": "Tell or keep silent?", "adviserIds": [boss], "caseId": world.ids["case"]}
    want = "consultation { id rowVersion case { number } advices { adviser { displayName } } }"
    made = await world.client.do(world.tokens["referent"], "ethicsAsk", given, want)
    found = made["consultation"]
    assert found["case"]["number"]
    advice = {"consultationId": found["id"], "advice": "Ask first."}
    answered = await world.client.do(
        world.tokens["supervisor"], "ethicsAdvise", advice,
        "consultation { case { number } advices { advice } }",
    )  # fmt: skip
    assert answered["consultation"] == {"case": None, "advices": [{"advice": "Ask first."}]}
    async with nothing_written(rows, world):
        path = ("input", "consultationId")
        await refused(world, "supervisor", "ethicsAdvise", advice, "ALREADY_DECIDED", *path)
        await refused(world, "team_member", "ethicsAdvise", advice, "NOT_FOUND", *path)
    decide = {"consultationId": found["id"], "rowVersion": 1, "decision": "We ask."}
    done = await world.client.do(
        world.tokens["referent"], "ethicsDecide", decide, "consultation { decision decidedAt }"
    )
    assert done["consultation"]["decision"] == "We ask."


async def test_a_conference_is_called_and_held(world: Any, rows: Any) -> None:
    await world.open()
    given = {"caseId": world.ids["case"], "startsAt": MOMENT, "agenda": ["Home"]}
    async with nothing_written(rows, world):
        await refused(
            world, "referent", "conferenceCall", {**given, "personInvited": False},
            "INVALID_INPUT", "input", "notInvitedReason",
        )  # fmt: skip
    made = await world.client.do(
        world.tokens["referent"], "conferenceCall", {**given, "personInvited": True},
        "conference { id rowVersion agenda personInvited } case { conferences { totalCount } }",
    )  # fmt: skip
    assert made["case"]["conferences"]["totalCount"] == 1
    referent = await me(world, "referent")
    hold = {
        "conferenceId": made["conference"]["id"], "rowVersion": 1,
        "attendees": [
            {"memberId": referent}, {"name": "Dr Ba", "organisation": "Sud", "dissent": "No"},
        ],
        "decisions": [{"decision": "Visit", "memberId": referent, "dueOn": "2026-04-01"}],
    }  # fmt: skip
    want = (
        "conference { heldAt attendees { name organisation dissent }"
        " decisions { decision member { displayName } obligation { rule } action { id } } }"
    )
    held = await world.client.do(world.tokens["referent"], "conferenceHold", hold, want)
    assert held["conference"]["attendees"][1]["dissent"] == "No"
    (decision,) = held["conference"]["decisions"]
    assert decision["obligation"] == {"rule": "core.conference_decision"}
    assert decision["action"] is None
    seen = await world.client.ask(
        "query C($id: ID!) { case(id: $id) { timeline(last: 2) { nodes { kind text } } } }",
        variables={"id": world.ids["case"]}, token=world.tokens["reader"], language="fr",
    )  # fmt: skip
    kinds = [one["kind"] for one in seen["data"]["case"]["timeline"]["nodes"]]
    assert kinds == ["obligation_opened", "conference_held"]
