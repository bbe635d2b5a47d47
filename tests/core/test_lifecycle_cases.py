"""Moves of cases through the use cases: guards, hold, reopening, closing, what follows."""

from datetime import timedelta
from typing import Any

import pytest
from lifecycle_world import World, make_world

from cordee_core.cases import consequences
from cordee_core.cases.close_case import CloseDraft, close_case
from cordee_core.cases.move_case import ReasonDraft, hold_case, reopen_case, resume_case
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.cases.transitions import transitions
from cordee_core.database.engine import CordeeEngine
from cordee_core.errors import (
    DuplicateCaseError,
    ForbiddenError,
    InvalidInputError,
    StaleObjectError,
    TransitionBlockedError,
)
from cordee_core.tallies.queries import recounted, tallies


@pytest.fixture
async def world(engine: CordeeEngine, tenant: Any) -> World:
    return await make_world(engine, tenant)


async def close(world: World, case: Any, **changed: Any) -> None:
    today = world.scope("referent").clock().date()
    given = {
        "reason": "goals_reached", "after_care_on": today + timedelta(days=90),
        "retain_until": today + timedelta(days=3650), **changed,
    }  # fmt: skip
    given.setdefault("row_version", await world.version(case))
    await world.do("referent", close_case, CloseDraft(case=case, **given))


async def against(world: World, case: Any) -> dict[str, set[str]]:
    scope, row = world.scope("referent"), await world.case(case)
    async with world.engine.transaction(cordee__context=scope.signed()):
        found = await transitions(scope, row)
    return {stage: {one.code for one in objections} for stage, objections in found.items()}


async def test_from_opening_to_closure_every_change_has_its_row(world: World) -> None:
    case = await world.at("evaluation")
    await close(world, case)
    assert await world.history(case) == [
        (None, "intake"), ("intake", "assessment"), ("assessment", "planning"),
        ("planning", "implementation"), ("implementation", "monitoring"),
        ("monitoring", "evaluation"), ("evaluation", "closed"),
    ]  # fmt: skip
    rows = await world.rows(
        "SELECT number, member_id, at FROM core.stage_changes WHERE case_id = $1 ORDER BY number",
        case,
    )
    assert [row["number"] for row in rows] == list(range(1, 8))
    assert all(row["member_id"] == world.tenant["referent"].actor.id for row in rows)


async def test_the_opening_gives_a_number_that_says_nothing(world: World) -> None:
    person = await world.person("Kowalski")
    row = await world.case(await world.open(person))
    year = world.scope("referent").clock().year
    assert row["number"].startswith(f"{year}-")
    assert row["number"].removeprefix(f"{year}-").isdigit()
    assert (row["request_source"], row["stage"]) == ("self", "intake")


async def test_what_stands_against_assessment_is_listed_at_once(world: World) -> None:
    case = await world.open()
    assert await against(world, case) == {
        "assessment": {"selection_missing", "consent_missing", "referent_missing"},
        "refused": {"selection_missing"},
    }
    with pytest.raises(TransitionBlockedError) as blocked:
        await world.move(case, "assessment")
    assert set(blocked.value.params["codes"]) == {
        "selection_missing", "consent_missing", "referent_missing",
    }  # fmt: skip


async def test_a_stage_that_the_model_does_not_provide_is_refused(world: World) -> None:
    case = await world.admitted()
    with pytest.raises(TransitionBlockedError) as blocked:
        await world.move(case, "implementation")
    assert blocked.value.params["codes"] == ["transition_unknown"]


async def test_a_refusal_follows_a_decision_that_refused(world: World) -> None:
    case = await world.open()
    await world.decide(case, "refused")
    assert await against(world, case) == {
        "assessment": {"selection_refused", "consent_missing", "referent_missing"}, "refused": set()
    }  # fmt: skip
    await world.move(case, "refused")
    assert (await world.case(case))["stage"] == "refused"


async def test_on_hold_remembers_where_it_came_from_and_returns_there(world: World) -> None:
    case = await world.at("implementation")
    hold = ReasonDraft(case=case, row_version=await world.version(case), reason="En prison")
    await world.do("referent", hold_case, hold)
    row = await world.case(case)
    assert (row["stage"], row["held_from"]) == ("on_hold", "implementation")
    assert row["referent_id"] is not None
    for stage in ("assessment", "planning", "monitoring"):
        with pytest.raises(TransitionBlockedError) as blocked:
            await world.move(case, stage)
        assert blocked.value.params["codes"] == ["transition_unknown"]
    resume = ReasonDraft(case=case, row_version=await world.version(case))
    await world.do("referent", resume_case, resume)
    row = await world.case(case)
    assert (row["stage"], row["held_from"]) == ("implementation", None)


async def test_on_hold_needs_its_reason(world: World) -> None:
    case = await world.admitted()
    for reason in (None, "  "):
        with pytest.raises(InvalidInputError) as wrong:
            await world.move(case, "on_hold", reason)
        assert wrong.value.path == ("input", "reason")


async def test_what_is_not_on_hold_is_not_resumed(world: World) -> None:
    case = await world.admitted()
    draft = ReasonDraft(case=case, row_version=await world.version(case))
    with pytest.raises(TransitionBlockedError) as blocked:
        await world.do("referent", resume_case, draft)
    assert blocked.value.params["codes"] == ["not_on_hold"]


async def test_closing_ends_the_designation_and_keeps_the_counts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    async def note(uow: Any, move: Any) -> None:
        seen.append((move.source, move.target, move.case["referent_id"]))

    case = await world.at("evaluation")
    monkeypatch.setitem(consequences._REGISTERED, "test", note)
    await close(world, case)
    referent = world.tenant["referent"].actor.id
    assert seen == [("evaluation", "closed", referent)]
    row = await world.case(case)
    assert (row["stage"], row["referent_id"]) == ("closed", None)
    ends = await world.rows("SELECT ends_at FROM core.designations WHERE case_id = $1", case)
    assert [one["ends_at"] is not None for one in ends] == [True]
    async with world.engine.transaction(cordee__context=world.scope("referent").signed()):
        assert await tallies() == await recounted() == {"case_stage": {"closed": 1}}


async def test_a_consequence_that_fails_undoes_the_change(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(uow: Any, move: Any) -> None:
        raise InvalidInputError(path=("x",))

    case = await world.at("evaluation")
    monkeypatch.setitem(consequences._REGISTERED, "test", fail)
    with pytest.raises(InvalidInputError):
        await close(world, case)
    assert (await world.case(case))["stage"] == "evaluation"
    assert (await world.history(case))[-1] == ("monitoring", "evaluation")


async def test_a_case_closes_with_reason_and_dates_only(world: World) -> None:
    case = await world.at("evaluation")
    with pytest.raises(TransitionBlockedError) as blocked:
        await world.move(case, "closed")
    assert blocked.value.params["codes"] == ["closure_missing"]
    today = world.scope("referent").clock().date()
    for changed, where in (
        ({"reason": "no_such_reason"}, "reason"),
        ({"after_care_on": today - timedelta(days=1)}, "afterCareOn"),
        ({"retain_until": today}, "retainUntil"),
    ):
        with pytest.raises(InvalidInputError) as wrong:
            await close(world, case, **changed)
        assert wrong.value.path == ("input", where)
    await close(world, case, note="Bail signé")
    (row,) = await world.rows("SELECT * FROM core.closures WHERE case_id = $1", case)
    assert (row["vocabulary"], row["reason_code"]) == ("housing.closure", "goals_reached")
    assert row["reason"]["fr"] == "Objectifs atteints"
    assert row["after_care_on"] == today + timedelta(days=90)
    assert row["retain_until"] == today + timedelta(days=3650)


async def test_closing_is_refused_before_the_evaluation(world: World) -> None:
    case = await world.at("monitoring")
    with pytest.raises(TransitionBlockedError) as blocked:
        await close(world, case)
    assert blocked.value.params["codes"] == ["transition_unknown"]


async def reopened(world: World) -> Any:
    case = await world.at("evaluation")
    await close(world, case)
    draft = ReasonDraft(case=case, row_version=await world.version(case), reason="Expulsion")
    await world.do("referent", reopen_case, draft)
    return case


async def test_a_reopened_case_asks_for_consent_again(world: World) -> None:
    case = await reopened(world)
    await world.designate(case)
    assert await against(world, case) == {"assessment": {"consent_asked_again"}}
    await world.consent(case)
    await world.move(case, "assessment")
    assert (await world.case(case))["stage"] == "assessment"


async def test_a_reopened_case_keeps_its_history(world: World) -> None:
    case = await reopened(world)
    assert (await world.history(case))[-2:] == [
        ("evaluation", "closed"), ("closed", "reopened"),
    ]  # fmt: skip
    assert len(await world.rows("SELECT 1 FROM core.closures WHERE case_id = $1", case)) == 1
    designations = await world.rows("SELECT 1 FROM core.designations WHERE case_id = $1", case)
    assert len(designations) == 1


async def test_a_case_is_not_reopened_beside_another_open_one(world: World) -> None:
    person = await world.person()
    case = await world.at("evaluation", person)
    await close(world, case)
    await world.open(person)
    draft = ReasonDraft(case=case, row_version=await world.version(case), reason="Expulsion")
    with pytest.raises(DuplicateCaseError):
        await world.do("referent", reopen_case, draft)


async def test_a_closed_case_makes_room_for_a_new_one(world: World) -> None:
    person = await world.person()
    case = await world.at("evaluation", person)
    with pytest.raises(DuplicateCaseError):
        await world.open(person)
    await close(world, case)
    assert await world.open(person) != case


async def test_a_stale_case_does_not_move(world: World) -> None:
    case = await world.admitted()
    draft = ReasonDraft(case=case, row_version=1, reason="Vacances")
    with pytest.raises(StaleObjectError):
        await world.do("referent", hold_case, draft)


async def test_who_may_not_move_cases_does_not(world: World) -> None:
    case = await world.admitted()
    draft = ReasonDraft(case=case, row_version=await world.version(case), reason="Vacances")
    for role in ("reader", "team_member", "person", "admin"):
        with pytest.raises(ForbiddenError):
            await world.do(role, hold_case, draft)


async def test_a_request_from_tomorrow_opens_nothing(world: World) -> None:
    tomorrow = world.scope("referent").clock().date() + timedelta(days=1)
    draft = CaseDraft(
        person=await world.person(), programme=world.programme, request_source="self",
        requested_on=tomorrow,
    )  # fmt: skip
    with pytest.raises(InvalidInputError):
        await world.do("referent", open_case, draft)
