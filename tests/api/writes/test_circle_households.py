"""Households, relations, representatives, places of living, territories: through the API."""

from typing import Any

import pytest
from refusals import nothing_written, refused

DAY = "2026-01-15"


async def person(world: Any, name: str) -> str:
    """Register a person; return the id."""
    payload = await world.do("referent", "personRegister", {"familyName": name}, "person")
    return payload["person"]["id"]


async def read(world: Any, role: str, query: str, **variables: Any) -> dict[str, Any]:
    """Return the data of a query that must succeed."""
    answer = await world.client.ask(query, variables=variables, token=world.tokens[role])
    assert "errors" not in answer, answer
    return answer["data"]


async def test_a_person_is_in_several_households_and_leaves_one(world: Any) -> None:
    anna = await person(world, "Anna")
    for name in ("With the mother", "With the father"):
        made = await world.do("referent", "householdMake", {"name": name}, "household")
        given = {"householdId": made["household"]["id"], "personId": anna, "role": "CHILD"}
        joined = await world.client.do(
            world.tokens["referent"], "householdJoin", {**given, "startsOn": "2025-09-01"},
            "householdMember { id rowVersion }",
        )  # fmt: skip
    stay = joined["householdMember"]
    ends = {"householdMemberId": stay["id"], "rowVersion": stay["rowVersion"], "endsOn": DAY}
    await world.do("referent", "householdLeave", ends)
    query = "query ($id: ID!) { person(id: $id) { households { endsOn household { name } } } }"
    found = (await read(world, "referent", query, id=anna))["person"]["households"]
    assert [(one["household"]["name"], one["endsOn"]) for one in found] == [
        ("With the mother", None),
        ("With the father", DAY),
    ]


async def test_nobody_is_twice_in_a_household_at_once(world: Any, rows: Any) -> None:
    anna = await person(world, "Anna")
    made = await world.do("referent", "householdMake", {"name": "Home"}, "household")
    given = {"householdId": made["household"]["id"], "personId": anna, "role": "HEAD"}
    await world.do("referent", "householdJoin", {**given, "startsOn": DAY})
    async with nothing_written(rows, world):
        await refused(
            world, "referent", "householdJoin", {**given, "startsOn": DAY},
            "INVALID_INPUT", "input", "personId",
        )  # fmt: skip


async def test_a_relation_has_a_type_a_direction_and_days(world: Any) -> None:
    mother, child = await person(world, "Mother"), await person(world, "Child")
    given = {"personId": mother, "otherId": child, "kind": "PARENT", "startsOn": "2001-05-01"}
    made = await world.client.do(
        world.tokens["referent"], "relationRecord", given, "relation { id rowVersion }"
    )
    query = (
        "query ($id: ID!) { person(id: $id) { relations { kind endsOn other { familyName } }"
        " relatedTo { kind person { familyName } } } }"
    )
    found = (await read(world, "referent", query, id=mother))["person"]
    assert found["relations"] == [
        {"kind": "PARENT", "endsOn": None, "other": {"familyName": "Child"}}
    ]
    assert found["relatedTo"] == []
    found = (await read(world, "referent", query, id=child))["person"]
    assert (found["relations"], found["relatedTo"]) == (
        [],
        [{"kind": "PARENT", "person": {"familyName": "Mother"}}],
    )
    relation = made["relation"]
    ends = {"relationId": relation["id"], "rowVersion": relation["rowVersion"], "endsOn": DAY}
    await world.do("referent", "relationEnd", ends)
    found = (await read(world, "referent", query, id=mother))["person"]
    assert found["relations"][0]["endsOn"] == DAY


async def test_cyclic_relations_are_refused(world: Any, rows: Any) -> None:
    first, second, third = [await person(world, name) for name in ("A", "B", "C")]
    for above, below in ((first, second), (second, third)):
        given = {"personId": above, "otherId": below, "kind": "PARENT"}
        await world.do("referent", "relationRecord", given)
    async with nothing_written(rows, world):
        for above, below in ((third, first), (second, first), (first, first)):
            given = {"personId": above, "otherId": below, "kind": "PARENT"}
            await refused(
                world, "referent", "relationRecord", given, "INVALID_INPUT", "input", "otherId"
            )
        again = {"personId": first, "otherId": second, "kind": "PARENT"}
        await refused(
            world, "referent", "relationRecord", again, "INVALID_INPUT", "input", "otherId"
        )
    siblings = {"personId": third, "otherId": first, "kind": "FRIEND"}
    await world.do("referent", "relationRecord", siblings)


async def test_a_representative_has_scopes_and_a_term(world: Any, rows: Any) -> None:
    ward, guardian = await person(world, "Ward"), await person(world, "Guardian")
    given = {"personId": ward, "kind": "GUARDIAN", "scopes": ["CONSENT", "PROPERTY"]}
    term = {"startsOn": "2026-01-01", "endsOn": "2027-12-31"}
    await world.do(
        "referent", "representativeAppoint", {**given, **term, "representativeId": guardian}
    )
    query = (
        "query ($id: ID!) { person(id: $id) { representatives"
        " { kind scopes startsOn endsOn person { familyName } } } }"
    )
    (found,) = (await read(world, "referent", query, id=ward))["person"]["representatives"]
    assert found == {
        "kind": "GUARDIAN", "scopes": ["CONSENT", "PROPERTY"], **term,
        "person": {"familyName": "Guardian"},
    }  # fmt: skip
    async with nothing_written(rows, world):
        for wrong, place in (
            ({"representativeId": ward}, "representativeId"),
            ({}, "representativeId"),
            ({"name": "X", "representativeId": guardian}, "representativeId"),
            ({"name": "X", "scopes": []}, "scopes"),
            ({"name": "X", "endsOn": "2025-12-31"}, "endsOn"),
        ):
            await refused(
                world, "referent", "representativeAppoint", {**given, **term, **wrong},
                "INVALID_INPUT", "input", place,
            )  # fmt: skip


async def test_places_of_living_give_days_at_home_moves_and_returns(world: Any) -> None:
    anna = await person(world, "Anna")
    for kind, since in (
        ("HOME", "2026-01-01"),
        ("INSTITUTION", "2026-01-11"),
        ("HOME", "2026-01-16"),
    ):
        await world.do(
            "referent", "placeRecord", {"personId": anna, "kind": kind, "startsOn": since}
        )
    query = (
        "query ($id: ID!, $to: Date!) { person(id: $id) { placesOfLiving { kind startsOn endsOn }"
        ' living(firstDay: "2026-01-01", lastDay: $to)'
        " { days { kind days } daysUnrecorded moves returns } } }"
    )
    found = (await read(world, "referent", query, id=anna, to="2026-01-20"))["person"]
    assert [one["endsOn"] for one in found["placesOfLiving"]] == ["2026-01-11", "2026-01-16", None]
    living = found["living"]
    days = {one["kind"]: one["days"] for one in living["days"]}
    assert (days["HOME"], days["INSTITUTION"], days["SHELTER"]) == (15, 5, 0)
    assert (living["moves"], living["returns"], living["daysUnrecorded"]) == (2, 1, 0)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"startsOn": "2026-01-03"}, "startsOn"),
        ({"startsOn": "2025-12-01", "endsOn": "2026-01-02"}, "startsOn"),
        ({"startsOn": "2025-12-01", "endsOn": "2025-11-01"}, "endsOn"),
        ({"startsOn": "2025-12-01", "plannedEnd": "2025-11-01"}, "plannedEnd"),
        ({"startsOn": "2999-01-01"}, "startsOn"),
    ],
)
async def test_days_of_two_places_never_overlap(
    world: Any, rows: Any, given: dict[str, str], place: str
) -> None:
    anna = await person(world, "Anna")
    for kind, since in (("HOME", "2026-01-01"), ("SHELTER", "2026-01-05")):
        await world.do(
            "referent", "placeRecord", {"personId": anna, "kind": kind, "startsOn": since}
        )
    async with nothing_written(rows, world):
        await refused(
            world, "referent", "placeRecord", {"personId": anna, "kind": "NONE", **given},
            "INVALID_INPUT", "input", place,
        )  # fmt: skip


async def test_territories_are_a_tree_with_team_cap_and_coverage(world: Any, rows: Any) -> None:
    team = await world.do("admin", "teamCreate", {"name": "North"}, "team")
    made = await world.client.do(
        world.tokens["admin"], "territoryMake", {"code": "75", "name": "Paris", "cap": 1},
        "territory { id rowVersion }",
    )  # fmt: skip
    top = made["territory"]
    below = {"code": "75-1", "name": "Louvre", "parentId": top["id"], "teamId": team["team"]["id"]}
    low = (await world.client.do(
        world.tokens["admin"], "territoryMake", below, "territory { id rowVersion }"
    ))["territory"]  # fmt: skip
    for name in ("Anna", "Ben"):
        place = {"kind": "HOME", "startsOn": DAY, "territoryId": low["id"]}
        await world.do("referent", "placeRecord", {"personId": await person(world, name), **place})
    query = (
        "{ territories { nodes { code persons cap overCap team { name } parent { code }"
        " children { code } } } }"
    )
    found = (await read(world, "referent", query))["territories"]["nodes"]
    assert found == [
        {
            "code": "75", "persons": 2, "cap": 1, "overCap": True, "team": None, "parent": None,
            "children": [{"code": "75-1"}],
        },
        {
            "code": "75-1", "persons": 2, "cap": None, "overCap": False, "team": {"name": "North"},
            "parent": {"code": "75"}, "children": [],
        },
    ]  # fmt: skip
    circle = {
        "territoryId": top["id"], "rowVersion": top["rowVersion"], "code": "75", "name": "Paris",
        "parentId": low["id"],
    }  # fmt: skip
    async with nothing_written(rows, world):
        await refused(world, "admin", "territoryEdit", circle, "INVALID_INPUT", "input", "parentId")
        twice = {"code": "75", "name": "Again"}
        await refused(world, "admin", "territoryMake", twice, "INVALID_INPUT", "input", "code")


async def test_another_tenant_reads_and_joins_nothing(client: Any, make_world: Any) -> None:
    ours, theirs = await make_world(client), await make_world(client)
    anna = await person(ours, "Anna")
    made = await ours.do("referent", "householdMake", {"name": "Ours"}, "household")
    household = made["household"]["id"]
    await ours.do(
        "referent", "householdJoin",
        {"householdId": household, "personId": anna, "role": "HEAD", "startsOn": DAY},
    )  # fmt: skip
    answer = await client.ask(
        "query ($id: ID!) { household(id: $id) { name } }",
        variables={"id": household}, token=theirs.tokens["referent"],
    )  # fmt: skip
    assert answer["data"]["household"] is None
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    ben = await person(theirs, "Ben")
    given = {"householdId": household, "personId": ben, "role": "HEAD", "startsOn": DAY}
    await refused(theirs, "referent", "householdJoin", given, "NOT_FOUND", "input", "householdId")
