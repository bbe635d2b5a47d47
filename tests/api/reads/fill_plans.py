"""One of everything about needs, safety, plans and obligations, in the case of the tenant."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from cordee_core.assessments.complete_assessment import AssessmentDraft, complete_assessment
from cordee_core.assessments.set_safety_contact import SafetyContactDraft, set_safety_contact
from cordee_core.clock import now
from cordee_core.database.unit_of_work import perform
from cordee_core.needs.add_need import NeedDraft, add_need
from cordee_core.needs.end_need import NeedEnd, end_need
from cordee_core.plans.add_action import ActionDraft, add_action
from cordee_core.plans.add_goal import GoalDraft, add_goal
from cordee_core.plans.agree_plan import AgreementDraft, agree_plan
from cordee_core.plans.attain_goal import AttainmentDraft, attain_goal
from cordee_core.plans.draft_plan import PlanDraft, draft_plan
from cordee_core.plans.leave_need import NeedLeft, leave_need
from cordee_core.plans.write_safety_plan import (
    SafetyAgreement,
    SafetyPlanDraft,
    agree_safety_plan,
    write_safety_plan,
)

RISK = [0, 0, 0, 0, 0, 0, 0, 0, 1]


async def fill_plans(it: Any, odd: str) -> None:
    """Make a need, a safety flag with its obligation, a safety plan, a plan that is agreed."""
    case, known, today = it.uuids["Case"], it.uuids, now().date()
    await _flagged(it, odd)
    need = NeedDraft(case=case, kind="need", words=odd, life_domain="social", holder="relative",
                     relative_name=odd)  # fmt: skip
    known["Need"] = (await it.do("referent", add_need, need))["need"]
    ended = (await it.do("referent", add_need, need))["need"]
    await it.do("referent", end_need, NeedEnd(need=ended, row_version=1, reason=odd))
    safety = SafetyPlanDraft(
        case=case, warning_signs=odd, own_coping=odd, people_and_places=odd, contacts=odd,
        professionals=odd, environment=odd, language="fr",
    )  # fmt: skip
    plan = (await it.do("referent", write_safety_plan, safety))["safety_plan"]
    known["SafetyPlan"] = plan
    agreed = SafetyAgreement(safety_plan=plan, row_version=1, form="signed", agreed_on=today)
    await it.do("referent", agree_safety_plan, agreed)
    await _planned(it, odd)


async def _flagged(it: Any, odd: str) -> None:
    """Set who is called, and raise a flag, as a member of a tenant with the plugin would."""
    known = it.uuids
    contact = SafetyContactDraft(instrument="health.phq9", member=known["Member"], note=odd)
    assessed = AssessmentDraft(
        case=known["Case"], instrument="health.phq9", answers=RISK, assessed_on=now().date(),
        not_asked={"difficulty": odd},
    )  # fmt: skip
    for role, use_case, draft in (
        ("admin", set_safety_contact, contact), ("referent", complete_assessment, assessed),
    ):  # fmt: skip
        scope = replace(it[role], enabled=it[role].enabled | {"health"})
        done = await perform(it.engine, scope, "test", use_case, draft)  # type: ignore[arg-type]
        known.setdefault("SafetyContact", done.changed.get("contact"))
    known["Obligation"] = (await it.rows("SELECT id FROM core.obligations"))[0]["id"]


async def _planned(it: Any, odd: str) -> None:
    case, known, today = it.uuids["Case"], it.uuids, now().date()
    draft = PlanDraft(case=case, sections=(odd,))
    known["CasePlan"] = plan = (await it.do("referent", draft_plan, draft))["plan"]
    goal = GoalDraft(
        plan=plan, words=odd, wording=odd, objective="stable_home", baseline=odd, target=odd,
        indicator=odd, target_date=today, section=odd, needs=(known["Need"],),
    )  # fmt: skip
    known["PlanGoal"] = (await it.do("referent", add_goal, goal))["goal"]
    await it.do("referent", leave_need, NeedLeft(plan=plan, need=known["Need"], reason=odd))
    action = ActionDraft(
        plan=plan, goal=known["PlanGoal"], description=odd, responsible="member",
        member=known["Member"], due_on=today + timedelta(days=30), service=known["Service"],
        method="outreach_and_settling",
    )  # fmt: skip
    known["PlanAction"] = (await it.do("referent", add_action, action))["action"]
    agreement = AgreementDraft(
        plan=plan, row_version=1, form="representative", name=odd, language="fr",
        agreed_on=today, comment=odd, dissent=odd,
    )  # fmt: skip
    await it.do("referent", agree_plan, agreement)
    attained = AttainmentDraft(goal=known["PlanGoal"], attained_on=today, score=1, comment=odd)
    await it.do("referent", attain_goal, attained)
