"""Volunteers go to cases and write reports and visits, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from staff_ground import Ground, make_ground, said

from cordee_core.errors import ForbiddenError, MemberLeftError, NotFoundError
from cordee_core.members.end_membership import EndDraft, end_membership
from cordee_core.notes.add_note import NoteDraft, add_note
from cordee_core.reports.add_report import ReportDraft, add_report
from cordee_core.reports.assign_volunteer import (
    AssignDraft,
    AssignmentEndDraft,
    assign_volunteer,
    end_assignment,
)


@pytest.fixture
async def ground(engine: Any, cluster: Any, tenant: Any) -> Ground:
    return await make_ground(engine, cluster, tenant)


async def test_a_volunteer_writes_by_an_own_assignment_only(ground: Ground) -> None:
    volunteer = ground.tenancy["volunteer"]
    other = await ground.hire("volunteer", supervisor=ground.tenancy["supervisor"].actor.id)
    case, today = await ground.open(), volunteer.clock().date()
    draft = AssignDraft(case=case, member=volunteer.actor.id, task="Visites", starts_on=today)
    assignment = (await ground.do("supervisor", assign_volunteer, draft))["assignment"]
    report = ReportDraft(assignment=assignment, kind="visit", text="Nous avons marché.")
    await ground.do(volunteer, add_report, report)
    assert isinstance(await ground.refused(other, add_report, report), NotFoundError)
    note = NoteDraft(case=case, text="x")
    assert isinstance(await ground.refused(volunteer, add_note, note), ForbiddenError)
    assert (await ground.told(case))[-2:] == ["field_assigned", "field_visit_added"]
    ended = AssignmentEndDraft(assignment=assignment, row_version=1)
    await ground.do("supervisor", end_assignment, ended)
    await ground.rows(
        "UPDATE core.field_assignments SET starts_on = $1, ends_on = $1 RETURNING id",
        today - timedelta(days=1),
    )
    late = await ground.refused(volunteer, add_report, report)
    assert late.path == ("input", "assignmentId")
    assert said(late, "fr") != said(late, "en")


async def test_assignments_do_not_overlap_and_need_somebody_who_may_report(
    ground: Ground,
) -> None:
    volunteer, case = ground.tenancy["volunteer"], await ground.open()
    today = volunteer.clock().date()
    draft = AssignDraft(case=case, member=volunteer.actor.id, task="Visites", starts_on=today)
    await ground.do("supervisor", assign_volunteer, draft)
    twice = await ground.refused("supervisor", assign_volunteer, draft)
    assert twice.path == ("input", "memberId")
    assert said(twice, "fr") != said(twice, "en")
    reader = AssignDraft(
        case=case, member=ground.tenancy["reader"].actor.id, task="Visites", starts_on=today
    )
    assert (await ground.refused("supervisor", assign_volunteer, reader)).path[-1] == "memberId"
    boss = ground.tenancy["supervisor"].actor.id
    gone = await ground.hire("volunteer", supervisor=boss)
    await ground.do("admin", end_membership, EndDraft(member=gone.actor.id, row_version=1))
    left = AssignDraft(case=case, member=gone.actor.id, task="Visites", starts_on=today)
    error = await ground.refused("supervisor", assign_volunteer, left)
    assert isinstance(error, MemberLeftError)
    backwards = AssignDraft(
        case=case, member=volunteer.actor.id, task="Visites", starts_on=today,
        ends_on=today - timedelta(days=1),
    )  # fmt: skip
    assert (await ground.refused("supervisor", assign_volunteer, backwards)).path[-1] == "endsOn"
