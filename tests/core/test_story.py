"""The main job through the use cases: from sign-up to an accepted referral."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from cordee_core.access.scope import Scope
from cordee_core.assessments.complete_assessment import AssessmentDraft, complete_assessment
from cordee_core.cases.move_case import MoveDraft, move_case, transitions
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.cases.tables import Case, TimelineEntry
from cordee_core.cases.timeline import describe
from cordee_core.database.engine import CordeeEngine, fetch
from cordee_core.database.rows import find
from cordee_core.database.unit_of_work import perform
from cordee_core.eligibility.evaluate_eligibility import EligibilityDraft, evaluate_eligibility
from cordee_core.eligibility.tables import EligibilityResult
from cordee_core.errors import TransitionBlockedError
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme
from cordee_core.referents.designate_referent import DesignationDraft, designate_referent
from cordee_core.referrals.create_referral import ReferralDraft, create_referral
from cordee_core.referrals.move_referral import (
    ReferralMove,
    accept_referral,
    receive_referral,
    send_referral,
)
from cordee_core.selection.decide_selection import SelectionDraft, decide_selection
from cordee_core.services.tables import Service
from cordee_core.sharing.record_consent import ConsentDraft, record_consent
from cordee_core.tallies.queries import recounted, tallies

TODAY = date(2026, 1, 15)


async def test_from_intake_to_an_accepted_referral(engine: CordeeEngine, tenant: Any) -> None:
    async def do(role: str, use_case: Callable[..., Awaitable[Any]], draft: Any) -> Any:
        return (await perform(engine, tenant[role], "test", use_case, draft)).changed

    programme = (
        await do("supervisor", copy_programme, CopyDraft(template="housing.support_to_housing"))
    )["programme"]
    await do("supervisor", activate_programme, ActivateDraft(programme=programme, row_version=1))
    person = (
        await do("referent", register_person, PersonDraft(family_name="Étoile", given_names="Nour"))
    )["person"]
    case = (
        await do(
            "referent", open_case,
            CaseDraft(
                person=person, programme=programme, request_source="self", requested_on=TODAY
            ),
        )
    )["case"]  # fmt: skip
    async with engine.transaction(cordee__context=tenant["referent"].signed()):
        offered = await transitions(tenant["referent"], await find(Case, case))
    assert {end: {one.code for one in found} for end, found in offered.items()} == {
        "assessment": {"selection_missing", "consent_missing", "referent_missing"},
        "refused": {"selection_missing"},
    }
    with pytest.raises(TransitionBlockedError) as blocked:
        await do("referent", move_case, MoveDraft(case=case, row_version=1, target="assessment"))
    assert set(blocked.value.params["codes"]) == {
        "selection_missing",
        "consent_missing",
        "referent_missing",
    }
    facts = {
        "days_until_homeless": 20, "health_difficulty": True, "income_difficulty": True,
        "isolation": False, "debts": False, "violence": False, "wants_support": True,
    }  # fmt: skip
    await do(
        "referent", decide_selection,
        SelectionDraft(
            case=case, facts=facts, decision="admitted", reason="Critères remplis", on=TODAY
        ),
    )  # fmt: skip
    await do(
        "referent", record_consent,
        ConsentDraft(
            case=case, language="fr", given_on=TODAY, information_given_on=TODAY, form="signed"
        ),
    )  # fmt: skip
    await do(
        "supervisor", designate_referent,
        DesignationDraft(case=case, row_version=await version(engine, tenant["referent"], case),
                         member=tenant["referent"].actor.id),
    )  # fmt: skip
    read = await version(engine, tenant["referent"], case)
    await do("referent", move_case, MoveDraft(case=case, row_version=read, target="assessment"))
    await do(
        "referent", complete_assessment,
        AssessmentDraft(case=case, instrument="housing.ethos_light",
                        answers={"living_situation": "hostel"}, assessed_on=TODAY),
    )  # fmt: skip
    result = await do(
        "referent", evaluate_eligibility,
        EligibilityDraft(case=case, rule="housing.uk_homeless_duty", on=TODAY,
                         facts={"days_until_homeless": 30, "eligible_person": True,
                                "groups": ["dependent_child"]}),
    )  # fmt: skip
    async with engine.transaction(cordee__context=tenant["referent"].signed()):
        stored = await find(EligibilityResult, result["result"])
        service = (await Service.select().where(Service.code == "housing.115_siao"))[0]
    assert stored["result"]["prevention_duty"] is True
    assert stored["result"]["automatic_priority_need"] is True
    referral = (
        await do(
            "referent",
            create_referral,
            ReferralDraft(case=case, service=service["id"], reason="Abri ce soir"),
        )
    )["referral"]
    for number, step in enumerate((send_referral, receive_referral, accept_referral), start=1):
        await do("referent", step, ReferralMove(referral=referral, row_version=number))
    async with engine.transaction(cordee__context=tenant["referent"].signed()):
        entries = (
            await TimelineEntry.select()
            .where(TimelineEntry.case_id == case)
            .order_by(TimelineEntry.seq)
        )
        waiting = await fetch("SELECT event, consumer FROM core.outbox WHERE case_id = $1", case)
    assert [entry["kind"] for entry in entries] == [
        "case_opened", "selection_admitted", "consent_recorded", "referent_designated",
        "stage_changed", "assessment_completed", "eligibility_evaluated", "referral_created",
        "referral_sent", "referral_received", "referral_accepted",
    ]  # fmt: skip
    assert [entry["seq"] for entry in entries] == list(range(1, 12))
    assert all(
        "…" not in describe(entry, language) for entry in entries for language in ("fr", "en")
    )
    assert [tuple(row) for row in waiting] == [("cordee_case_referred", "housing")]
    async with engine.transaction(cordee__context=tenant["referent"].signed()):
        assert await tallies() == await recounted()
        assert await tallies() == {
            "case_stage": {"assessment": 1},
            "case_referent": {str(tenant["referent"].actor.id): 1},
            "referral_state": {"accepted": 1},
        }


async def version(engine: CordeeEngine, scope: Scope, case: UUID) -> int:
    """The row version of a case as it stands."""
    async with engine.transaction(cordee__context=scope.signed()):
        return int((await find(Case, case))["row_version"])
