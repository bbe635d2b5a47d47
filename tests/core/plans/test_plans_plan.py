"""A plan: goals in the person's words, actions, agreement, approval, waiver, revision."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from cordee_core.clock import now
from cordee_core.errors import (
    AlreadyDecidedError,
    ForbiddenError,
    InvalidInputError,
    StaleObjectError,
    TransitionBlockedError,
)
from cordee_core.plans.add_action import ActionChange, change_action
from cordee_core.plans.add_goal import GoalChange, change_goal
from cordee_core.plans.agree_plan import AgreementDraft, WaiverDraft, agree_plan, waive_agreement
from cordee_core.plans.approve_plan import ApprovalDraft, approve_plan
from cordee_core.plans.draft_plan import PlanDraft, Revision, draft_plan, revise_plan
from cordee_core.plans.leave_need import NeedLeft, leave_need
from cordee_core.plans.settle_action import ActionSettled, finish_action, give_up_action

SIGNATORY = {"code": "doctor", "name": {"en": "the doctor", "fr": "le médecin"}}


def agreement(plan: UUID, version: int = 1, **more: Any) -> AgreementDraft:
    return AgreementDraft(
        plan=plan, row_version=version, language="fr", agreed_on=now().date(),
        **{"form": "signed", **more},
    )  # fmt: skip


async def codes(office: Any, use_case: Any, draft: Any, role: str = "referent") -> list[str]:
    """The codes of what stands against it."""
    with pytest.raises(TransitionBlockedError) as blocked:
        await office.do(role, use_case, draft)
    return list(blocked.value.params["codes"])


async def test_a_goal_has_the_words_of_the_person_and_what_it_serves(office: Any) -> None:
    need, strength = await office.need("need"), await office.need("strength")
    plan = (await office.do("referent", draft_plan, PlanDraft(
        case=office.case, sections=("Logement", "Santé"),
    )))["plan"]  # fmt: skip
    goal = await office.goal(
        plan, words="Fermer ma porte", wording="Accès au logement", baseline="Rue",
        target="Un bail", indicator="Bail signé", target_date=date(2027, 6, 1), section="Logement",
        needs=(need,), strengths=(strength,),
    )  # fmt: skip
    row = await office.row("plan_goals", goal)
    assert (row["words"], row["wording"]) == ("Fermer ma porte", "Accès au logement")
    assert (row["baseline"], row["target"], row["indicator"]) == ("Rue", "Un bail", "Bail signé")
    assert (row["objective_code"], row["section"]) == ("stable_home", "Logement")
    links = await office.rows("SELECT * FROM core.plan_needs WHERE goal_id = $1", goal)
    assert {link["need_id"] for link in links} == {need, strength}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"objective": "nothing"}, ("objective",)),
        ({"words": ""}, ("words",)),
        ({"section": "Ailleurs"}, ("section",)),
        ({"needs": (UUID(int=1),)}, ("needIds", 0)),
    ],
)
async def test_a_malformed_goal_is_refused(office: Any, changes: Any, path: Any) -> None:
    plan = (await office.do("referent", draft_plan, PlanDraft(case=office.case)))["plan"]
    with pytest.raises(InvalidInputError) as refused:
        await office.goal(plan, **changes)
    assert refused.value.path == ("input", *path)
    assert await office.rows("SELECT id FROM core.plan_goals WHERE plan_id = $1", plan) == []


async def test_a_strength_is_no_need_and_a_need_left_out_has_a_reason(office: Any) -> None:
    need, strength = await office.need("need"), await office.need("strength")
    plan = await office.plan()
    with pytest.raises(InvalidInputError):
        await office.goal(plan, needs=(strength,))
    with pytest.raises(InvalidInputError):
        await office.do("referent", leave_need, NeedLeft(plan=plan, need=need, reason=""))
    left = NeedLeft(plan=plan, need=need, reason="Pas maintenant, dit Nour")
    await office.do("referent", leave_need, left)
    (link,) = await office.rows(
        "SELECT * FROM core.plan_needs WHERE plan_id = $1 AND goal_id IS NULL", plan
    )
    assert (link["need_id"], link["reason"]) == (need, "Pas maintenant, dit Nour")
    with pytest.raises(AlreadyDecidedError):
        await office.do("referent", leave_need, left)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"method": "magic"}, "method"),
        ({"responsible": "member"}, "memberId"),
        ({"responsible": "provider"}, "responsibleName"),
        ({"responsible": "person", "responsible_name": "X"}, "responsibleName"),
        ({"responsible": "ghost"}, "responsible"),
        ({"description": " "}, "description"),
    ],
)
async def test_a_malformed_action_is_refused(office: Any, changes: Any, path: str) -> None:
    plan = (await office.do("referent", draft_plan, PlanDraft(case=office.case)))["plan"]
    with pytest.raises(InvalidInputError) as refused:
        await office.action(plan, None, **changes)
    assert refused.value.path == ("input", path)
    assert await office.rows("SELECT id FROM core.plan_actions WHERE plan_id = $1", plan) == []


async def test_a_draft_changes_until_somebody_agreed(office: Any) -> None:
    plan = await office.plan()
    (goal,) = await office.rows("SELECT * FROM core.plan_goals WHERE plan_id = $1", plan)
    (action,) = await office.rows("SELECT * FROM core.plan_actions WHERE plan_id = $1", plan)
    member = office.tenancy["referent"].actor.id
    await office.do("referent", change_goal, GoalChange(
        goal=goal["id"], row_version=1, values={"words": "Une clé à moi"},
    ))  # fmt: skip
    to_member = ActionChange(
        action=action["id"], row_version=1, values={"responsible": "member", "member": member}
    )
    await office.do("referent", change_action, to_member)
    with pytest.raises(StaleObjectError):
        await office.do("referent", change_action, to_member)
    assert (await office.row("plan_goals", goal["id"]))["words"] == "Une clé à moi"
    after = await office.row("plan_actions", action["id"])
    assert (after["responsible"], after["member_id"]) == ("member", member)
    assert (after["method_code"], after["due_on"]) == (action["method_code"], action["due_on"])
    await office.do("referent", agree_plan, agreement(plan))
    late = GoalChange(goal=goal["id"], row_version=2, values={"words": "Autre chose"})
    assert await codes(office, change_goal, late) == ["plan_frozen"]


async def test_agreement_is_kept_per_version_with_dissent_and_comments(office: Any) -> None:
    plan = await office.plan()
    with pytest.raises(InvalidInputError):
        await office.do("referent", agree_plan, agreement(plan, agrees=False))
    await office.do("referent", agree_plan, agreement(
        plan, agrees=False, dissent="Je ne veux pas du foyer", form="recorded",
    ))  # fmt: skip
    assert (await office.row("case_plans", plan))["status"] == "draft"
    with pytest.raises(InvalidInputError):
        await office.do("referent", agree_plan, agreement(plan, 2, form="representative"))
    await office.do("referent", agree_plan, agreement(
        plan, 2, form="representative", name="Aya Étoile", comment="Lu ensemble",
    ))  # fmt: skip
    assert (await office.row("case_plans", plan))["status"] == "agreed"
    rows = await office.rows(
        "SELECT * FROM core.plan_agreements WHERE plan_id = $1 ORDER BY id", plan
    )
    assert [(row["agrees"], row["form"], row["language"]) for row in rows] == [
        (False, "recorded", "fr"), (True, "representative", "fr"),
    ]  # fmt: skip
    assert (rows[0]["dissent"], rows[1]["name"], rows[1]["comment"]) == (
        "Je ne veux pas du foyer", "Aya Étoile", "Lu ensemble",
    )  # fmt: skip


async def test_nobody_agrees_to_an_empty_plan(office: Any) -> None:
    plan = (await office.do("referent", draft_plan, PlanDraft(case=office.case)))["plan"]
    assert await codes(office, agree_plan, agreement(plan)) == ["plan_empty"]


async def test_a_signatory_is_one_that_the_model_names(own_office: Any) -> None:
    plan = await own_office.plan()
    with pytest.raises(InvalidInputError):
        await own_office.do("referent", agree_plan, agreement(plan, signatory="doctor"))
    await own_office.set_model(signatories=[SIGNATORY])
    await own_office.do("referent", agree_plan, agreement(plan, signatory="doctor"))
    assert (await own_office.row("case_plans", plan))["status"] == "draft"


async def test_a_revision_is_a_new_version_with_its_trigger_agreed_again(office: Any) -> None:
    need = await office.need("need")
    plan = await office.plan()
    await office.goal(plan, words="Dormir", needs=(need,))
    await office.do("referent", agree_plan, agreement(plan))
    with pytest.raises(InvalidInputError):
        await office.do("referent", revise_plan, Revision(plan=plan, row_version=2, trigger=""))
    revised = (await office.do("referent", revise_plan, Revision(
        plan=plan, row_version=2, trigger="Logement trouvé",
    )))["plan"]  # fmt: skip
    new, old = await office.row("case_plans", revised), await office.row("case_plans", plan)
    assert (new["version"], new["status"], new["revision_trigger"]) == (
        2, "draft", "Logement trouvé",
    )  # fmt: skip
    assert old["status"] == "agreed"
    goals = {
        version: await office.rows(
            "SELECT origin_id, words FROM core.plan_goals WHERE plan_id = $1 ORDER BY id", version
        )
        for version in (plan, revised)
    }
    assert goals[plan] == goals[revised]
    await office.do("referent", agree_plan, agreement(revised))
    assert (await office.row("case_plans", plan))["status"] == "replaced"
    actions = await office.rows(
        "SELECT plan_id, status FROM core.plan_actions WHERE case_id = $1 ORDER BY id", office.case
    )
    assert [(row["plan_id"], row["status"]) for row in actions] == [
        (plan, "cancelled"), (revised, "open"),
    ]  # fmt: skip


async def test_there_is_one_plan_and_one_revision_at_a_time(office: Any) -> None:
    plan = await office.plan()
    assert await codes(office, draft_plan, PlanDraft(case=office.case)) == ["plan_draft_exists"]
    early = Revision(plan=plan, row_version=1, trigger="Trop tôt")
    assert await codes(office, revise_plan, early) == ["plan_not_revisable"]
    await office.do("referent", agree_plan, agreement(plan))
    revision = Revision(plan=plan, row_version=2, trigger="Bilan")
    await office.do("referent", revise_plan, revision)
    with pytest.raises(StaleObjectError):
        await office.do("referent", revise_plan, revision)


async def test_the_author_does_not_approve_their_own_plan(own_office: Any) -> None:
    plan = (await own_office.do("supervisor", draft_plan, PlanDraft(case=own_office.case)))["plan"]
    goal = await own_office.goal(plan)
    await own_office.action(plan, goal)
    draft = ApprovalDraft(plan=plan, row_version=1)
    assert await codes(own_office, approve_plan, draft, "supervisor") == ["own_plan"]
    with pytest.raises(ForbiddenError):
        await own_office.do("referent", approve_plan, draft)
    granted = own_office.tenancy["supervisor"]
    from dataclasses import replace

    from cordee_core.access.permissions import Permission, Reach
    from cordee_core.database.unit_of_work import perform

    scope = replace(granted, permissions={
        **granted.permissions, Permission.PLAN_APPROVE_OWN: Reach.TENANT,
    })  # fmt: skip
    await perform(own_office.engine, scope, "test", approve_plan, draft)
    assert (await own_office.row("case_plans", plan))["approved_by"] == granted.actor.id


async def test_another_approves_once_and_what_is_approved_no_longer_changes(office: Any) -> None:
    plan = await office.plan()
    await office.do("supervisor", approve_plan, ApprovalDraft(plan=plan, row_version=1, note="Oui"))
    row = await office.row("case_plans", plan)
    assert (row["approval_note"], row["status"]) == ("Oui", "draft")
    with pytest.raises(AlreadyDecidedError):
        await office.do("supervisor", approve_plan, ApprovalDraft(plan=plan, row_version=2))
    with pytest.raises(TransitionBlockedError):
        await office.goal(plan)


async def test_the_role_that_the_model_names_approves(own_office: Any) -> None:
    await own_office.set_model(approvals=[{"act": "plan_agree", "role": "medical_director"}])
    plan = await own_office.plan()
    draft = ApprovalDraft(plan=plan, row_version=1)
    assert await codes(own_office, approve_plan, draft, "supervisor") == [
        "approval_by_another_role"
    ]


async def test_agreement_is_waived_only_where_the_model_allows_it(own_office: Any) -> None:
    plan = await own_office.plan()
    draft = WaiverDraft(plan=plan, row_version=1, reason="Nour préfère sans plan écrit")
    assert await codes(own_office, waive_agreement, draft) == ["waiver_not_allowed"]
    await own_office.set_model(waivable=["plan_agreed"])
    with pytest.raises(InvalidInputError):
        await own_office.do("referent", waive_agreement, WaiverDraft(
            plan=plan, row_version=1, reason="",
        ))  # fmt: skip
    await own_office.do("referent", waive_agreement, draft)
    row = await own_office.row("case_plans", plan)
    assert (row["status"], row["waiver_reason"]) == ("waived", "Nour préfère sans plan écrit")


async def test_actions_are_done_or_given_up_with_a_reason(office: Any) -> None:
    plan = await office.plan()
    first = await office.action(plan, None)
    second = await office.action(plan, None, responsible="provider", responsible_name="SIAO")
    await office.do("referent", agree_plan, agreement(plan))
    await office.do("referent", finish_action, ActionSettled(action=first, row_version=1))
    with pytest.raises(InvalidInputError):
        await office.do("referent", give_up_action, ActionSettled(action=second, row_version=1))
    await office.do("referent", give_up_action, ActionSettled(
        action=second, row_version=1, reason="Fermé",
    ))  # fmt: skip
    with pytest.raises(AlreadyDecidedError):
        await office.do("referent", finish_action, ActionSettled(action=second, row_version=2))
    assert (await office.row("plan_actions", first))["status"] == "done"
    assert (await office.row("plan_actions", second))["reason"] == "Fermé"
