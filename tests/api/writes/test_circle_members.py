"""The circle of a case, and interpreters booked for its contacts."""

from typing import Any

import pytest
from refusals import case_of, nothing_written, refused

DAY = "2026-01-15"
GIVEN = {"givenOn": DAY, "informationGivenOn": DAY, "form": "VERBAL", "language": "ti"}


async def read(world: Any, role: str, query: str, **variables: Any) -> dict[str, Any]:
    """Return the data of a query that must succeed."""
    answer = await world.client.ask(query, variables=variables, token=world.tokens[role])
    assert "errors" not in answer, answer
    return answer["data"]


async def test_the_circle_has_roles_days_and_access(world: Any) -> None:
    await world.open()
    since = {**case_of(world), "startsOn": DAY}
    member = {"kind": "MEMBER", "role": "Nurse", "memberId": world.ids["member"]}
    doctor = {"kind": "PROFESSIONAL", "role": "Doctor", "name": "Dr Roy", "organisation": "Clinic"}
    await world.do("referent", "circleJoin", {**since, **member, "access": "SUMMARY"})
    joined = await world.client.do(
        world.tokens["referent"],
        "circleJoin",
        {**since, **doctor},
        "circleMember { id rowVersion }",
    )
    left = joined["circleMember"]
    gone = {"circleMemberId": left["id"], "rowVersion": left["rowVersion"], "reason": "Retired"}
    await world.do("referent", "circleLeave", {**gone, "endsOn": DAY})
    query = (
        "query ($id: ID!) { case(id: $id) { circle"
        " { kind role name access startsOn endsOn endReason member { displayName } } } }"
    )
    found = (await read(world, "referent", query, id=world.ids["case"]))["case"]["circle"]
    assert found == [
        {
            "kind": "MEMBER", "role": "Nurse", "name": None, "access": "SUMMARY", "startsOn": DAY,
            "endsOn": None, "endReason": None, "member": {"displayName": "referent"},
        },
        {
            "kind": "PROFESSIONAL", "role": "Doctor", "name": "Dr Roy", "access": "NONE",
            "startsOn": DAY, "endsOn": DAY, "endReason": "Retired", "member": None,
        },
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"kind": "RELATIVE"}, "memberId"),
        ({"kind": "RELATIVE", "name": "X", "access": "FULL"}, "access"),
        ({"kind": "MEMBER", "name": "X"}, "kind"),
        ({"kind": "PEER", "name": "X", "startsOn": "2999-01-01"}, "startsOn"),
        ({"kind": "PEER", "name": "X", "role": " "}, "role"),
    ],
)
async def test_who_may_not_join_the_circle(
    world: Any, rows: Any, given: dict[str, str], place: str
) -> None:
    await world.open()
    whole = {**case_of(world), "role": "Friend", "startsOn": DAY, **given}
    async with nothing_written(rows, world):
        await refused(world, "referent", "circleJoin", whole, "INVALID_INPUT", "input", place)


async def test_a_member_is_once_in_a_circle(world: Any, rows: Any) -> None:
    await world.open()
    given = {"kind": "MEMBER", "role": "Nurse", "memberId": world.ids["member"], "startsOn": DAY}
    await world.do("referent", "circleJoin", {**case_of(world), **given})
    async with nothing_written(rows, world):
        await refused(
            world, "referent", "circleJoin", {**case_of(world), **given},
            "INVALID_INPUT", "input", "memberId",
        )  # fmt: skip


async def booked(world: Any, *, relative: bool) -> str:
    """Book an interpreter for the world's case; return the id."""
    given = {
        **case_of(world), "contactAt": "2026-02-01T09:00:00+01:00", "language": "ti",
        "mode": "TELEPHONE", "interpreter": "Selam", "relative": relative,
    }  # fmt: skip
    payload = await world.do("referent", "interpreterBook", given, "booking")
    return payload["booking"]["id"]


async def test_an_interpreter_is_booked_for_a_contact(world: Any, rows: Any) -> None:
    await world.open()
    booking = await booked(world, relative=False)
    ended = {"bookingId": booking, "rowVersion": 1}
    async with nothing_written(rows, world):
        await refused(
            world, "referent", "interpreterBookingEnd", {**ended, "status": "MISSED"},
            "INVALID_INPUT", "input", "reason",
        )  # fmt: skip
    await world.do("referent", "interpreterBookingEnd", {**ended, "status": "HELD"})
    query = (
        "query ($id: ID!) { case(id: $id) { interpreterBookings"
        " { interpreter language mode relative status } } }"
    )
    found = (await read(world, "referent", query, id=world.ids["case"]))["case"]
    assert found["interpreterBookings"] == [
        {
            "interpreter": "Selam", "language": "ti", "mode": "TELEPHONE", "relative": False,
            "status": "HELD",
        }
    ]  # fmt: skip


async def test_a_relative_never_interprets_a_consent(world: Any, rows: Any) -> None:
    await world.open()
    relative, other = await booked(world, relative=True), await booked(world, relative=False)
    given = {**case_of(world), **GIVEN}
    async with nothing_written(rows, world):
        await refused(
            world, "referent", "consentRecord", {**given, "interpreterBookingId": relative},
            "INVALID_INPUT", "input", "interpreterBookingId",
        )  # fmt: skip
    payload = await world.client.do(
        world.tokens["referent"], "consentRecord", {**given, "interpreterBookingId": other},
        "consent { language }",
    )  # fmt: skip
    assert payload["consent"] == {"language": "ti"}
