"""Transfers, mergers, interruptions, requests without a case, households and groups."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from lifecycle_world import World, make_world

from cordee_core.cases.approve_transfer import ApprovalDraft, approve_transfer
from cordee_core.cases.interrupt_cases import InterruptDraft, interrupt_cases
from cordee_core.cases.merge_cases import MergeDraft, merge_cases
from cordee_core.cases.tables import Interruption, Transfer
from cordee_core.cases.transfer_case import (
    AnswerDraft,
    TransferDraft,
    decline_transfer,
    request_transfer,
)
from cordee_core.database.engine import CordeeEngine
from cordee_core.database.rows import find
from cordee_core.errors import (
    ForbiddenError,
    InvalidInputError,
    TransitionBlockedError,
)
from cordee_core.features import install
from cordee_core.notes.add_note import NoteDraft, add_note
from cordee_core.plugins.host import PluginHost
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme
from cordee_core.referrals.create_referral import ReferralDraft, create_referral
from cordee_core.services.tables import Service
from cordee_core.tallies.queries import recounted, tallies


@pytest.fixture
async def world(engine: CordeeEngine, tenant: Any) -> World:
    install(PluginHost.discover(names=set()))
    return await make_world(engine, tenant)


async def second_programme(world: World) -> UUID:
    copied = await world.do(
        "supervisor",
        copy_programme,
        CopyDraft(template="housing.support_to_housing", code="second"),
    )
    draft = ActivateDraft(programme=copied["programme"], row_version=1)
    await world.do("supervisor", activate_programme, draft)
    return copied["programme"]


async def referral(world: World, case: UUID) -> UUID:
    async with world.engine.transaction(cordee__context=world.scope("referent").signed()):
        service = (await Service.select().where(Service.code == "housing.115_siao"))[0]
    draft = ReferralDraft(case=case, service=service["id"], reason="Abri ce soir")
    return (await world.do("referent", create_referral, draft))["referral"]


async def found(world: World, table: Any, identifier: UUID) -> dict[str, Any]:
    async with world.engine.transaction(cordee__context=world.scope("referent").signed()):
        return await find(table, identifier)


async def requested(world: World, case: UUID, **changed: Any) -> UUID:
    given = {
        "programme": world.programme, "receiver": world.tenant["supervisor"].actor.id,
        "reason": "Déménage au nord", "row_version": await world.version(case), **changed,
    }  # fmt: skip
    return (await world.do("referent", request_transfer, TransferDraft(case=case, **given)))[
        "transfer"
    ]


async def approve(world: World, role: str, transfer: UUID, side: str) -> dict[str, UUID]:
    row = await found(world, Transfer, transfer)
    draft = ApprovalDraft(transfer=transfer, row_version=row["row_version"], side=side)
    return await world.do(role, approve_transfer, draft)


async def test_a_transfer_happens_when_both_sides_approve(world: World) -> None:
    case = await world.at("planning")
    moved = await referral(world, case)
    await world.do("referent", add_note, NoteDraft(case=case, text="Reste ici"))
    await world.consent(case, purpose="transfer")
    transfer = await requested(world, case, programme=await second_programme(world))
    row = await found(world, Transfer, transfer)
    assert row["manifest"] == {
        "notes": {"count": 1, "moves": False}, "referrals": {"count": 1, "moves": True},
    }  # fmt: skip
    await approve(world, "referent", transfer, "giving")
    assert (await world.case(case))["stage"] == "planning"
    done = await approve(world, "supervisor", transfer, "receiving")
    new = done["new_case"]
    before, after = await world.case(case), await world.case(new)
    assert (before["stage"], before["referent_id"]) == ("transferred", None)
    assert (after["stage"], after["person_id"]) == ("intake", before["person_id"])
    assert after["programme_id"] != before["programme_id"]
    (row,) = await world.rows("SELECT case_id FROM core.referrals WHERE id = $1", moved)
    assert row["case_id"] == new
    assert (await found(world, Transfer, transfer))["new_case_id"] == new
    async with world.engine.transaction(cordee__context=world.scope("referent").signed()):
        assert await tallies() == await recounted()


async def test_a_transfer_needs_a_consent_that_covers_it(world: World) -> None:
    case = await world.at("planning")
    transfer = await requested(world, case)
    await approve(world, "referent", transfer, "giving")
    with pytest.raises(TransitionBlockedError) as blocked:
        await approve(world, "supervisor", transfer, "receiving")
    assert blocked.value.params["codes"] == ["transfer_consent_missing"]
    assert (await world.case(case))["stage"] == "planning"
    await world.consent(case, purpose="transfer")
    await approve(world, "supervisor", transfer, "receiving")
    assert (await world.case(case))["stage"] == "transferred"


async def test_what_moves_is_what_was_shown(world: World) -> None:
    case = await world.at("planning")
    await world.consent(case, purpose="transfer")
    transfer = await requested(world, case)
    await approve(world, "referent", transfer, "giving")
    await referral(world, case)
    with pytest.raises(TransitionBlockedError) as blocked:
        await approve(world, "supervisor", transfer, "receiving")
    assert blocked.value.params["codes"] == ["transfer_changed"]


async def test_the_two_sides_are_two_members(world: World) -> None:
    case = await world.at("planning")
    transfer = await requested(world, case)
    await approve(world, "supervisor", transfer, "giving")
    with pytest.raises(InvalidInputError) as wrong:
        await approve(world, "supervisor", transfer, "receiving")
    assert wrong.value.path == ("input", "side")
    with pytest.raises(ForbiddenError):
        await approve(world, "referent", transfer, "receiving")


async def test_a_case_has_one_open_transfer_and_a_declined_one_is_over(world: World) -> None:
    case = await world.at("planning")
    transfer = await requested(world, case)
    with pytest.raises(TransitionBlockedError) as blocked:
        await requested(world, case)
    assert blocked.value.params["codes"] == ["transfer_open"]
    draft = AnswerDraft(transfer=transfer, row_version=1, reason="Plus de place")
    await world.do("supervisor", decline_transfer, draft)
    assert (await found(world, Transfer, transfer))["state"] == "declined"
    with pytest.raises(TransitionBlockedError) as blocked:
        await approve(world, "referent", transfer, "giving")
    assert blocked.value.params["codes"] == ["transfer_settled"]
    again = await requested(world, case)
    draft = AnswerDraft(transfer=again, row_version=1, reason="Reste finalement")
    await world.do("referent", decline_transfer, draft)
    assert (await found(world, Transfer, again))["state"] == "withdrawn"


async def test_a_transfer_that_the_model_does_not_provide_is_not_requested(world: World) -> None:
    case = await world.at("evaluation")
    with pytest.raises(TransitionBlockedError) as blocked:
        await requested(world, case)
    assert blocked.value.params["codes"] == ["transition_unknown"]


async def test_two_cases_of_one_person_become_one(world: World) -> None:
    person = await world.person()
    case = await world.at("planning", person)
    moved = await referral(world, case)
    other = await world.open(person, programme=await second_programme(world))
    draft = MergeDraft(
        case=case, row_version=await world.version(case), into=other, reason="Doublon"
    )
    await world.do("referent", merge_cases, draft)
    row = await world.case(case)
    assert (row["stage"], row["referent_id"]) == ("merged", None)
    (kept,) = await world.rows("SELECT case_id FROM core.referrals WHERE id = $1", moved)
    assert kept["case_id"] == other
    (merger,) = await world.rows("SELECT * FROM core.mergers WHERE case_id = $1", case)
    assert (merger["into_id"], merger["reason"]) == (other, "Doublon")
    with pytest.raises(TransitionBlockedError) as blocked:
        await world.do("referent", merge_cases, MergeDraft(
            case=other, row_version=await world.version(other), into=case, reason="Retour",
        ))  # fmt: skip
    assert blocked.value.params["codes"] == ["case_not_open"]


async def test_cases_of_two_persons_are_not_merged(world: World) -> None:
    case, other = await world.open(), await world.open()
    for into in (other, case):
        draft = MergeDraft(
            case=case, row_version=await world.version(case), into=into, reason="Doublon"
        )
        with pytest.raises(InvalidInputError) as wrong:
            await world.do("referent", merge_cases, draft)
        assert wrong.value.path == ("input", "intoId")


async def test_an_interruption_reaches_what_it_can_and_lists_the_rest(world: World) -> None:
    planning, assessed, intake = await world.at("planning"), await world.admitted(), uuid4()
    waiting = await world.open()
    draft = InterruptDraft(cases=(planning, assessed, waiting, intake), reason="Inondation")
    act = (await world.do("supervisor", interrupt_cases, draft))["interruption"]
    row = await found(world, Interruption, act)
    assert (row["reached"], row["reason"], row["stage"]) == (2, "Inondation", "on_hold")
    assert {one["case"] for one in row["not_reached"]} == {str(waiting), str(intake)}
    assert all(set(why) == {"en", "fr"} for one in row["not_reached"] for why in one["why"])
    stages = [(await world.case(case))["stage"] for case in (planning, assessed, waiting)]
    assert stages == ["on_hold", "on_hold", "intake"]
    rows = await world.rows("SELECT reason FROM core.stage_changes WHERE interruption_id = $1", act)
    assert [one["reason"] for one in rows] == ["Inondation"] * 2
    again = InterruptDraft(cases=(planning, assessed), reason="Décrue", resume=True)
    act = (await world.do("supervisor", interrupt_cases, again))["interruption"]
    assert (await found(world, Interruption, act))["reached"] == 2
    stages = [(await world.case(case))["stage"] for case in (planning, assessed)]
    assert stages == ["planning", "assessment"]
    async with world.engine.transaction(cordee__context=world.scope("referent").signed()):
        assert await tallies() == await recounted()


async def test_an_interruption_has_a_reason_cases_and_a_supervisor(world: World) -> None:
    case = await world.admitted()
    for draft, where in (
        (InterruptDraft(cases=(case,), reason=" "), "reason"),
        (InterruptDraft(cases=(), reason="Inondation"), "caseIds"),
        (InterruptDraft(cases=(case,), reason="Inondation", stage="closed"), "stage"),
    ):
        with pytest.raises(InvalidInputError) as wrong:
            await world.do("supervisor", interrupt_cases, draft)
        assert wrong.value.path == ("input", where)
    with pytest.raises(ForbiddenError):
        await world.do(
            "referent", interrupt_cases, InterruptDraft(cases=(case,), reason="Inondation")
        )
