"""What plans have against implementation and evaluation, and what closing cancels."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from cordee_core.cases.close_case import CloseDraft, close_case
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.clock import now
from cordee_core.errors import InvalidInputError, TransitionBlockedError
from cordee_core.needs.add_need import NeedDraft, add_need
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_core.plans.add_action import ActionChange, change_action
from cordee_core.plans.agree_plan import AgreementDraft, WaiverDraft, agree_plan, waive_agreement
from cordee_core.plans.approve_plan import ApprovalDraft, approve_plan
from cordee_core.plans.attain_goal import AttainmentDraft, attain_goal
from cordee_core.plans.draft_plan import PlanDraft, Revision, draft_plan, revise_plan

GOES = "implementation"


async def agree(office: Any, plan: UUID, version: int = 1, **more: Any) -> None:
    await office.do("referent", agree_plan, AgreementDraft(
        plan=plan, row_version=version, form="signed", language="fr", agreed_on=now().date(),
        **more,
    ))  # fmt: skip


async def attain(
    office: Any, goal: UUID, score: int | None = None, reason: str | None = None
) -> Any:
    return await office.do("referent", attain_goal, AttainmentDraft(
        goal=goal, score=score, reason=reason, attained_on=now().date(),
    ))  # fmt: skip


async def test_implementation_waits_for_a_plan_agreed_and_approved(own_office: Any) -> None:
    await own_office.into_planning()
    assert await own_office.against(GOES) == {"plan_missing"}
    plan = await own_office.plan()
    assert await own_office.against(GOES) == {"plan_not_agreed", "plan_not_approved"}
    await agree(own_office, plan)
    assert await own_office.against(GOES) == {"plan_not_approved"}
    await own_office.do("supervisor", approve_plan, ApprovalDraft(plan=plan, row_version=2))
    assert await own_office.against(GOES) == set()
    await own_office.move(GOES)


async def test_a_revision_must_be_agreed_again(own_office: Any) -> None:
    await own_office.into_planning()
    await own_office.set_model(approvals=[])
    plan = await own_office.plan()
    await agree(own_office, plan)
    assert await own_office.against(GOES) == set()
    await own_office.do("referent", revise_plan, Revision(
        plan=plan, row_version=2, trigger="Changement",
    ))  # fmt: skip
    assert await own_office.against(GOES) == {"plan_not_agreed"}


async def test_a_waiver_stands_for_the_agreement_where_the_model_allows_it(own_office: Any) -> None:
    await own_office.into_planning()
    await own_office.set_model(approvals=[], waivable=["plan_agreed"])
    plan = (await own_office.do("referent", draft_plan, PlanDraft(case=own_office.case)))["plan"]
    assert await own_office.against(GOES) == {"plan_not_agreed", "plan_empty"}
    await own_office.do("referent", waive_agreement, WaiverDraft(
        plan=plan, row_version=1, reason="Sans plan écrit",
    ))  # fmt: skip
    assert await own_office.against(GOES) == set()


async def test_further_signatories_of_the_model_are_waited_for(own_office: Any) -> None:
    await own_office.into_planning()
    names = {"name": {"en": "doctor", "fr": "médecin"}}
    await own_office.set_model(approvals=[], signatories=[
        {"code": "doctor", **names}, {"code": "employer", **names, "required": False},
    ])  # fmt: skip
    plan = await own_office.plan()
    await agree(own_office, plan)
    assert await own_office.against(GOES) == {"plan_signatory_missing"}
    await agree(own_office, plan, 2, signatory="doctor", agrees=False, dissent="Trop tôt")
    assert await own_office.against(GOES) == {"plan_signatory_missing"}
    await agree(own_office, plan, 3, signatory="doctor")
    assert await own_office.against(GOES) == set()


@pytest.mark.parametrize("lacking", ["responsible", "due_on", "method", "goal"])
async def test_every_action_has_a_responsible_a_date_a_method_and_a_goal(
    own_office: Any, lacking: str
) -> None:
    await own_office.into_planning()
    await own_office.set_model(approvals=[])
    plan = await own_office.plan()
    goal = (await own_office.rows("SELECT id FROM core.plan_goals WHERE plan_id = $1", plan))[0]
    whole = {"goal": goal["id"], "responsible": "person", "due_on": date(2027, 1, 1),
             "method": "outreach_and_settling"}  # fmt: skip
    given = {**whole, lacking: None}
    action = await own_office.action(plan, given.pop("goal"), **given)
    assert await own_office.against(GOES) == {"plan_not_agreed", "action_incomplete"}
    await own_office.do("referent", change_action, ActionChange(
        action=action, row_version=1, values={lacking: whole[lacking]},
    ))  # fmt: skip
    await agree(own_office, plan)
    assert await own_office.against(GOES) == set()


async def in_implementation(office: Any) -> tuple[UUID, UUID]:
    """The office's case in implementation; its plan and goal."""
    await office.into_planning()
    await office.set_model(approvals=[])
    plan = await office.plan()
    await agree(office, plan)
    await office.move(GOES)
    goals = await office.rows("SELECT id FROM core.plan_goals WHERE plan_id = $1", plan)
    return plan, goals[0]["id"]


async def test_evaluation_waits_for_each_goal_to_be_scored_or_why_not(own_office: Any) -> None:
    plan, goal = await in_implementation(own_office)
    assert await own_office.against("evaluation") == {"goal_not_scored"}
    await attain(own_office, goal, score=1)
    assert await own_office.against("evaluation") == set()
    await own_office.do("referent", revise_plan, Revision(
        plan=plan, row_version=2, trigger="Un objectif de plus",
    ))  # fmt: skip
    newest = await own_office.rows("SELECT id FROM core.case_plans ORDER BY version DESC LIMIT 1")
    further = await own_office.goal(newest[0]["id"])
    assert await own_office.against("evaluation") == {"goal_not_scored"}
    await attain(own_office, further, reason="Nour est partie avant")
    assert await own_office.against("evaluation") == set()


async def test_attainments_are_scored_from_minus_two_to_two_and_follow_ups_are_kept(
    own_office: Any,
) -> None:
    _, goal = await in_implementation(own_office)
    for score, reason in ((3, None), (-3, None), (None, None), (1, "Et pourquoi")):
        with pytest.raises(InvalidInputError):
            await attain(own_office, goal, score=score, reason=reason)
    assert await own_office.rows("SELECT id FROM core.goal_attainments") == []
    for score in (-2, 0, 2):
        await attain(own_office, goal, score=score)
    rows = await own_office.rows("SELECT * FROM core.goal_attainments ORDER BY id")
    assert [(row["score"], row["follow_up"]) for row in rows] == [
        (-2, False), (0, True), (2, True),
    ]  # fmt: skip


async def test_closing_cancels_open_actions_and_obligations_in_its_transaction(
    own_office: Any,
) -> None:
    await own_office.called()
    _, goal = await in_implementation(own_office)
    await own_office.assess("health.phq9", [0, 0, 0, 0, 0, 0, 0, 0, 1])
    await attain(own_office, goal, score=2)
    await own_office.move("evaluation")
    case = await own_office.row("cases", own_office.case)
    draft = CloseDraft(
        case=own_office.case, row_version=case["row_version"], reason="goals_reached",
        after_care_on=now().date() + timedelta(days=90),
        retain_until=now().date() + timedelta(days=1000),
    )  # fmt: skip
    with pytest.raises(InvalidInputError):
        await own_office.do("referent", close_case, CloseDraft(**{
            **{one: getattr(draft, one) for one in draft.__slots__}, "reason": "nothing",
        }))  # fmt: skip
    open_ = "SELECT status FROM core.{} WHERE case_id = $1"
    for table in ("plan_actions", "obligations"):
        found = await own_office.rows(open_.format(table), own_office.case)
        assert [row["status"] for row in found] == ["open"]
    await own_office.do("referent", close_case, draft)
    for table in ("plan_actions", "obligations"):
        rows = await own_office.rows(
            f"SELECT * FROM core.{table} WHERE case_id = $1", own_office.case
        )
        assert [(row["status"], row["reason"]) for row in rows] == [("cancelled", "clos")]
    with pytest.raises(TransitionBlockedError):
        await own_office.do("referent", add_need, NeedDraft(
            case=own_office.case, kind="wish", words="Revenir", life_domain="social",
        ))  # fmt: skip
    await attain(own_office, goal, score=1)


async def test_each_member_of_a_household_has_a_plan_of_their_own(
    own_office: Any, take: Any
) -> None:
    persons = [
        (await own_office.do("referent", register_person, PersonDraft(family_name=name)))["person"]
        for name in ("Aya", "Bilal", "Chloé")
    ]
    opened = await own_office.do("referent", open_case, CaseDraft(
        household=tuple(persons[:2]), programme=own_office.programme, request_source="self",
        requested_on=now().date(),
    ))  # fmt: skip
    home = replace(own_office, case=opened["case"])
    await take(home, tuple(persons[:2]))
    for wrong in (None, persons[2]):
        with pytest.raises(InvalidInputError) as refused:
            await home.do("referent", draft_plan, PlanDraft(case=home.case, person=wrong))
        assert refused.value.path == ("input", "personId")
    plans = [await home.plan(person=person) for person in persons[:2]]
    await agree(home, plans[0])
    rows = await home.rows(
        "SELECT person_id, version, status FROM core.case_plans WHERE case_id = $1 ORDER BY id",
        home.case,
    )
    assert [(row["person_id"], row["version"], row["status"]) for row in rows] == [
        (persons[0], 1, "agreed"), (persons[1], 1, "draft"),
    ]  # fmt: skip
    await home.set_model(approvals=[])
    await home.into_planning()
    assert await home.against(GOES) == {"plan_not_agreed"}
    await agree(home, plans[1])
    assert await home.against(GOES) == set()
