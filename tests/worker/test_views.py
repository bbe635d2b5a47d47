"""What each event hook is told: loaded from the ids that the use cases emit."""

from datetime import date
from typing import Any
from uuid import UUID

from cordee_core import hookimpl
from cordee_core.clock import new_id, now
from cordee_core.contracts import MemberView
from cordee_core.hookspecs import EVENT
from cordee_core.outbox.deliver import Delivery


class Recorder:
    """Implements every event hook and keeps its arguments."""

    def __init__(self) -> None:
        self.told: dict[str, dict[str, Any]] = {}

    @hookimpl
    async def cordee_case_opened(self, tenant, case, actor, effects) -> None:
        self.told["cordee_case_opened"] = dict(locals())

    @hookimpl
    async def cordee_referent_assigned(self, tenant, case, referent, previous, effects) -> None:
        self.told["cordee_referent_assigned"] = dict(locals())

    @hookimpl
    async def cordee_assessment_completed(self, tenant, case, assessment, effects) -> None:
        self.told["cordee_assessment_completed"] = dict(locals())

    @hookimpl
    async def cordee_obligation_opened(self, tenant, case, obligation, effects) -> None:
        self.told["cordee_obligation_opened"] = dict(locals())

    @hookimpl
    async def cordee_plan_agreed(self, tenant, case, plan, effects) -> None:
        self.told["cordee_plan_agreed"] = dict(locals())

    @hookimpl
    async def cordee_case_referred(self, tenant, case, referral, effects) -> None:
        self.told["cordee_case_referred"] = dict(locals())

    @hookimpl
    async def cordee_consent_changed(self, tenant, person, consent, effects) -> None:
        self.told["cordee_consent_changed"] = dict(locals())

    @hookimpl
    async def cordee_plugin_enabled(self, tenant, settings, effects) -> None:
        self.told["cordee_plugin_enabled"] = dict(locals())

    @hookimpl
    async def cordee_plugin_disabled(self, tenant, effects) -> None:
        self.told["cordee_plugin_disabled"] = dict(locals())


async def _records(tenant: Any) -> dict[str, dict[str, str]]:
    """Put an assessment and a consent there; return each event's ids."""
    admin, assessment, consent = tenant.world.admin, new_id(), new_id()
    await admin.execute(
        "INSERT INTO core.assessments (tenant_id, id, case_id, plugin, instrument_code,"
        " instrument_version, answers, result, informant, language, assessed_on, created_at,"
        " created_by) VALUES ($1, $2, $3, 'echo', 'echo.scale', '2', '{}'::jsonb, $4, 'person',"
        " 'fr', $5, $6, $7)",
        tenant.id, assessment, tenant.case, {"total": 4}, date(2026, 3, 2), now(), tenant.member,
    )  # fmt: skip
    await admin.execute(
        "INSERT INTO core.consents (tenant_id, id, person_id, case_id, purpose, legal_basis, form,"
        " language, given_on, information_given_on, recorded_by, recorded_at)"
        " VALUES ($1, $2, $3, $4, 'case_management', 'consent', 'signed', 'fr', $5, $5, $6, $7)",
        tenant.id, consent, tenant.person, tenant.case, date(2026, 3, 2), tenant.member, now(),
    )  # fmt: skip
    plan, obligation = await _planned(tenant)
    return {
        "cordee_plan_agreed": {"plan": str(plan)},
        "cordee_obligation_opened": {"obligation": str(obligation)},
        "cordee_case_opened": {},
        "cordee_referent_assigned": {"referent": str(tenant.member)},
        "cordee_assessment_completed": {"assessment": str(assessment)},
        "cordee_case_referred": {"referral": str(tenant.referral)},
        "cordee_consent_changed": {"consent": str(consent)},
        "cordee_plugin_enabled": {},
        "cordee_plugin_disabled": {},
    }


async def _planned(tenant: Any) -> tuple[UUID, UUID]:
    """Put a plan with a goal and an obligation there."""
    admin, plan, obligation = tenant.world.admin, new_id(), new_id()
    await admin.execute(
        "INSERT INTO core.case_plans (tenant_id, id, case_id, version, status, author_id,"
        " created_at) VALUES ($1, $2, $3, 1, 'draft', $4, $5)",
        tenant.id, plan, tenant.case, tenant.member, now(),
    )  # fmt: skip
    goal = new_id()
    await admin.execute(
        "INSERT INTO core.plan_goals (tenant_id, id, plan_id, case_id, origin_id, words, wording,"
        " objective_code, created_at, created_by) VALUES ($1, $2, $3, $4, $2, 'x', 'x', 'home', $6,"
        " $5)",
        tenant.id, goal, plan, tenant.case, tenant.member, now(),
    )  # fmt: skip
    await admin.execute(
        "INSERT INTO core.obligations (tenant_id, id, case_id, rule, label, due_at, due_key,"
        " status, opened_at) VALUES ($1, $2, $3, 'echo.scale:risk', '{}'::jsonb, $4, $2, 'open',"
        " $4)",
        tenant.id, obligation, tenant.case, now(),
    )  # fmt: skip
    return plan, obligation


async def test_every_event_reaches_its_hook_with_every_view(tenant: Any, make_host: Any) -> None:
    recorder = Recorder()
    host, records = make_host(recorder), await _records(tenant)
    assert set(records) == set(EVENT)

    for event, ids in records.items():
        message = await tenant.emit(event=event, **ids)
        assert await tenant.deliver(host, message) is Delivery.DONE, event

    told, member = recorder.told, MemberView(id=tenant.member, roles=frozenset({"referent"}))
    assert set(told) == set(EVENT)
    assert {one["tenant"].id for one in told.values()} == {tenant.id}
    assert told["cordee_case_opened"]["actor"] == member
    assert told["cordee_referent_assigned"]["referent"] == member
    assert told["cordee_referent_assigned"]["previous"] is None
    assert told["cordee_consent_changed"]["person"].id == tenant.person
    assert told["cordee_consent_changed"]["consent"].given is True
    plan = told["cordee_plan_agreed"]["plan"]
    assert (plan.version, plan.objective_codes) == (1, ("home",))
    obligation = told["cordee_obligation_opened"]["obligation"]
    assert (obligation.rule, obligation.status) == ("echo.scale:risk", "open")
    assessment = told["cordee_assessment_completed"]["assessment"]
    assert (assessment.instrument_code, assessment.instrument_version) == ("echo.scale", "2")
    assert (assessment.completed_on, assessment.result) == (date(2026, 3, 2), {"total": 4})
    assert told["cordee_plugin_enabled"]["settings"] is None


async def test_handover_names_the_previous_referent(tenant: Any, make_host: Any) -> None:
    recorder = Recorder()
    both = {"referent": str(tenant.member), "previous": str(tenant.member)}
    message = await tenant.emit(event="cordee_referent_assigned", **both)

    assert await tenant.deliver(make_host(recorder), message) is Delivery.DONE

    assert recorder.told["cordee_referent_assigned"]["previous"].id == tenant.member
