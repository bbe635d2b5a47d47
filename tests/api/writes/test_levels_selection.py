"""Selection: the decision and what it rests on, places, the waiting list with every change."""

from typing import Any

from levels_ground import YOUNG, activated, decided, node, opened
from refusals import nothing_written, refused

ENTRY = (
    "priority status position rowVersion changes { kind priority position reason inputs"
    " member { displayName } }"
)
QUEUE = "freePlaces waitingList { totalCount nodes { id position case { id } } }"


async def waiting(world: Any) -> dict[str, Any]:
    return await node(world, world.ids["programme"], "Programme", QUEUE)


async def entry_of(world: Any, case: str) -> dict[str, Any]:
    want = f"waitingEntry {{ id {ENTRY} }}"
    return (await node(world, case, "Case", want, "referent"))["waitingEntry"]


async def change(world: Any, name: str, case: str, **more: Any) -> None:
    entry = await entry_of(world, case)
    given = {"waitingEntryId": entry["id"], "rowVersion": entry["rowVersion"], **more}
    await world.do("referent", name, given)


async def against(world: Any, case: str, stage: str = "ASSESSMENT") -> set[str]:
    want = "transitions { stage objections { code } }"
    found = (await node(world, case, "Case", want, "referent"))["transitions"]
    return {two["code"] for one in found if one["stage"] == stage for two in one["objections"]}


async def test_a_decision_keeps_what_it_rests_on(world: Any) -> None:
    await activated(world)
    case = await opened(world)
    await decided(world, case)
    want = (
        "selectionDecision { profile criteriaCode criteriaVersion facts outcome decision reason"
        " decidedBy { displayName } because { met } }"
    )
    found = (await node(world, case, "Case", want, "referent"))["selectionDecision"]
    assert found["criteriaCode"] == "canton.young_people"
    assert (found["criteriaVersion"], found["facts"]) == (1, YOUNG)
    assert (found["profile"], found["outcome"]) == ("young", "eligible")
    assert (found["decision"], found["reason"]) == ("ADMITTED", "At risk")
    assert found["decidedBy"] == {"displayName": "referent"}
    assert [one["met"] for one in found["because"]] == [True, True]


async def test_a_refusal_names_appeal_and_onward_referral_or_says_none(
    world: Any, rows: Any
) -> None:
    await activated(world)
    case = await opened(world)
    given = {"caseId": case, "facts": {}, "decision": "REFUSED", "reason": "Too young"}
    async with nothing_written(rows, world):
        await refused(
            world, "referent", "selectionDecide", given, "INVALID_INPUT", "input", "appealRoute"
        )
        given["appealRoute"] = "The ombudsman"
        place = ("input", "onwardReferral")
        await refused(world, "referent", "selectionDecide", given, "INVALID_INPUT", *place)
        both = {**given, "onwardReferral": "School", "noOnwardReferral": True}
        place = ("input", "noOnwardReferral")
        await refused(world, "referent", "selectionDecide", both, "INVALID_INPUT", *place)
    await world.do("referent", "selectionDecide", {**given, "noOnwardReferral": True})
    want = "selectionDecision { appealRoute onwardReferral onwardNone }"
    found = (await node(world, case, "Case", want, "referent"))["selectionDecision"]
    assert found == {"appealRoute": "The ombudsman", "onwardReferral": None, "onwardNone": True}


async def test_admission_beyond_the_places_waits(world: Any) -> None:
    await activated(world, places=1)
    first, second, third = [await opened(world) for _ in range(3)]
    assert (await waiting(world))["freePlaces"] == 1
    assert (await decided(world, first))["waitingEntry"] is None
    assert (await waiting(world))["freePlaces"] == 0
    assert (await decided(world, second))["waitingEntry"] is not None
    await decided(world, third, priority=10)
    found = await waiting(world)
    assert found["freePlaces"] == 0
    assert [one["case"]["id"] for one in found["waitingList"]["nodes"]] == [third, second]
    assert [one["position"] for one in found["waitingList"]["nodes"]] == [1, 2]
    assert "waiting_for_place" in await against(world, second)
    assert "waiting_for_place" not in await against(world, first)


async def test_every_change_of_the_waiting_list_is_kept_with_its_inputs(world: Any) -> None:
    await activated(world, places=0)
    one, two = [await opened(world) for _ in range(2)]
    await decided(world, one)
    await decided(world, two)
    await change(
        world, "waitingPrioritySet", two, priority=700, reason="Leaves school in a month",
        inputs={"weeks": 4},
    )  # fmt: skip
    entry = await entry_of(world, two)
    assert (entry["priority"], entry["position"], entry["status"]) == (700, 1, "WAITING")
    entered, raised = entry["changes"]
    assert (entered["kind"], entered["priority"], entered["position"]) == ("ENTERED", 0, 2)
    assert entered["inputs"]["facts"] == YOUNG
    assert entered["inputs"]["criteria"] == "canton.young_people@1"
    assert (raised["kind"], raised["position"]) == ("PRIORITY", 1)
    assert raised["inputs"] == {"weeks": 4, "previous_priority": 0}
    assert raised["reason"] == "Leaves school in a month"
    assert raised["member"] == {"displayName": "referent"}
    timeline = "timeline { nodes { text } }"
    texts = (await node(world, two, "Case", timeline, "referent"))["timeline"]["nodes"]
    assert any("priority 700, position 1" in one["text"] for one in texts)


async def test_a_place_is_taken_in_the_order_of_the_queue(world: Any, rows: Any) -> None:
    await activated(world, places=0)
    one, two = [await opened(world) for _ in range(2)]
    await decided(world, one)
    await decided(world, two)
    entry = await entry_of(world, two)
    given = {"waitingEntryId": entry["id"], "rowVersion": entry["rowVersion"]}
    async with nothing_written(rows, world):
        told = await refused(
            world, "referent", "waitingAdmit", given, "TRANSITION_BLOCKED",
            "input", "waitingEntryId",
        )  # fmt: skip
    assert "toutes les places" in told["fr"]
    await places(world, 1)
    async with nothing_written(rows, world):
        told = await refused(
            world, "referent", "waitingAdmit", given, "TRANSITION_BLOCKED", "input", "reason"
        )
    assert "first on the waiting list" in told["en"]
    await world.do("referent", "waitingAdmit", {**given, "reason": "The other one travels"})
    assert "waiting_for_place" not in await against(world, two)
    assert (await entry_of(world, two))["changes"][-1]["position"] == 2
    assert (await waiting(world))["freePlaces"] == 0
    entry = await entry_of(world, one)
    assert entry["position"] == 1
    given = {"waitingEntryId": entry["id"], "rowVersion": entry["rowVersion"]}
    async with nothing_written(rows, world):
        await refused(
            world, "referent", "waitingAdmit", given, "TRANSITION_BLOCKED",
            "input", "waitingEntryId",
        )  # fmt: skip


async def places(world: Any, number: int) -> None:
    """Activate the programme with another number of places."""
    read = {"programmeId": world.ids["programme"], "rowVersion": await world.version("programme")}
    await world.do("supervisor", "programmeUpdate", {**read, "parts": {"places": number}})
    read["rowVersion"] += 1
    await world.do("supervisor", "programmeActivate", read)


async def test_who_leaves_the_waiting_list_may_be_refused(world: Any, rows: Any) -> None:
    await activated(world, places=0)
    case = await opened(world)
    await decided(world, case)
    assert "selection_admitted" in await against(world, case, "REFUSED")
    entry = await entry_of(world, case)
    given = {
        "waitingEntryId": entry["id"], "rowVersion": entry["rowVersion"], "reason": "Moved away",
        "appealRoute": "The ombudsman",
    }  # fmt: skip
    async with nothing_written(rows, world):
        await refused(
            world, "referent", "waitingRemove", given, "INVALID_INPUT", "input", "onwardReferral"
        )
    await world.do("referent", "waitingRemove", {**given, "onwardReferral": "Next canton"})
    assert "waiting_removed" in await against(world, case)
    assert "selection_admitted" not in await against(world, case, "REFUSED")
    assert (await waiting(world))["waitingList"]["totalCount"] == 0
    last = (await entry_of(world, case))["changes"][-1]
    assert last["inputs"]["onward_referral"] == "Next canton"


async def test_who_is_next_is_paged(world: Any) -> None:
    await activated(world, places=0)
    cases = [await opened(world) for _ in range(3)]
    for case in cases:
        await decided(world, case)
    want = "waitingList(first: 2) { nodes { case { id } } pageInfo { hasNextPage endCursor } }"
    found = (await node(world, world.ids["programme"], "Programme", want))["waitingList"]
    assert [one["case"]["id"] for one in found["nodes"]] == cases[:2]
    after = found["pageInfo"]["endCursor"]
    want = f'waitingList(first: 2, after: "{after}") {{ nodes {{ case {{ id }} }} }}'
    found = (await node(world, world.ids["programme"], "Programme", want))["waitingList"]
    assert [one["case"]["id"] for one in found["nodes"]] == cases[2:]


async def test_places_that_end_are_free_again(world: Any) -> None:
    await activated(world, places=1)
    case = await opened(world)
    given = {
        "caseId": case, "facts": {}, "decision": "REFUSED", "reason": "No",
        "appealRoute": "The ombudsman", "noOnwardReferral": True,
    }  # fmt: skip
    await world.do("referent", "selectionDecide", given)
    assert (await waiting(world))["freePlaces"] == 1


async def test_a_case_can_be_asked_to_wait_though_places_are_free(world: Any, rows: Any) -> None:
    await activated(world)
    case = await opened(world)
    given = {"caseId": case, "facts": YOUNG, "decision": "ADMITTED", "reason": "R"}
    async with nothing_written(rows, world):
        out = {**given, "priority": 1001}
        await refused(
            world, "referent", "selectionDecide", out, "INVALID_INPUT", "input", "priority"
        )
    await decided(world, case, wait=True)
    assert "waiting_for_place" in await against(world, case)
    await change(world, "waitingAdmit", case)
    assert "waiting_for_place" not in await against(world, case)
