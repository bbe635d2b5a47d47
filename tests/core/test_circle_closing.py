"""The circle ends with the case, and so does the access that came with it."""

from datetime import timedelta
from typing import Any

import pytest
from lifecycle_world import TODAY, World, make_world

from cordee_core.cases.close_case import CloseDraft, close_case
from cordee_core.cases.move_case import MoveDraft, move_case
from cordee_core.circle.join_circle import (
    CircleDraft,
    CircleEndDraft,
    join_circle,
    leave_circle,
)
from cordee_core.database.engine import CordeeEngine, fetch
from cordee_core.errors import InvalidInputError
from cordee_core.features import install
from cordee_core.people.protect_person import ProtectDraft, protect_person
from cordee_core.plugins.host import PluginHost


@pytest.fixture
async def world(engine: CordeeEngine, tenant: Any) -> World:
    install(PluginHost.discover(names=set()))
    return await make_world(engine, tenant)


async def joined(world: World, case: Any, role: str) -> Any:
    """Put the member of a role into the circle; return the row's id."""
    draft = CircleDraft(
        case=case, kind="member", role="Nurse", starts_on=TODAY,
        member=world.tenant[role].actor.id, access="full",
    )  # fmt: skip
    return (await world.do("referent", join_circle, draft))["circle_member"]


async def seen(world: World, role: str, person: Any) -> bool:
    """Whether the member of a role sees the row of a person."""
    async with world.engine.transaction(cordee__context=world.scope(role).signed()):
        return bool(await fetch("SELECT 1 FROM core.persons WHERE id = $1", person))


async def protected_case(world: World) -> tuple[Any, Any]:
    """A case in intake about a restricted person."""
    person = await world.person()
    case = await world.open(person)
    draft = ProtectDraft(person=person, row_version=1, protection="restricted", reason="Danger")
    await world.do("referent", protect_person, draft)
    return person, case


async def test_access_comes_with_the_circle_and_goes_with_it(world: World) -> None:
    person, case = await protected_case(world)
    assert not await seen(world, "team_member", person)
    place = await joined(world, case, "team_member")
    assert await seen(world, "team_member", person)
    draft = CircleEndDraft(circle_member=place, row_version=1, ends_on=TODAY, reason="Gone")
    await world.do("referent", leave_circle, draft)
    assert not await seen(world, "team_member", person)


async def test_the_circle_ends_on_the_day_the_case_ends(world: World) -> None:
    person, case = await protected_case(world)
    await joined(world, case, "team_member")
    await world.decide(case, "refused")
    draft = MoveDraft(case=case, row_version=await world.version(case), target="refused")
    await world.do("referent", move_case, draft)
    (row,) = await world.rows(
        "SELECT ends_on, end_reason FROM core.circle_members WHERE case_id = $1", case
    )
    today = world.scope("referent").clock().date()
    assert (row["ends_on"], row["end_reason"]) == (today, "case_refused")
    assert not await seen(world, "team_member", person)
    with pytest.raises(InvalidInputError):
        await joined(world, case, "reader")


async def test_closing_ends_the_circle_the_same_day(world: World) -> None:
    case = await world.at("evaluation")
    await joined(world, case, "team_member")
    draft = CloseDraft(
        case=case, row_version=await world.version(case), reason="goals_reached",
        after_care_on=TODAY + timedelta(days=900), retain_until=TODAY + timedelta(days=9000),
    )  # fmt: skip
    await world.do("referent", close_case, draft)
    (row,) = await world.rows(
        "SELECT ends_on, end_reason FROM core.circle_members WHERE case_id = $1", case
    )
    assert (row["ends_on"], row["end_reason"]) == (
        world.scope("referent").clock().date(),
        "case_closed",
    )


async def test_the_other_tenant_sees_no_circle(
    engine: CordeeEngine, tenants: Any, world: World
) -> None:
    case = await world.open()
    await joined(world, case, "team_member")
    other = next(one for one in tenants if one.id != world.tenant.id)
    async with engine.transaction(cordee__context=other["referent"].signed()):
        assert await fetch("SELECT 1 FROM core.circle_members WHERE case_id = $1", case) == []
    assert await world.rows("SELECT 1 FROM core.circle_members WHERE case_id = $1", case)
