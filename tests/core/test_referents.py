"""Referents: designated, handed over, acknowledged; what stands in the way, what overrides it."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from staff_ground import DAY, Ground, make_ground, said

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.cases.tables import Case
from cordee_core.database.rows import find
from cordee_core.errors import (
    AlreadyDecidedError,
    InvalidInputError,
    MemberLeftError,
    ReferentConflictError,
    StaleObjectError,
)
from cordee_core.members.end_membership import EndDraft, end_membership
from cordee_core.referents.acknowledge_handover import AcknowledgeDraft, acknowledge_handover
from cordee_core.referents.designate_referent import DesignationDraft, designate_referent
from cordee_core.referents.reach import reached_rows
from cordee_core.tallies.queries import recounted, tallies


@pytest.fixture
async def ground(engine: Any, cluster: Any, tenant: Any) -> Ground:
    return await make_ground(engine, cluster, tenant)


async def test_a_handover_keeps_date_reason_note_overlap_and_acknowledgement(
    ground: Ground,
) -> None:
    case = await ground.open()
    first, second = ground.tenancy["referent"], await ground.hire()
    await ground.designate(case, first.actor.id)
    today = second.clock().date()
    until = today + timedelta(days=10)
    await ground.designate(
        case, second.actor.id, reason="Départ", note="Lire la note du 3", overlap_until=until
    )
    former, active = await ground.history(case)
    assert former["ends_at"] == active["starts_at"]
    assert former["reads_until"].date() == until + timedelta(days=1)
    assert active["ends_at"] is None
    assert (active["reason"], active["note"]) == ("Départ", "Lire la note du 3")
    assert active["acknowledged_at"] is None
    assert (await ground.case(case))["referent_id"] == second.actor.id
    given = AcknowledgeDraft(case=case, no_conflict=True)
    assert isinstance(await ground.refused(first, acknowledge_handover, given), InvalidInputError)
    await ground.do(second, acknowledge_handover, given)
    active = (await ground.history(case))[-1]
    assert active["acknowledged_at"] is not None
    assert active["conflict_answer"] == "none"
    again = await ground.refused(second, acknowledge_handover, given)
    assert isinstance(again, AlreadyDecidedError)
    assert (await ground.told(case))[-3:] == [
        "referent_designated",
        "referent_handed_over_overlap",
        "handover_acknowledged",
    ]
    async with ground.engine.transaction(cordee__context=first.signed()):
        assert await tallies() == await recounted()


async def test_a_former_referent_reads_along_until_the_overlap_ends(ground: Ground) -> None:
    case = await ground.open()
    first, second = ground.tenancy["referent"], await ground.hire()

    async def reads(who: Scope) -> bool:
        async with ground.engine.transaction(cordee__context=who.signed()):
            rows = await reached_rows(Case, Permission.CASE_READ, [await find(Case, case)])
        return bool(rows)

    assert not await reads(first)
    await ground.designate(case, first.actor.id)
    assert await reads(first)
    until = first.clock().date() + timedelta(days=2)
    await ground.designate(case, second.actor.id, reason="Relais", overlap_until=until)
    assert await reads(first)
    assert await reads(second)
    await ground.rows(
        "UPDATE core.designations SET starts_at = $1, ends_at = $1, reads_until = $1"
        " WHERE case_id = $2 AND ends_at IS NOT NULL RETURNING id",
        first.clock() - timedelta(seconds=1), case,
    )  # fmt: skip
    assert not await reads(first)
    third = await ground.hire()
    await ground.designate(case, third.actor.id, reason="Relais")
    assert not await reads(second)


async def test_who_acknowledges_is_asked_about_conflicts(ground: Ground) -> None:
    case = await ground.open()
    await ground.designate(case, ground.tenancy["referent"].actor.id)
    given = AcknowledgeDraft(case=case, no_conflict=False)
    error = await ground.refused("referent", acknowledge_handover, given)
    assert error.path == ("input", "noConflict")
    assert "conflict" in said(error, "en")
    assert "conflit" in said(error, "fr")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({}, "reason"),
        ({"reason": "Départ", "on": DAY}, "handedOn"),
        ({"reason": "Départ", "overlap_until": DAY}, "overlapUntil"),
    ],
)
async def test_assignments_do_not_overlap_and_a_handover_says_why(
    ground: Ground, given: dict[str, Any], path: str
) -> None:
    case = await ground.open()
    await ground.designate(case, ground.tenancy["referent"].actor.id)
    other = await ground.hire()
    error = await ground.not_designated(case, other.actor.id, **given)
    assert isinstance(error, InvalidInputError)
    assert error.path == ("input", path)
    assert said(error, "fr") != said(error, "en")
    (only,) = await ground.history(case)
    assert only["ends_at"] is None


async def test_the_first_designation_has_no_overlap(ground: Ground) -> None:
    case = await ground.open()
    tomorrow = ground.tenancy["referent"].clock().date() + timedelta(days=1)
    member = ground.tenancy["referent"].actor.id
    error = await ground.not_designated(case, member, overlap_until=tomorrow)
    assert error.path == ("input", "overlapUntil")


async def test_the_referent_is_not_designated_twice_nor_on_a_stale_case(ground: Ground) -> None:
    case = await ground.open()
    member = ground.tenancy["referent"].actor.id
    await ground.designate(case, member)
    assert isinstance(await ground.not_designated(case, member), ReferentConflictError)
    other = await ground.hire()
    stale = DesignationDraft(case=case, row_version=1, member=other.actor.id, reason="x")
    error = await ground.refused("supervisor", designate_referent, stale)
    assert isinstance(error, StaleObjectError)


async def test_the_database_keeps_one_active_referent(ground: Ground) -> None:
    case = await ground.open()
    await ground.designate(case, ground.tenancy["referent"].actor.id)
    with pytest.raises(Exception, match="designations_one_active"):
        await ground.rows(
            "INSERT INTO core.designations (tenant_id, id, case_id, member_id, starts_at,"
            " designated_by) SELECT tenant_id, gen_random_uuid(), case_id, member_id, now(),"
            " designated_by FROM core.designations WHERE case_id = $1 RETURNING id",
            case,
        )
    connection = await asyncpg.connect(ground.cluster.superuser_url())
    try:
        await connection.execute("SET session_replication_role = replica")  # no trigger helps
        with pytest.raises(asyncpg.CheckViolationError, match="cases_referent_required"):
            await connection.execute(
                "UPDATE core.cases SET stage = 'assessment', referent_id = NULL WHERE id = $1", case
            )
    finally:
        await connection.close()


async def test_who_left_takes_on_no_case(ground: Ground) -> None:
    case, gone = await ground.open(), await ground.hire()
    await ground.do("admin", end_membership, EndDraft(member=gone.actor.id, row_version=1))
    error = await ground.not_designated(case, gone.actor.id)
    assert isinstance(error, MemberLeftError)
    assert gone.actor.display_name in said(error, "fr")


async def test_only_who_may_move_cases_leads(ground: Ground) -> None:
    reader = ground.tenancy["reader"].actor.id
    error = await ground.not_designated(await ground.open(), reader)
    assert error.path == ("input", "memberId")
