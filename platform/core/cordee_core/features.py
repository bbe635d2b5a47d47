"""Puts the core's features together: guards and what follows when a plugin is enabled."""

from uuid import UUID

from cordee_core.assessments.guards import InstrumentGuards
from cordee_core.assessments.tables import Assessment
from cordee_core.cases import consequences, manifest
from cordee_core.cases.guards import CaseGuards
from cordee_core.cases.manifest import Section
from cordee_core.circle.join_circle import end_with_case
from cordee_core.database.rows import count
from cordee_core.needs.queries import count_going_on, move_needs
from cordee_core.notes.tables import Note
from cordee_core.obligations.queries import count_moving, move_obligations
from cordee_core.plans.follow_stage import cancel_what_is_open
from cordee_core.plans.guards import NeedGuards, PlanGuards
from cordee_core.plans.queries import count_plans, count_safety_plans, move_safety_plans
from cordee_core.plugins.host import PluginHost
from cordee_core.referents.end_access import end_access
from cordee_core.referrals.queries import move_referrals, open_referrals
from cordee_core.selection.guards import WaitingGuard
from cordee_core.selection.places import follow_case
from cordee_core.selection.waiting import given_up
from cordee_core.services.sync_catalog import sync_catalog
from cordee_core.sharing.record_consent import ConsentGuard
from cordee_core.tenants.enable_plugin import ON_ENABLED


def install(host: PluginHost) -> PluginHost:
    """Register the core's own guards with `host`, as a plugin would; return it."""
    host.register_feature("cases", CaseGuards(given_up))
    host.register_feature("selection", WaitingGuard())
    host.register_feature("sharing", ConsentGuard())
    manifest.register("referrals", Section(open_referrals, move_referrals))
    manifest.register("notes", Section(_notes))
    manifest.register("assessments", Section(_assessments))
    host.register_feature("assessments", InstrumentGuards(host))
    host.register_feature("needs", NeedGuards())
    host.register_feature("plans", PlanGuards())
    consequences.register("plans", cancel_what_is_open)
    consequences.register("circle", end_with_case)
    consequences.register("referents", end_access)
    consequences.register("places", follow_case)
    manifest.register("obligations", Section(count_moving, move_obligations))
    manifest.register("needs", Section(count_going_on, move_needs))
    manifest.register("safety_plans", Section(count_safety_plans, move_safety_plans))
    manifest.register("plans", Section(count_plans))
    if sync_catalog not in ON_ENABLED:
        ON_ENABLED.append(sync_catalog)
    return host


async def _notes(case: UUID) -> int:
    return await count(Note, Note.case_id == case)


async def _assessments(case: UUID) -> int:
    return await count(Assessment, Assessment.case_id == case)
