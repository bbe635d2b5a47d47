"""Raw SQL as the application's role: what no model could allow is refused by the database too."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from lifecycle_world import World, make_world

from cordee_core.cases.lifecycle import POSSIBLE, STAGES, WORKING
from cordee_core.database.engine import CordeeEngine, fetch

MOVE = (
    "UPDATE core.cases SET stage = $2, stage_number = stage_number + 1,"
    " held_from = CASE WHEN $2 = 'on_hold' THEN stage END WHERE id = $1"
)
ROW = (
    "INSERT INTO core.stage_changes (tenant_id, id, case_id, number, from_stage, to_stage, at,"
    " reason) SELECT tenant_id, $3, id, stage_number + 1, stage, $2, now(), 'x' FROM core.cases"
    " WHERE id = $1"
)


@pytest.fixture
async def world(engine: CordeeEngine, tenant: Any) -> World:
    return await make_world(engine, tenant)


async def attempt(world: World, *statements: tuple[str, Sequence[object]]) -> str | None:
    """Run the statements in one transaction; return the SQLSTATE that refused them."""
    try:
        async with world.engine.transaction(cordee__context=world.scope("referent").signed()):
            for statement, values in statements:
                await fetch(statement, *values)
    except asyncpg.PostgresError as error:
        return error.sqlstate
    return None


def moved(case: UUID, stage: str) -> tuple[tuple[str, Sequence[object]], ...]:
    return (ROW, (case, stage, uuid4())), (MOVE, (case, stage))


async def test_a_change_of_stage_with_its_row_goes_through(world: World) -> None:
    case = await world.admitted()
    assert await attempt(world, *moved(case, "planning")) is None
    assert (await world.case(case))["stage"] == "planning"


async def test_a_change_of_stage_without_its_row_is_refused(world: World) -> None:
    case = await world.admitted()
    assert await attempt(world, (MOVE, (case, "planning"))) == "CX011"
    assert (await world.case(case))["stage"] == "assessment"


async def test_a_row_without_a_change_of_stage_is_refused(world: World) -> None:
    case = await world.admitted()
    assert await attempt(world, (ROW, (case, "planning", uuid4()))) == "CX011"


async def test_a_stage_without_its_number_is_refused(world: World) -> None:
    case = await world.admitted()
    for change in ("stage = 'planning'", "stage_number = 1, stage = 'intake'", "stage_number = 9"):
        refused = await attempt(world, (f"UPDATE core.cases SET {change} WHERE id = $1", (case,)))
        assert refused == "CX010", change


@pytest.mark.parametrize("stage", ["intake", *WORKING])
async def test_pairs_that_no_model_could_allow_are_refused(world: World, stage: str) -> None:
    case = await (world.open() if stage == "intake" else world.at(stage))
    for end in STAGES:
        if (stage, end) not in POSSIBLE and end != stage:
            assert await attempt(world, *moved(case, end)) == "23514", end


async def test_a_case_begins_at_intake(world: World) -> None:
    case = await world.admitted()
    for stage, number in (("assessment", 1), ("intake", 2)):
        copied = (
            "INSERT INTO core.cases (tenant_id, id, number, subject_kind, group_label, group_size,"
            " programme_id, programme_version_id, model_version_id, stage, stage_number,"
            " referent_id, request_source, requested_on, opened_at, opened_by) SELECT tenant_id,"
            " $2, 'x', 'group', 'g', 3, programme_id, programme_version_id, model_version_id, $3,"
            " $4, referent_id, request_source, requested_on, opened_at, opened_by"
            " FROM core.cases WHERE id = $1"
        )
        assert await attempt(world, (copied, (case, uuid4(), stage, number))) == "CX010"


async def test_on_hold_returns_to_where_it_came_from(world: World) -> None:
    case = await world.at("implementation")
    assert await attempt(world, *moved(case, "on_hold")) is None
    for end in ("assessment", "planning", "monitoring", "intake", "reopened"):
        assert await attempt(world, *moved(case, end)) == "CX010"
    wrong = "UPDATE core.cases SET held_from = 'planning' WHERE id = $1"
    assert await attempt(world, (wrong, (case,))) == "CX010"
    assert await attempt(world, *moved(case, "implementation")) is None


async def test_a_working_case_has_a_referent(world: World) -> None:
    case = await world.at("planning")
    gone = "UPDATE core.cases SET referent_id = NULL WHERE id = $1"
    ended = "UPDATE core.designations SET ends_at = now() WHERE case_id = $1"
    assert await attempt(world, (gone, (case,))) == "23514"
    assert await attempt(world, (ended, (case,))) == "CX013"
    assert await attempt(world, *moved(case, "on_hold")) is None
    assert await attempt(world, (gone, (case,)), (ended, (case,))) == "23514"


async def test_the_referent_is_the_one_designated(world: World) -> None:
    case = await world.at("planning")
    other = "UPDATE core.cases SET referent_id = $2 WHERE id = $1"
    somebody = world.tenant["supervisor"].actor.id
    assert await attempt(world, (other, (case, somebody))) == "CX013"


async def test_there_are_never_two_active_referents(world: World) -> None:
    case = await world.at("planning")
    second = (
        "INSERT INTO core.designations (tenant_id, id, case_id, member_id, starts_at,"
        " designated_by) SELECT tenant_id, $2, id, $3, now(), $3 FROM core.cases WHERE id = $1"
    )
    somebody = world.tenant["supervisor"].actor.id
    assert await attempt(world, (second, (case, uuid4(), somebody))) == "23505"


async def test_closed_without_reason_and_dates_is_refused(world: World) -> None:
    case = await world.at("evaluation")
    release = (
        ("UPDATE core.cases SET referent_id = NULL WHERE id = $1", (case,)),
        ("UPDATE core.designations SET ends_at = now() WHERE case_id = $1", (case,)),
    )
    statements = (*moved(case, "closed"), *release)
    assert await attempt(world, *statements) == "CX012"
    for stage in ("transferred", "merged"):
        assert await attempt(world, *moved(case, stage), *release) == "CX012"


async def test_a_referent_of_a_case_that_ended_is_refused(world: World) -> None:
    case = await world.open()
    await world.designate(case)
    await world.decide(case, "refused")
    assert await attempt(world, *moved(case, "refused")) == "CX013"


async def test_refused_without_a_decision_is_refused(world: World) -> None:
    case = await world.open()
    assert await attempt(world, *moved(case, "refused")) == "CX012"


async def test_history_is_never_changed(world: World) -> None:
    case = await world.admitted()
    for statement in (
        "UPDATE core.stage_changes SET to_stage = 'planning' WHERE case_id = $1",
        "DELETE FROM core.stage_changes WHERE case_id = $1",
        "UPDATE core.closures SET reason_code = 'x' WHERE case_id = $1",
    ):
        assert await attempt(world, (statement, (case,))) == "42501"


async def test_one_open_case_of_a_person_in_a_programme(world: World) -> None:
    person = await world.person()
    case = await world.open(person)
    copied = (
        "INSERT INTO core.cases (tenant_id, id, number, person_id, programme_id,"
        " programme_version_id, model_version_id, stage, request_source, requested_on, opened_at,"
        " opened_by) SELECT tenant_id, $2, 'x', person_id, programme_id, programme_version_id,"
        " model_version_id, stage, request_source, requested_on, opened_at, opened_by"
        " FROM core.cases WHERE id = $1"
    )
    assert await attempt(world, (copied, (case, uuid4()))) == "23505"
