"""Caseloads: what cases weigh, who is proposed, a whole caseload handed over at once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from staff_ground import DAY, Ground, make_ground, said

from cordee_core.access.scope import Scope
from cordee_core.database.rows import find
from cordee_core.errors import (
    CaseloadFullError,
    InvalidInputError,
    MemberLeftError,
    ReferentConflictError,
)
from cordee_core.members.end_membership import EndDraft, end_membership
from cordee_core.members.set_profile import ProfileDraft, set_profile
from cordee_core.members.tables import Member
from cordee_core.members.training import (
    RequirementDraft,
    TrainingDraft,
    record_training,
    require_training,
)
from cordee_core.referents.declare_conflict import ConflictDraft, declare_conflict
from cordee_core.referents.model import Load, LoadPart, ordered, plain
from cordee_core.referents.propose_referents import Candidate, propose_referents
from cordee_core.referents.queries import loads_of, norms_of
from cordee_core.referents.reassign_caseload import CaseMove, ReassignDraft, reassign_caseload
from cordee_core.referents.set_intensity import IntensityDraft, set_intensity

STEPS = st.tuples(
    st.integers(1, 9),
    st.sampled_from(["light", "standard", None]),
    st.sampled_from([Decimal(one) / 2 for one in range(1, 7)]),
)


@pytest.fixture
async def ground(engine: Any, cluster: Any, tenant: Any) -> Ground:
    return await make_ground(engine, cluster, tenant)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=4), st.integers(0, 30), st.integers(0, 30))
def test_the_formula_is_the_number(
    steps: list[tuple[int, str | None, Decimal]], low: int, more: int
) -> None:
    parts = ordered(LoadPart(count, weight, step) for count, step, weight in steps)
    load = Load(parts, Decimal(low), Decimal(low + more))
    assert load.total == sum(count * weight for count, _, weight in steps)
    expected = "within" if load.total <= low else "above_recommended"
    assert load.state == (expected if load.total <= low + more else "above_maximum")
    for language in ("en", "fr"):
        sums, _, _ = load.formula(language).partition(" = ")
        terms = [one.partition(" (")[0].split(" × ") for one in sums.split(" + ") if "×" in one]
        told = sum(int(count) * Decimal(weight) for count, weight in terms)
        assert told == load.total
        assert plain(load.total) in load.formula(language)
    heavier = load.plus(Decimal("1.5"), "standard", None)
    assert heavier.total == load.total + Decimal("1.5")


async def load(ground: Ground, member: Any) -> Load:
    async with ground.engine.transaction(cordee__context=ground.tenancy["supervisor"].signed()):
        parts = (await loads_of(ground.tenancy.id, [member]))[member]
        return Load(parts, *(await norms_of(ground.tenancy.id, [member]))[member])


async def test_cases_weigh_by_intensity(ground: Ground) -> None:
    member = ground.tenancy["referent"].actor.id
    cases = [await ground.open() for _ in range(3)]
    for case in cases:
        await ground.designate(case, member)
    assert (await load(ground, member)).formula("en").startswith("3 × 1 = 3;")
    draft = IntensityDraft(case=cases[0], intensity="intensive", reason="Crise")
    await ground.do("referent", set_intensity, draft)
    found = await load(ground, member)
    assert found.total == 4
    assert "1 × 2 (" in found.formula("fr")
    await ground.do(
        "referent", set_intensity,
        IntensityDraft(case=cases[0], intensity="light", reason="Apaisé"),
    )  # fmt: skip
    assert (await load(ground, member)).total == Decimal("2.5")
    assert (await ground.told(cases[0]))[-1] == "intensity_set"
    unknown = IntensityDraft(case=cases[0], intensity="huge", reason="x")
    error = await ground.refused("referent", set_intensity, unknown)
    assert error.path == ("input", "intensity")


async def proposed(ground: Ground, case: Any) -> dict[Any, Candidate]:
    scope: Scope = ground.tenancy["supervisor"]
    async with ground.engine.transaction(cordee__context=scope.signed()):
        from cordee_core.cases.tables import Case

        found = await propose_referents(scope, await find(Case, case))
    return {one.member["id"]: one for one in found}


async def test_designation_proposes_matches_and_shows_mismatches(ground: Ground) -> None:
    fits, far = await ground.hire(), await ground.hire()
    case = await ground.open(languages=("prs", "fr"))
    await ground.do("admin", set_profile, ProfileDraft(
        member=fits.actor.id, row_version=1, languages=("prs", "fr"),
    ))  # fmt: skip
    await ground.do("admin", set_profile, ProfileDraft(
        member=far.actor.id, row_version=1, languages=("de",),
    ))  # fmt: skip
    await ground.do("supervisor", require_training, RequirementDraft(
        subject="instrument", subject_code="housing.ssm", training="ssm",
    ))  # fmt: skip
    for kind, code in (("training", "ssm"), ("qualification", "social_worker")):
        await ground.do("admin", record_training, TrainingDraft(
            member=fits.actor.id, kind=kind, code=code, title=code.title(), obtained_on=DAY,
            expires_on=date(2099, 1, 1),
        ))  # fmt: skip
    await ground.norm(0, 25)
    await ground.do(far, declare_conflict, ConflictDraft(case=case, note="Voisin"))
    found = await proposed(ground, case)
    assert next(iter(found)) == fits.actor.id
    best, worst = found[fits.actor.id], found[far.actor.id]
    assert [one.code for one in best.reasons] == ["speaks", "trained", "qualified"]
    assert best.reasons[0].text["en"] == "speaks prs, fr"
    assert [one.code for one in best.mismatches] == ["above_recommended"]
    assert not best.blocked
    assert worst.blocked
    assert {one.code for one in worst.mismatches} == {
        "speaks_none", "untrained", "conflict", "above_recommended",
    }  # fmt: skip
    assert all(one.text["fr"] != one.text["en"] for one in worst.mismatches)
    assert set(found) == {
        fits.actor.id, far.actor.id,
        *(ground.tenancy[role].actor.id for role in ("referent", "supervisor")),
    }  # fmt: skip


async def test_a_case_counts_once_for_who_leads_it_already(ground: Ground) -> None:
    leads, other = ground.tenancy["referent"].actor.id, ground.tenancy["supervisor"].actor.id
    case = await ground.open()
    await ground.designate(await ground.open(), leads)
    await ground.norm(2, 25)
    assert (await proposed(ground, case))[leads].load.total == 2
    await ground.designate(case, leads)
    found = await proposed(ground, case)
    assert (found[leads].load.total, found[other].load.total) == (2, 1)
    assert "room" in [one.code for one in found[leads].reasons]


async def caseload(ground: Ground, number: int) -> tuple[Scope, list[Any]]:
    """Somebody who leads some cases."""
    leaver = await ground.hire()
    cases = [await ground.open() for _ in range(number)]
    for case in cases:
        await ground.designate(case, leaver.actor.id)
    return leaver, cases


async def test_a_whole_caseload_is_handed_over_with_a_note_for_each_case(ground: Ground) -> None:
    leaver, cases = await caseload(ground, 4)
    first, second = ground.tenancy["referent"], await ground.hire()
    receivers = [first.actor.id, second.actor.id] * 2
    moves = tuple(
        CaseMove(case=case, member=member, note=f"Note {place}")
        for place, (case, member) in enumerate(zip(cases, receivers, strict=True))
    )
    today = first.clock().date()
    draft = ReassignDraft(
        member=leaver.actor.id, reason="Départ", moves=moves,
        overlap_until=today + timedelta(days=3),
    )  # fmt: skip
    still = EndDraft(member=leaver.actor.id, row_version=1)
    assert isinstance(await ground.refused("admin", end_membership, still), InvalidInputError)
    await ground.do("supervisor", reassign_caseload, draft)
    for place, case in enumerate(cases):
        former, active = await ground.history(case)
        assert former["member_id"] == leaver.actor.id
        assert (active["member_id"], active["note"]) == (receivers[place], f"Note {place}")
    assert (await load(ground, first.actor.id)).total == 2
    async with ground.engine.transaction(cordee__context=first.signed()):
        version = (await find(Member, leaver.actor.id))["row_version"]
    await ground.do("admin", end_membership, EndDraft(member=leaver.actor.id, row_version=version))


async def test_nothing_moves_where_one_case_can_not(ground: Ground) -> None:
    leaver, cases = await caseload(ground, 3)
    gone, full = await ground.hire(), ground.tenancy["referent"].actor.id
    await ground.do("admin", end_membership, EndDraft(member=gone.actor.id, row_version=1))
    elsewhere = await ground.open()

    def draft(*members: Any, note: str = "Note", **more: Any) -> ReassignDraft:
        moves = tuple(
            CaseMove(case=case, member=member, note=note)
            for case, member in zip(more.pop("cases", cases), members, strict=True)
        )
        return ReassignDraft(member=leaver.actor.id, reason="Départ", moves=moves, **more)

    async def refused(given: ReassignDraft) -> Any:
        return await ground.refused("supervisor", reassign_caseload, given)

    left = await refused(draft(full, full, gone.actor.id))
    assert isinstance(left, MemberLeftError)
    assert left.path == ("input", "moves", 2, "memberId")
    assert gone.actor.display_name in said(left, "en")
    assert "a quitté" in said(left, "fr")
    assert isinstance(await refused(draft(full, full, cases=cases[:2])), InvalidInputError)
    assert isinstance(await refused(draft(full, full, full, note=" ")), InvalidInputError)
    foreign = draft(full, full, full, full, cases=[*cases, elsewhere])
    assert isinstance(await refused(foreign), ReferentConflictError)
    twice = draft(full, full, full, full, cases=[*cases, cases[0]])
    assert isinstance(await refused(twice), InvalidInputError)
    assert (await refused(draft(full, full, uuid4()))).code == "not_found"
    await ground.norm(1, 2)
    over = await refused(draft(full, full, full))
    assert isinstance(over, CaseloadFullError)
    assert over.path == ("input", "moves", 2, "memberId")
    assert "maximum 2" in said(over, "fr")
    reasoned = draft(full, full, full, override_reason="Été")
    await ground.do("supervisor", reassign_caseload, reasoned)
    assert {(await ground.case(case))["referent_id"] for case in cases} == {full}
