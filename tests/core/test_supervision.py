"""Supervision, ethics consultation, conferences; the caseload in the order of what is due."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from staff_ground import Ground, make_ground, said

from cordee_core.cases.tables import Case
from cordee_core.database.rows import find
from cordee_core.database.unit_of_work import UnitOfWork
from cordee_core.errors import AlreadyDecidedError, InvalidInputError, NotFoundError
from cordee_core.members.set_profile import ProfileDraft, set_profile
from cordee_core.obligations.open_obligation import open_obligation
from cordee_core.plans.draft_plan import PlanDraft, draft_plan
from cordee_core.referents.queries import CaseloadQuery, caseload_like
from cordee_core.supervision.call_conference import (
    AttendeeDraft,
    ConferenceDraft,
    DecisionDraft,
    HeldDraft,
    call_conference,
    hold_conference,
)
from cordee_core.supervision.consult_ethics import (
    AdviceDraft,
    QuestionDraft,
    advise_ethics,
    ask_ethics,
    decide_ethics,
)
from cordee_core.supervision.consult_ethics import DecisionDraft as EthicsDecision
from cordee_core.supervision.queries import Supervisee, consultations_of, supervisees
from cordee_core.supervision.record_session import PointDraft, SessionDraft, record_session


@pytest.fixture
async def ground(engine: Any, cluster: Any, tenant: Any) -> Ground:
    return await make_ground(engine, cluster, tenant)


async def test_a_session_keeps_cases_and_actions_and_sets_the_rhythm_back(ground: Ground) -> None:
    boss, referent = ground.tenancy["supervisor"], ground.tenancy["referent"]
    await ground.do("admin", set_profile, ProfileDraft(
        member=referent.actor.id, row_version=1, languages=("fr",), supervisor=boss.actor.id,
    ))  # fmt: skip
    case, today = await ground.open(), boss.clock().date()
    await ground.designate(case, referent.actor.id)

    async def rhythm() -> Supervisee:
        async with ground.engine.transaction(cordee__context=boss.signed()):
            found = await supervisees(ground.tenancy.id)
        return next(one for one in found if one.member == referent.actor.id)

    before = await rhythm()
    assert (before.last, before.every, before.late(today)) == (None, 30, True)
    held = today - timedelta(days=31)
    draft = SessionDraft(
        held_on=held, participants=(referent.actor.id,),
        points=(
            PointDraft(discussed="Relais", case=case, action="Appeler", member=referent.actor.id,
                       due_on=today),
            PointDraft(discussed="Charge de travail"),
        ),
    )  # fmt: skip
    session = (await ground.do("supervisor", record_session, draft))["session"]
    points = await ground.rows(
        "SELECT case_id, action, member_id, due_on FROM core.supervision_points"
        " WHERE session_id = $1 ORDER BY id", session,
    )  # fmt: skip
    assert [tuple(one) for one in points] == [
        (case, "Appeler", referent.actor.id, today), (None, None, None, None),
    ]  # fmt: skip
    after = await rhythm()
    assert (after.last, after.due, after.late(today)) == (held, held + timedelta(30), True)
    again = SessionDraft(held_on=today, participants=(referent.actor.id,), points=())
    await ground.do("supervisor", record_session, again)
    assert not (await rhythm()).late(today)


@pytest.mark.parametrize("bad", ["future", "nobody", "alone", "action"])
async def test_a_session_that_could_not_be_is_refused(ground: Ground, bad: str) -> None:
    boss, referent = ground.tenancy["supervisor"], ground.tenancy["referent"].actor.id
    today = boss.clock().date()
    participants = {"nobody": (), "alone": (boss.actor.id,)}.get(bad, (referent,))
    points = (PointDraft(discussed="x", action="Appeler"),) if bad == "action" else ()
    held = today + timedelta(days=1) if bad == "future" else today
    draft = SessionDraft(held_on=held, participants=participants, points=points)
    error = await ground.refused("supervisor", record_session, draft)
    assert isinstance(error, InvalidInputError)
    assert said(error, "fr") != said(error, "en")


async def test_an_ethics_consultation_goes_from_question_to_decision(ground: Ground) -> None:
    asker, adviser = ground.tenancy["referent"], ground.tenancy["supervisor"]
    case = await ground.open()
    draft = QuestionDraft(question="Dire ou taire ?", advisers=(adviser.actor.id,), case=case)
    found = (await ground.do(asker, ask_ethics, draft))["consultation"]
    advice = AdviceDraft(consultation=found, advice="Demander d'abord.")
    outsider = ground.tenancy["team_member"]
    assert isinstance(await ground.refused(outsider, advise_ethics, advice), NotFoundError)
    await ground.do(adviser, advise_ethics, advice)
    again = await ground.refused(adviser, advise_ethics, advice)
    assert isinstance(again, AlreadyDecidedError)
    decision = EthicsDecision(consultation=found, row_version=1, decision="Nous demandons.")
    assert isinstance(await ground.refused(adviser, decide_ethics, decision), NotFoundError)
    await ground.do(asker, decide_ethics, decision)
    again = await ground.refused(asker, decide_ethics, decision)
    assert isinstance(again, AlreadyDecidedError)
    async with ground.engine.transaction(cordee__context=adviser.signed()):
        assert [one["id"] for one in await consultations_of(adviser.actor.id)] == [found]
        assert await consultations_of(outsider.actor.id) == []
    journal = await ground.rows(
        "SELECT subjects FROM core.journal_entries WHERE records::text LIKE '%Ethics%'"
    )
    assert journal
    assert all(not row["subjects"] for row in journal)


async def test_advisers_can_advise(ground: Ground) -> None:
    asker = ground.tenancy["referent"]
    for adviser in (asker, ground.tenancy["reader"]):
        draft = QuestionDraft(question="?", advisers=(adviser.actor.id,))
        error = await ground.refused(asker, ask_ethics, draft)
        assert error.path == ("input", "adviserIds", 0)
    nobody = QuestionDraft(question="?", advisers=())
    assert (await ground.refused(asker, ask_ethics, nobody)).path == ("input", "adviserIds")


async def called(ground: Ground, case: Any, **more: Any) -> Any:
    draft = ConferenceDraft(
        case=case, starts_at=datetime(2026, 3, 1, tzinfo=UTC), agenda=("Logement",),
        **{"person_invited": True, **more},
    )  # fmt: skip
    return (await ground.do("referent", call_conference, draft))["conference"]


@pytest.mark.parametrize(
    ("invited", "reason"), [(False, None), (False, " "), (True, "Trop fatiguée")]
)
async def test_the_person_is_invited_or_it_is_said_why_not(
    ground: Ground, invited: bool, reason: str | None
) -> None:
    case = await ground.open()
    draft = ConferenceDraft(
        case=case, starts_at=datetime(2026, 3, 1, tzinfo=UTC), agenda=("Logement",),
        person_invited=invited, not_invited_reason=reason,
    )  # fmt: skip
    error = await ground.refused("referent", call_conference, draft)
    assert error.path == ("input", "notInvitedReason")
    assert said(error, "fr") != said(error, "en")
    await called(ground, case, person_invited=False, not_invited_reason="Hospitalisée")
    assert (await ground.told(case))[-1] == "conference_called_without"


async def test_decisions_become_due_and_dissent_is_kept(ground: Ground) -> None:
    case, referent = await ground.open(), ground.tenancy["referent"].actor.id
    conference = await called(ground, case)
    due = datetime(2026, 4, 1, tzinfo=UTC)
    draft = HeldDraft(
        conference=conference, row_version=1,
        attendees=(
            AttendeeDraft(member=referent),
            AttendeeDraft(name="Dr Ba", organisation="CMP Sud", dissent="Trop tôt"),
        ),
        decisions=(DecisionDraft(decision="Visiter", member=referent, due_on=due.date()),),
    )  # fmt: skip
    await ground.do("referent", hold_conference, draft)
    assert isinstance(await ground.refused("referent", hold_conference, draft), AlreadyDecidedError)
    people = await ground.rows(
        "SELECT name, organisation, dissent FROM core.conference_attendees ORDER BY id"
    )
    assert [tuple(one) for one in people] == [
        ("Referent", None, None), ("Dr Ba", "CMP Sud", "Trop tôt"),
    ]  # fmt: skip
    (made,) = await ground.rows(
        "SELECT o.rule, o.due_at, o.member_id, d.action_id FROM core.conference_decisions d"
        " JOIN core.obligations o ON o.id = d.obligation_id"
    )
    assert tuple(made) == ("core.conference_decision", due, referent, None)
    empty = HeldDraft(
        conference=await called(ground, case), row_version=1,
        attendees=(AttendeeDraft(name="Dr Ba", attended=False),), decisions=(),
    )  # fmt: skip
    assert (await ground.refused("referent", hold_conference, empty)).path[-1] == "attendees"


async def test_a_decision_becomes_an_action_of_the_plan_being_written(ground: Ground) -> None:
    case, referent = await ground.open(), ground.tenancy["referent"].actor.id
    await ground.designate(case, referent)
    await ground.stage(case, "assessment")
    plan = (await ground.do("referent", draft_plan, PlanDraft(case=case)))["plan"]
    due = datetime(2026, 4, 1, tzinfo=UTC).date()
    await ground.do("referent", hold_conference, HeldDraft(
        conference=await called(ground, case), row_version=1,
        attendees=(AttendeeDraft(member=referent),),
        decisions=(DecisionDraft(decision="Visiter", member=referent, due_on=due),),
    ))  # fmt: skip
    (made,) = await ground.rows(
        "SELECT a.plan_id, a.description, a.member_id, a.due_on, d.obligation_id"
        " FROM core.conference_decisions d JOIN core.plan_actions a ON a.id = d.action_id"
    )
    assert tuple(made) == (plan, "Visiter", referent, due, None)


async def test_the_caseload_is_sorted_by_what_is_due(ground: Ground) -> None:
    referent = ground.tenancy["referent"]
    cases = [await ground.open() for _ in range(4)]
    for case in cases:
        await ground.designate(case, referent.actor.id)
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    for place, days in ((0, 9), (2, 3), (2, 20), (3, 5)):

        async def owe(uow: UnitOfWork, _: Any, place: int = place, days: int = days) -> Any:
            row = await find(Case, cases[place])
            await open_obligation(
                uow, case=row, rule="test.rule", label={"en": "Due", "fr": "À faire"},
                due_at=moment + timedelta(days=days), member=None,
            )  # fmt: skip
            return {}

        await ground.do(referent, owe, None)
    async with ground.engine.transaction(cordee__context=referent.signed()):
        mine = caseload_like(CaseloadQuery())
        rows = await mine.page(None, None, 10, reverse=False)
        assert [row["case_id"] for row in rows] == [cases[place] for place in (2, 3, 0, 1)]
        assert [row["due_at"] for row in rows][::3] == [moment + timedelta(days=3), None]
        second = await mine.page(rows[1]["due_key"], None, 10, reverse=False)
        assert second == rows[2:]
        assert await mine.count() == 4
        others = caseload_like(CaseloadQuery(referent=ground.tenancy["supervisor"].actor.id))
        assert await others.count() == 0
        assert await caseload_like(CaseloadQuery(stage="assessment")).count() == 0
