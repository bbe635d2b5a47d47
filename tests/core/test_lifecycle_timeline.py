"""The timeline of a case by what is asked for: kinds, groups, plugins, period, who; a page each."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from lifecycle_world import World, make_world

from cordee_core.cases.queries import TimelineQuery, timeline_like
from cordee_core.cases.timeline import add_entry, describe
from cordee_core.database.engine import CordeeEngine

LABEL = {"en": "Asked for a flat.", "fr": "Logement demandé."}


@pytest.fixture
async def world(engine: CordeeEngine, tenant: Any) -> World:
    return await make_world(engine, tenant)


async def kinds(world: World, case: UUID, **wanted: Any) -> list[str]:
    async with world.engine.transaction(cordee__context=world.scope("referent").signed()):
        found = timeline_like(case, TimelineQuery(**wanted))
        rows = await found.page(None, None, 100, reverse=False)
        assert await found.count() == len(rows)
    return [row["kind"] for row in rows]


async def told(world: World, case: UUID) -> None:
    scope = world.scope("referent")
    async with world.engine.transaction(cordee__context=scope.signed()):
        await add_entry(scope, case, "housing.asked", plugin="housing", label=LABEL)


async def test_a_timeline_is_filtered(world: World) -> None:
    case = await world.admitted()
    await told(world, case)
    everything = await kinds(world, case)
    assert everything == [
        "case_opened", "selection_admitted", "consent_recorded", "referent_designated",
        "stage_changed", "housing.asked",
    ]  # fmt: skip
    assert await kinds(world, case, groups=("selection", "stage")) == [
        "selection_admitted", "stage_changed",
    ]  # fmt: skip
    assert await kinds(world, case, groups=("housing",)) == ["housing.asked"]
    assert await kinds(world, case, kinds=("case_opened",)) == ["case_opened"]
    supervisor = world.tenant["supervisor"].actor.id
    assert await kinds(world, case, member=supervisor) == ["referent_designated"]
    now = world.scope("referent").clock()
    assert await kinds(world, case, until=now + timedelta(hours=1)) == everything
    assert await kinds(world, case, since=now + timedelta(hours=1)) == []
    assert await kinds(world, case, since=now - timedelta(hours=1), groups=("case",)) == [
        "case_opened"
    ]


async def test_a_filtered_timeline_is_paged_and_said_in_both_languages(world: World) -> None:
    case = await world.admitted()
    for _ in range(3):
        await told(world, case)
    async with world.engine.transaction(cordee__context=world.scope("referent").signed()):
        found = timeline_like(case, TimelineQuery(groups=("housing",)))
        first = await found.page(None, None, 2, reverse=False)
        rest = await found.page(first[-1]["seq"], None, 2, reverse=False)
    assert [len(first), len(rest)] == [2, 1]
    assert [describe(rest[0], language) for language in ("en", "fr")] == list(LABEL.values())


async def test_the_timeline_of_one_case_is_not_that_of_another(world: World) -> None:
    case, other = await world.admitted(), await world.open()
    await told(world, case)
    assert await kinds(world, other) == ["case_opened"]
