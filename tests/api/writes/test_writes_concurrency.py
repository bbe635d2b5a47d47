"""The same thing at the same time: one wins, the others are told, nothing is done twice."""

import asyncio
import secrets
from collections import Counter
from typing import Any
from uuid import uuid4


def codes(answers: list[dict[str, Any]], name: str) -> Counter[str]:
    """How often each code came back; ``done`` where there was none."""
    found: Counter[str] = Counter()
    for answer in answers:
        assert "errors" not in answer, answer
        errors = answer["data"][name]["userErrors"]
        found[errors[0]["code"] if errors else "done"] += 1
    return found


async def member_of(world: Any, role: str) -> str:
    answer = await world.client.ask("{ viewer { member { id } } }", token=world.tokens[role])
    return answer["data"]["viewer"]["member"]["id"]


async def test_of_two_designations_one_wins(world: Any) -> None:
    await world.open()
    members = [await member_of(world, role) for role in ("referent", "supervisor")]
    given = {"caseId": world.ids["case"], "rowVersion": await world.version("case")}
    answers = await asyncio.gather(
        *(
            world.client.change(
                world.tokens["supervisor"], "referentDesignate",
                {**given, "memberId": member, "reason": "Handover"},
            )
            for member in members
        )
    )  # fmt: skip
    found = codes(answers, "referentDesignate")
    assert found["done"] == 1
    assert found["STALE_OBJECT"] + found["REFERENT_CONFLICT"] == 1
    seen = await world.client.ask(
        "query ($id: ID!) { case(id: $id) { referent { id }"
        " designations { member { id } endedAt: endsAt } } }",
        variables={"id": world.ids["case"]}, token=world.tokens["supervisor"],
    )  # fmt: skip
    (designation,) = seen["data"]["case"]["designations"]
    assert designation["member"] == seen["data"]["case"]["referent"]
    assert designation["endedAt"] is None


async def test_the_member_limit_holds(client: Any) -> None:
    slug = f"m-{secrets.token_hex(6)}"
    signed = await client.do(
        None, "tenantSignUp",
        {"name": "M", "slug": slug, "plan": "starter", "adminName": "A", "adminEmail": "a@b.co"},
        "token tenant { plan { memberLimit } }",
    )  # fmt: skip
    limit = signed["tenant"]["plan"]["memberLimit"]
    answers = await asyncio.gather(
        *(
            client.change(
                signed["token"], "memberInvite",
                {"email": f"{n}@{slug}.example", "displayName": "M", "roles": ["READER"]},
            )
            for n in range(limit + 5)
        )
    )  # fmt: skip
    expected = {"done": limit - 1, "MEMBER_LIMIT_REACHED": 6}
    assert codes(answers, "memberInvite") == expected


async def test_an_invitation_works_once(world: Any, rows: Any) -> None:
    invited = await world.client.do(
        world.tokens["admin"], "memberInvite",
        {"email": "x@y.example", "displayName": "X", "roles": ["READER"]}, "code",
    )  # fmt: skip
    before = await rows(world.tenant)
    answers = await asyncio.gather(
        *(
            world.client.change(None, "invitationAccept", {"code": invited["code"]}, "token")
            for _ in range(6)
        )
    )
    assert codes(answers, "invitationAccept") == {"done": 1, "INVITATION_INVALID": 5}
    tokens = [answer["data"]["invitationAccept"]["token"] for answer in answers]
    assert len([token for token in tokens if token]) == 1
    after = await rows(world.tenant)
    gained = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert gained["core.members"] == gained["auth.tokens"] == 1


async def test_fifty_requests_with_one_key_open_one_case(world: Any, rows: Any) -> None:
    await world.open()
    person = await world.client.do(
        world.tokens["referent"], "personRegister", {"familyName": "Fifty"}, "person { id }"
    )
    given = {**world.request(), "personId": person["person"]["id"]}
    before, key = await rows(world.tenant), f"k-{uuid4()}"
    answers = await asyncio.gather(
        *(
            world.client.change(
                world.tokens["referent"], "caseOpen", given, "case { id number }", key=key
            )
            for _ in range(50)
        )
    )
    assert codes(answers, "caseOpen") == {"done": 50}
    assert len({answer["data"]["caseOpen"]["case"]["id"] for answer in answers}) == 1
    after = await rows(world.tenant)
    gained = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert gained == {
        "core.cases": 1, "core.stage_changes": 1, "core.timeline_entries": 1,
        "core.journal_entries": 1, "core.idempotency_keys": 1,
    }  # fmt: skip


async def test_without_a_key_the_second_case_is_a_duplicate(world: Any) -> None:
    await world.open()
    person = await world.client.do(
        world.tokens["referent"], "personRegister", {"familyName": "Ten"}, "person { id }"
    )
    given = {**world.request(), "personId": person["person"]["id"]}
    answers = await asyncio.gather(
        *(world.client.change(world.tokens["referent"], "caseOpen", given) for _ in range(10))
    )
    assert codes(answers, "caseOpen") == {"done": 1, "DUPLICATE_CASE": 9}


async def test_numbers_are_given_once_and_without_gaps(world: Any) -> None:
    answers = await asyncio.gather(
        *(
            world.client.do(
                world.tokens["referent"], "personRegister", {"familyName": "N"}, "person { number }"
            )
            for _ in range(12)
        )
    )
    numbers = sorted(int(one["person"]["number"].rpartition("-")[2]) for one in answers)
    assert numbers == list(range(numbers[0], numbers[0] + 12))


async def test_steps_of_a_referral_are_taken_once(world: Any) -> None:
    await world.open()
    await world.refer()
    given = {"referralId": world.ids["referral"], "rowVersion": 1}
    answers = await asyncio.gather(
        *(world.client.change(world.tokens["referent"], "referralSend", given) for _ in range(5))
    )
    assert codes(answers, "referralSend") == {"done": 1, "TRANSITION_BLOCKED": 4}
