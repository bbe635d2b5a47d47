"""Fills a tenant with what belongs to those who work: one of everything, to be read."""

from datetime import timedelta
from typing import Any

from cordee_core.access.permissions import Permission
from cordee_core.members.conduct import (
    AcceptConductDraft,
    ConductDraft,
    accept_conduct,
    publish_conduct,
)
from cordee_core.members.manage_roles import RoleCopyDraft, copy_role
from cordee_core.members.set_profile import ProfileDraft, set_profile
from cordee_core.members.training import RequirementDraft, require_training
from cordee_core.referents.declare_conflict import ConflictDraft, declare_conflict
from cordee_core.referents.set_intensity import IntensityDraft, set_intensity
from cordee_core.reports.add_report import ReportDraft, add_report
from cordee_core.reports.assign_volunteer import AssignDraft, assign_volunteer
from cordee_core.supervision.call_conference import (
    AttendeeDraft,
    ConferenceDraft,
    DecisionDraft,
    HeldDraft,
    call_conference,
    hold_conference,
)
from cordee_core.supervision.consult_ethics import QuestionDraft, ask_ethics
from cordee_core.supervision.record_session import PointDraft, SessionDraft, record_session


async def fill_staff(it: Any, odd: str) -> None:
    """Make one of everything that belongs to those who work; the supervisor leads a case too."""
    known, case = it.uuids, it.uuids["Case"]
    text = {"en": odd, "fr": odd}
    known["OwnRole"] = (
        await it.do("admin", copy_role, RoleCopyDraft(role="reader", code="reads", title=text))
    )["role"]
    step = IntensityDraft(case=case, intensity="standard", reason=odd)
    await it.do("referent", set_intensity, step)
    conflict = ConflictDraft(note=odd, case=case, member=it["team_member"].actor.id)
    known["InterestConflict"] = (await it.do("supervisor", declare_conflict, conflict))["conflict"]
    await it.do("supervisor", require_training, RequirementDraft(
        subject="instrument", subject_code="none", training="none_yet",
    ))  # fmt: skip
    boss, referent = it["supervisor"].actor.id, it["referent"].actor.id
    profile = ProfileDraft(member=referent, row_version=1, languages=("fr",), supervisor=boss)
    await it.do("admin", set_profile, profile)
    today = it["referent"].clock().date()
    volunteer = it["volunteer"].actor.id
    sent = AssignDraft(case=case, member=volunteer, task=odd, starts_on=today)
    known["FieldAssignment"] = (await it.do("supervisor", assign_volunteer, sent))["assignment"]
    report = ReportDraft(assignment=known["FieldAssignment"], kind="visit", text=odd)
    known["FieldReport"] = (await it.do("volunteer", add_report, report))["report"]
    points = (PointDraft(discussed=odd, case=case),)
    session = SessionDraft(held_on=today, participants=(referent,), points=points)
    known["SupervisionSession"] = (await it.do("supervisor", record_session, session))["session"]
    asked = QuestionDraft(question=odd, advisers=(boss,), case=case)
    known["EthicsConsultation"] = (await it.do("referent", ask_ethics, asked))["consultation"]
    called = ConferenceDraft(
        case=case, starts_at=it["referent"].clock(), agenda=(odd,), person_invited=True
    )
    known["Conference"] = (await it.do("referent", call_conference, called))["conference"]
    await it.do("referent", hold_conference, HeldDraft(
        conference=known["Conference"], row_version=1,
        attendees=(AttendeeDraft(member=boss), AttendeeDraft(name=odd, organisation=odd)),
        decisions=(DecisionDraft(decision=odd, member=referent, due_on=today + timedelta(9)),),
    ))  # fmt: skip
    assert it["volunteer"].permissions.keys() == {Permission.REPORT_READ, Permission.REPORT_WRITE}
    await it.do("admin", publish_conduct, ConductDraft(text=text))
    for role in ("referent", "supervisor"):
        await it.do(role, accept_conduct, AcceptConductDraft(version=1))
