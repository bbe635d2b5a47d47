"""A safety flag calls somebody at once; the safety plan comes before the ordinary one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cordee_core.assessments.set_safety_contact import SafetyContactDraft, set_safety_contact
from cordee_core.clock import now
from cordee_core.errors import (
    AlreadyDecidedError,
    InstrumentNotReadyError,
    InvalidInputError,
    StaleObjectError,
    TransitionBlockedError,
    UnknownInstrumentError,
)
from cordee_core.obligations.assign_obligation import AssignDraft, assign_obligation
from cordee_core.obligations.settle_obligation import (
    SettleDraft,
    cancel_obligation,
    finish_obligation,
)
from cordee_core.plans.draft_plan import PlanDraft, draft_plan
from cordee_core.plans.write_safety_plan import (
    SafetyAgreement,
    SafetyPlanDraft,
    agree_safety_plan,
    write_safety_plan,
)

RISK = [0, 0, 0, 0, 0, 0, 0, 0, 2]
CALM = [0] * 9
PARTS = {
    "warning_signs": "Je ne dors plus", "own_coping": "Marcher", "people_and_places": "Le café",
    "contacts": "Ma sœur", "professionals": "Le 3114", "environment": "Médicaments chez ma sœur",
}  # fmt: skip


def written(case: Any, **more: Any) -> SafetyPlanDraft:
    return SafetyPlanDraft(case=case, language="fr", **{**PARTS, **more})


async def test_an_instrument_with_safety_flags_waits_until_somebody_is_called(
    own_office: Any,
) -> None:
    with pytest.raises(InstrumentNotReadyError):
        await own_office.assess("health.phq9", CALM)
    assert await own_office.rows("SELECT id FROM core.assessments") == []
    await own_office.called()
    await own_office.assess("health.phq9", CALM)
    assert await own_office.rows("SELECT id FROM core.obligations") == []


async def test_a_flag_opens_an_obligation_at_once_for_whom_is_called(own_office: Any) -> None:
    supervisor = await own_office.called()
    before = datetime.now(UTC)
    assessment = await own_office.assess("health.phq9", RISK)
    (row,) = await own_office.rows("SELECT * FROM core.obligations")
    assert row["rule"] == "health.phq9:suicidal_ideation"
    assert (row["member_id"], row["status"]) == (supervisor, "open")
    assert (row["source_kind"], row["source_id"]) == ("safety_flag", assessment)
    assert before + timedelta(hours=8) <= row["due_at"] <= datetime.now(UTC) + timedelta(hours=8)
    assert row["label"]["fr"].startswith("Question 9")
    assert (await own_office.kinds())[-2:] == ["assessment_completed", "obligation_opened"]


async def test_who_is_called_changes_with_the_setting_and_must_be_there(own_office: Any) -> None:
    await own_office.called()
    referent = own_office.tenancy["referent"].actor.id
    draft = SafetyContactDraft(instrument="health.phq9", member=referent, note="06 00 00 00 00")
    await own_office.do("admin", set_safety_contact, draft)
    await own_office.assess("health.phq9", RISK)
    (row,) = await own_office.rows("SELECT * FROM core.obligations")
    assert row["member_id"] == referent
    (contact,) = await own_office.rows("SELECT * FROM core.safety_contacts")
    assert (contact["note"], contact["row_version"]) == ("06 00 00 00 00", 2)


async def test_nobody_is_called_for_what_raises_no_safety_flag(own_office: Any) -> None:
    member = own_office.tenancy["referent"].actor.id
    for instrument, error in (
        ("housing.ssm", InvalidInputError), ("housing.nothing", UnknownInstrumentError),
    ):  # fmt: skip
        with pytest.raises(error):
            await own_office.do("admin", set_safety_contact, SafetyContactDraft(
                instrument=instrument, member=member,
            ))  # fmt: skip
    assert await own_office.rows("SELECT id FROM core.safety_contacts") == []


async def test_an_obligation_is_settled_once(own_office: Any) -> None:
    await own_office.called()
    await own_office.assess("health.phq9", RISK)
    (row,) = await own_office.rows("SELECT * FROM core.obligations")
    with pytest.raises(StaleObjectError):
        await own_office.do("referent", finish_obligation, SettleDraft(
            obligation=row["id"], row_version=9,
        ))  # fmt: skip
    done = SettleDraft(obligation=row["id"], row_version=1, reason="Vue à 15 h")
    await own_office.do("referent", finish_obligation, done)
    (after,) = await own_office.rows("SELECT * FROM core.obligations")
    assert (after["status"], after["reason"]) == ("done", "Vue à 15 h")
    assert after["settled_by"] == own_office.tenancy["referent"].actor.id
    with pytest.raises(AlreadyDecidedError):
        await own_office.do("referent", cancel_obligation, SettleDraft(
            obligation=row["id"], row_version=2, reason="Erreur",
        ))  # fmt: skip


async def test_an_obligation_goes_to_another_member(own_office: Any) -> None:
    await own_office.called()
    await own_office.assess("health.phq9", RISK)
    (row,) = await own_office.rows("SELECT * FROM core.obligations")
    member = own_office.tenancy["team_member"].actor.id
    draft = AssignDraft(obligation=row["id"], row_version=1, member=member)
    await own_office.do("referent", assign_obligation, draft)
    (after,) = await own_office.rows("SELECT * FROM core.obligations")
    assert (after["member_id"], after["due_at"]) == (member, row["due_at"])
    with pytest.raises(StaleObjectError):
        await own_office.do("referent", assign_obligation, draft)
    done = SettleDraft(obligation=row["id"], row_version=2)
    await own_office.do("referent", finish_obligation, done)
    late = AssignDraft(obligation=row["id"], row_version=3, member=member)
    with pytest.raises(AlreadyDecidedError):
        await own_office.do("referent", assign_obligation, late)


async def test_cancelling_an_obligation_needs_a_reason(own_office: Any) -> None:
    await own_office.called()
    await own_office.assess("health.phq9", RISK)
    (row,) = await own_office.rows("SELECT * FROM core.obligations")
    with pytest.raises(InvalidInputError):
        await own_office.do("referent", cancel_obligation, SettleDraft(
            obligation=row["id"], row_version=1, reason=" ",
        ))  # fmt: skip
    await own_office.do("referent", cancel_obligation, SettleDraft(
        obligation=row["id"], row_version=1, reason="Saisi pour une autre personne",
    ))  # fmt: skip
    (after,) = await own_office.rows("SELECT * FROM core.obligations")
    assert (after["status"], after["reason"]) == ("cancelled", "Saisi pour une autre personne")


async def test_planning_and_a_plan_wait_for_the_safety_plan_where_a_risk_is_flagged(
    own_office: Any,
) -> None:
    await own_office.called()
    await own_office.need("strength")
    await own_office.assess("health.phq9", CALM)
    assert "safety_plan_missing" not in await own_office.against("planning")
    await own_office.assess("health.phq9", RISK)
    assert "safety_plan_missing" in await own_office.against("planning")
    with pytest.raises(TransitionBlockedError) as blocked:
        await own_office.do("referent", draft_plan, PlanDraft(case=own_office.case))
    assert blocked.value.params["codes"] == ["safety_plan_missing"]
    await own_office.do("referent", write_safety_plan, written(own_office.case))
    assert "safety_plan_missing" not in await own_office.against("planning")
    await own_office.do("referent", draft_plan, PlanDraft(case=own_office.case))


async def test_a_safety_plan_has_versions_and_is_agreed(office: Any) -> None:
    first = (await office.do("referent", write_safety_plan, written(office.case)))["safety_plan"]
    with pytest.raises(InvalidInputError) as refused:
        await office.do("referent", write_safety_plan, written(office.case))
    assert refused.value.path == ("input", "trigger")
    again = written(office.case, own_coping="Respirer", trigger="Nuit du 3")
    second = (await office.do("referent", write_safety_plan, again))["safety_plan"]
    agreed = SafetyAgreement(
        safety_plan=first, row_version=1, form="signed", agreed_on=now().date()
    )
    with pytest.raises(TransitionBlockedError):
        await office.do("referent", agree_safety_plan, agreed)
    newest = SafetyAgreement(
        safety_plan=second, row_version=1, form="recorded", agreed_on=now().date()
    )
    await office.do("referent", agree_safety_plan, newest)
    rows = await office.rows(
        "SELECT * FROM core.safety_plans WHERE case_id = $1 ORDER BY version", office.case
    )
    assert [row["own_coping"] for row in rows] == ["Marcher", "Respirer"]
    assert [row["agreement_form"] for row in rows] == [None, "recorded"]
    with pytest.raises(AlreadyDecidedError):
        await office.do("referent", agree_safety_plan, newest)


@pytest.mark.parametrize("part", sorted(PARTS))
async def test_each_part_of_a_safety_plan_is_needed(office: Any, part: str) -> None:
    with pytest.raises(InvalidInputError):
        await office.do("referent", write_safety_plan, written(office.case, **{part: ""}))
    rows = await office.rows("SELECT id FROM core.safety_plans WHERE case_id = $1", office.case)
    assert rows == []
