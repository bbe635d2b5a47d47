"""Who may lead a case: what blocks a designation, and what is overridden with a reason."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from staff_ground import DAY, Ground, acting, make_ground, said

from cordee_core.assessments.complete_assessment import AssessmentDraft, complete_assessment
from cordee_core.errors import (
    AlreadyDecidedError,
    CaseloadFullError,
    ConductNotAcceptedError,
    ForbiddenError,
    InterestConflictError,
    InvalidInputError,
    StaleObjectError,
    TrainingMissingError,
)
from cordee_core.members.conduct import (
    AcceptConductDraft,
    ConductDraft,
    accept_conduct,
    publish_conduct,
)
from cordee_core.members.create_team import JoinDraft, TeamDraft, add_team_member, create_team
from cordee_core.members.training import (
    RequirementDraft,
    TrainingDraft,
    record_training,
    require_training,
)
from cordee_core.people.protect_person import ProtectDraft, protect_person
from cordee_core.referents.declare_conflict import (
    ConflictDraft,
    ConflictEndDraft,
    declare_conflict,
    end_conflict,
)
from cordee_core.referents.designate_referent import DesignationDraft, designate_referent


@pytest.fixture
async def ground(engine: Any, cluster: Any, tenant: Any) -> Ground:
    return await make_ground(engine, cluster, tenant)


async def test_a_conflict_of_interest_blocks_until_it_ends(ground: Ground) -> None:
    case, other = await ground.open(), await ground.hire()
    person = (await ground.case(case))["person_id"]
    for about in ({"person": person}, {"case": case}):
        declared = await ground.do(other, declare_conflict, ConflictDraft(note="Cousine", **about))
        error = await ground.not_designated(case, other.actor.id, override_reason="Personne")
        assert isinstance(error, InterestConflictError)
        assert "conflict" in said(error, "en")
        assert "conflit" in said(error, "fr")
        ended = ConflictEndDraft(conflict=declared["conflict"], row_version=1)
        await ground.do("supervisor", end_conflict, ended)
    await ground.designate(case, other.actor.id, conflict_answer="none")
    assert (await ground.history(case))[0]["conflict_answer"] == "none"


async def test_a_conflict_is_declared_for_oneself(ground: Ground) -> None:
    case, other = await ground.open(), await ground.hire()
    draft = ConflictDraft(note="Voisin", case=case, member=other.actor.id)
    assert isinstance(await ground.refused("referent", declare_conflict, draft), ForbiddenError)
    await ground.do("supervisor", declare_conflict, draft)
    both = ConflictDraft(note="Voisin")
    assert isinstance(await ground.refused(other, declare_conflict, both), InvalidInputError)


async def test_a_training_that_is_asked_for_is_held_or_overridden(ground: Ground) -> None:
    case, other = await ground.open(), await ground.hire()
    await ground.do("supervisor", require_training, RequirementDraft(
        subject="method", subject_code="outreach_and_settling", training="outreach",
    ))  # fmt: skip
    error = await ground.not_designated(case, other.actor.id)
    assert isinstance(error, TrainingMissingError)
    assert "outreach" in said(error, "fr")
    expired = TrainingDraft(
        member=other.actor.id, kind="training", code="outreach", title="Maraude",
        obtained_on=DAY, expires_on=DAY + timedelta(days=1),
    )  # fmt: skip
    await ground.do("admin", record_training, expired)
    assert isinstance(await ground.not_designated(case, other.actor.id), TrainingMissingError)
    await ground.designate(case, other.actor.id, override_reason="Formée en mars")
    (kept,) = await ground.rows("SELECT kind, subject, reason FROM core.staff_overrides")
    assert tuple(kept) == ("training", "outreach", "Formée en mars")
    assert (await ground.told(case))[-1] == "guard_overridden"
    second, trained = await ground.open(), await ground.hire()
    await ground.do("admin", record_training, TrainingDraft(
        member=trained.actor.id, kind="training", code="outreach", title="Maraude",
        obtained_on=DAY,
    ))  # fmt: skip
    await ground.designate(second, trained.actor.id)


async def test_an_instrument_is_used_by_who_is_trained_or_with_a_reason(ground: Ground) -> None:
    case = await ground.open()
    await ground.do("supervisor", require_training, RequirementDraft(
        subject="instrument", subject_code="housing.ethos_light", training="ethos",
    ))  # fmt: skip
    draft = AssessmentDraft(
        case=case, instrument="housing.ethos_light", answers={"living_situation": "hostel"},
        assessed_on=DAY,
    )  # fmt: skip
    error = await ground.refused("referent", complete_assessment, draft)
    assert isinstance(error, TrainingMissingError)
    assert error.path == ("input", "instrument")
    await ground.do(
        "referent", complete_assessment, replace(draft, override_reason="Avec une collègue formée")
    )
    (kept,) = await ground.rows("SELECT kind, subject, reason FROM core.staff_overrides")
    assert tuple(kept) == (
        "training", "housing.ethos_light: ethos", "Avec une collègue formée",
    )  # fmt: skip
    assert "training_overridden" in await ground.told(case)
    await ground.do("supervisor", require_training, RequirementDraft(
        subject="instrument", subject_code="housing.ethos_light", training="ethos", required=False,
    ))  # fmt: skip
    await ground.do("referent", complete_assessment, draft)


async def test_a_protected_person_is_open_to_the_referent_only(ground: Ground) -> None:
    case, first, second = await ground.open(), ground.tenancy["referent"], await ground.hire()
    person = (await ground.case(case))["person_id"]
    await ground.designate(case, first.actor.id)
    await ground.do("supervisor", protect_person, ProtectDraft(
        person=person, row_version=1, protection="restricted", reason="Menace",
    ))  # fmt: skip
    access = (
        "SELECT member_id FROM core.person_access WHERE source = 'referent' AND ended_at IS NULL"
    )
    (only,) = await ground.rows(access)
    assert only["member_id"] == first.actor.id
    await ground.designate(case, second.actor.id, reason="Relais")
    (only,) = await ground.rows(access)
    assert only["member_id"] == second.actor.id


async def test_nobody_leads_more_than_the_norm_but_with_a_supervisors_reason(
    ground: Ground,
) -> None:
    await ground.norm(1, 2)
    member = ground.tenancy["referent"].actor.id
    for _ in range(2):
        await ground.designate(await ground.open(), member)
    third = await ground.open()
    error = await ground.not_designated(third, member)
    assert isinstance(error, CaseloadFullError)
    assert "3 × 1 = 3; recommended 1, maximum 2" in said(error, "en")
    assert "3 × 1 = 3 ; recommandé 1, maximum 2" in said(error, "fr")
    boss = ground.tenancy["supervisor"]
    permissions = {one: how for one, how in boss.permissions.items() if "override" not in one}
    draft = DesignationDraft(
        case=third, row_version=1, member=member, override_reason="Binôme en renfort"
    )
    narrow = acting(boss, permissions=permissions)
    assert isinstance(await ground.refused(narrow, designate_referent, draft), ForbiddenError)
    await ground.do(boss, designate_referent, draft)
    (kept,) = await ground.rows("SELECT kind, reason FROM core.staff_overrides")
    assert tuple(kept) == ("caseload", "Binôme en renfort")


async def test_the_code_of_conduct_comes_before_the_first_case(ground: Ground) -> None:
    case, other = await ground.open(), await ground.hire()
    text = {"en": "We listen first.", "fr": "Nous écoutons d'abord."}
    for version in (1, 2):
        await ground.do("admin", publish_conduct, ConductDraft(text=text))
        error = await ground.not_designated(case, other.actor.id)
        assert isinstance(error, ConductNotAcceptedError)
        assert f"version {version}" in said(error, "fr")
        old = AcceptConductDraft(version=version - 1)
        assert isinstance(await ground.refused(other, accept_conduct, old), StaleObjectError)
        accepted = AcceptConductDraft(version=version)
        await ground.do(other, accept_conduct, accepted)
        again = await ground.refused(other, accept_conduct, accepted)
        assert isinstance(again, AlreadyDecidedError)
    await ground.designate(case, other.actor.id)


async def test_a_shared_case_has_a_referent_of_its_team(ground: Ground) -> None:
    await ground.model("jsonb_set(definition, '{leads}', '\"shared_team\"')")
    team = (await ground.do("admin", create_team, TeamDraft(name="Nord")))["team"]
    case, other = await ground.open(team=team), await ground.hire()
    error = await ground.not_designated(case, other.actor.id)
    assert error.path == ("input", "memberId")
    assert "team" in said(error, "en")
    await ground.do("admin", add_team_member, JoinDraft(team=team, member=other.actor.id))
    await ground.designate(case, other.actor.id)
    assert (await ground.case(case))["referent_id"] == other.actor.id
