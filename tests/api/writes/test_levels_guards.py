"""Prior authorisation and gatekeeper guard referrals; departures from a method are recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from levels_ground import MODEL, activated, node, opened
from refusals import nothing_written, refused

AUTHORISER = {"approvals": [{"act": "service_authorise", "role": "supervisor"}]}
COST = {"finality": "COST_CONTROL"}


async def prepared(world: Any, kind: str, **model: Any) -> dict[str, str]:
    """Activate a programme of that type, open a case with a referent, prepare a referral."""
    await activated(world, **COST, type=kind)
    if model:
        read = await node(world, world.ids["model"], "Model", "rowVersion")
        given = {"modelId": world.ids["model"], **read, "parts": {**MODEL, **model}}
        await world.do("supervisor", "modelUpdate", given)
    case = await opened(world)
    read = await node(world, case, "Case", "rowVersion", "referent")
    given = {"caseId": case, **read, "memberId": world.ids["member"]}
    await world.do("supervisor", "referentDesignate", given)
    text = {"en": "Shelter", "fr": "Abri"}
    service = {"code": "shelter", "name": text, "description": text, "kind": "ACCOMPAGNEMENT"}
    await world.do("admin", "serviceCreate", service, "service")
    return {"caseId": case, "serviceId": world.ids["service"]}


async def referral(world: Any, case: dict[str, str]) -> dict[str, Any]:
    """Prepare a referral; return what a step of it takes."""
    await world.do("referent", "referralCreate", {**case, "reason": "A bed"}, "referral")
    return {"referralId": world.ids["referral"], "rowVersion": 1}


async def test_no_service_without_authorisation(world: Any, rows: Any) -> None:
    case = await prepared(world, "PRIOR_AUTHORISATION", **AUTHORISER)
    step = await referral(world, case)
    async with nothing_written(rows, world):
        told = await refused(world, "referent", "referralSend", step, "TRANSITION_BLOCKED")
    assert "autorisation" in told["fr"]
    decision = {**case, "decision": "GRANTED", "reason": "Needed"}
    await world.do("supervisor", "authorisationDecide", decision, "authorisation")
    await world.do("referent", "referralSend", step)
    received = {**step, "rowVersion": 2}
    await world.do("referent", "referralReceive", received)
    withdrawn = {"authorisationId": world.ids["authorisation"], "rowVersion": 1, "reason": "Over"}
    await world.do("supervisor", "authorisationWithdraw", withdrawn)
    async with nothing_written(rows, world):
        await refused(
            world, "referent", "referralAccept", {**step, "rowVersion": 3}, "TRANSITION_BLOCKED"
        )
    want = "authorisations { nodes { decision role withdrawalReason decidedBy { displayName } } }"
    found = (await node(world, case["caseId"], "Case", want, "referent"))["authorisations"]
    assert found["nodes"] == [
        {
            "decision": "GRANTED", "role": "supervisor", "withdrawalReason": "Over",
            "decidedBy": {"displayName": "supervisor"},
        }
    ]  # fmt: skip


TODAY = datetime.now(UTC).date()


@pytest.mark.parametrize(
    "more",
    [
        {"decision": "REFUSED"},
        {"validFrom": (TODAY + timedelta(days=2)).isoformat()},
        {"validFrom": "2026-01-01", "validUntil": "2026-01-31"},
    ],
    ids=["refused", "later", "over"],
)
async def test_an_authorisation_must_be_granted_and_in_force(
    world: Any, rows: Any, more: dict[str, str]
) -> None:
    case = await prepared(world, "PRIOR_AUTHORISATION", **AUTHORISER)
    step = await referral(world, case)
    decision = {**case, "decision": "GRANTED", "reason": "Needed", **more}
    await world.do("supervisor", "authorisationDecide", decision)
    async with nothing_written(rows, world):
        await refused(world, "referent", "referralSend", step, "TRANSITION_BLOCKED")


async def test_only_the_role_that_the_model_names_authorises(world: Any, rows: Any) -> None:
    case = await prepared(world, "PRIOR_AUTHORISATION", **AUTHORISER)
    given = {**case, "decision": "GRANTED", "reason": "Mine"}
    async with nothing_written(rows, world):
        token = world.tokens["referent"]
        answer = await world.client.change(token, "authorisationDecide", given)
    assert [one["extensions"]["code"] for one in answer["errors"]] == ["FORBIDDEN"]


async def test_a_model_without_authoriser_does_not_carry_such_a_programme(
    world: Any, rows: Any
) -> None:
    await activated(world, **COST, type="PRIOR_AUTHORISATION")
    await world.do("referent", "personRegister", {"familyName": "Y"}, "person")
    async with nothing_written(rows, world):
        told = await refused(
            world, "referent", "caseOpen", world.request(), "TRANSITION_BLOCKED",
            "input", "programmeId",
        )  # fmt: skip
    assert "service_authorise" in told["en"]


async def test_a_term_ends_after_it_begins(world: Any, rows: Any) -> None:
    case = await prepared(world, "PRIOR_AUTHORISATION", **AUTHORISER)
    given = {
        **case, "decision": "GRANTED", "reason": "R", "validFrom": "2026-02-01",
        "validUntil": "2026-01-31",
    }  # fmt: skip
    async with nothing_written(rows, world):
        await refused(
            world, "supervisor", "authorisationDecide", given, "INVALID_INPUT",
            "input", "validUntil",
        )  # fmt: skip


async def test_a_gatekeepers_programme_is_referred_from_by_the_referent_only(
    world: Any, rows: Any
) -> None:
    case = await prepared(world, "GATEKEEPER")
    given = {**case, "reason": "A bed"}
    async with nothing_written(rows, world):
        told = await refused(world, "supervisor", "referralCreate", given, "TRANSITION_BLOCKED")
    assert "seul le référent" in told["fr"]
    step = await referral(world, case)
    async with nothing_written(rows, world):
        await refused(world, "supervisor", "referralSend", step, "TRANSITION_BLOCKED")
    await world.do("referent", "referralSend", step)


async def test_other_programmes_ask_for_neither(world: Any) -> None:
    case = await prepared(world, "SYSTEM_FOCUSED")
    await world.do("supervisor", "referralCreate", {**case, "reason": "A bed"}, "referral")
    step = {"referralId": world.ids["referral"], "rowVersion": 1}
    await world.do("supervisor", "referralSend", step)


async def test_departures_from_a_method_are_recorded_whatever_the_stage(
    world: Any, rows: Any
) -> None:
    await activated(world)
    case = await opened(world)
    given = {
        "caseId": case, "method": "thread", "episode": "meet",
        "departure": "Met at the workshop", "reason": "No room at school",
    }  # fmt: skip
    await world.do("team_member", "methodDepartureRecord", given, "methodDeparture")
    want = "departures { nodes { method episode departure reason } } timeline { nodes { text } }"
    found = await node(world, case, "Case", want, "referent")
    assert found["departures"]["nodes"] == [
        {key: given[key] for key in ("method", "episode", "departure", "reason")}
    ]
    assert "Keeping the thread" in found["timeline"]["nodes"][-1]["text"]
    for wrong in ({"method": "else"}, {"episode": "else"}):
        place = ("input", next(iter(wrong)))
        async with nothing_written(rows, world):
            await refused(
                world, "referent", "methodDepartureRecord", {**given, **wrong}, "INVALID_INPUT",
                *place,
            )  # fmt: skip
