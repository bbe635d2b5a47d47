"""What each event hook is told: loaded from the ids that the use cases emit."""

from datetime import date
from typing import Any

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
    return {
        "cordee_case_opened": {},
        "cordee_referent_assigned": {"referent": str(tenant.member)},
        "cordee_assessment_completed": {"assessment": str(assessment)},
        "cordee_case_referred": {"referral": str(tenant.referral)},
        "cordee_consent_changed": {"consent": str(consent)},
        "cordee_plugin_enabled": {},
        "cordee_plugin_disabled": {},
    }


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
