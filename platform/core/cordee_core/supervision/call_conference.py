"""A conference about a case: called with its agenda, held with attendance, decisions, dissent."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError
from cordee_core.members.tables import Member
from cordee_core.obligations.open_cases import need_open
from cordee_core.obligations.open_obligation import open_obligation
from cordee_core.plans.add_action import ActionDraft, add_action
from cordee_core.supervision.queries import open_plan
from cordee_core.supervision.tables import Attendee, Conference, ConferenceDecision
from cordee_core.validation import maybe_text, need_text, problem

RULE = "core.conference_decision"
"""The rule by which a decision is due that no open plan takes in as an action."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConferenceDraft:
    """When those around the case meet, about what; the person is invited, or why not."""

    case: UUID
    starts_at: datetime
    agenda: tuple[str, ...]
    person_invited: bool
    not_invited_reason: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AttendeeDraft:
    """A member, or somebody of elsewhere by name and organisation; their dissent."""

    member: UUID | None = None
    name: str | None = None
    organisation: str | None = None
    attended: bool = True
    dissent: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionDraft:
    """What was decided, who does it, by when."""

    decision: str
    member: UUID
    due_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldDraft:
    """The conference as read, who was there, what was decided."""

    conference: UUID
    row_version: int
    attendees: tuple[AttendeeDraft, ...]
    decisions: tuple[DecisionDraft, ...]


async def call_conference(uow: UnitOfWork, draft: ConferenceDraft) -> Changed:
    """Call the conference.

    Raises:
        InvalidInputError: the agenda is empty, or it is not said why the person is not invited.
        TransitionBlockedError: the case is no longer open.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    case = need_open(await find(Case, draft.case))
    agenda = [
        need_text(point, "input", "agenda", place, longest=2000)
        for place, point in enumerate(draft.agenda)
    ]
    if not agenda:
        raise problem(("input", "agenda"), "an agenda is needed", "il faut un ordre du jour")
    if draft.starts_at.tzinfo is None:
        raise problem(
            ("input", "startsAt"),
            "the moment has no time zone",
            "le moment n'a pas de fuseau horaire",
        )
    reason = _why_not(draft)
    conference = scope.new_id()
    await insert(
        Conference(
            tenant_id=scope.tenant, id=conference, case_id=draft.case, starts_at=draft.starts_at,
            agenda=agenda, person_invited=draft.person_invited, not_invited_reason=reason,
            called_at=scope.clock(), called_by=scope.actor.id,
        )
    )  # fmt: skip
    kind = "conference_called" if reason is None else "conference_called_without"
    params = {"day": draft.starts_at.date().isoformat(), "reason": reason or ""}
    await add_entry(scope, draft.case, kind, params=params)
    uow.touched("Conference", conference, person=case["person_id"])
    return {"conference": conference, "case": draft.case}


def _why_not(draft: ConferenceDraft) -> str | None:
    path = ("input", "notInvitedReason")
    reason = maybe_text(draft.not_invited_reason, *path, longest=2000)
    if draft.person_invited is (reason is not None):
        raise problem(
            path,
            "the person is invited, or the reason why not is recorded",
            "la personne est invitée, ou le motif contraire est noté",
        )
    return reason


async def hold_conference(uow: UnitOfWork, draft: HeldDraft) -> Changed:
    """Keep how it went; each decision becomes an action of the open plan, else an obligation.

    Raises:
        AlreadyDecidedError: it was held before.
        TransitionBlockedError: the case is no longer open.
        InvalidInputError: nobody attended, or somebody is neither a member nor named.
        StaleObjectError: it changed since it was read.
        NotFoundError: there is no such conference or member.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    row = await find(Conference, draft.conference, lock=True)
    if row["held_at"] is not None:
        raise AlreadyDecidedError(path=("input", "conferenceId"))
    case = need_open(await find(Case, row["case_id"], lock=True))
    if not any(one.attended for one in draft.attendees):
        raise problem(("input", "attendees"), "somebody attended", "quelqu'un était présent")
    await change(Conference, draft.conference, draft.row_version, {"held_at": scope.clock()})
    dissents = 0
    for place, one in enumerate(draft.attendees):
        dissents += await _attend(uow, row, one, ("input", "attendees", place))
    for place, decision in enumerate(draft.decisions):
        await _decide(uow, row, case, decision, ("input", "decisions", place))
    params = {"decisions": len(draft.decisions), "dissents": dissents}
    await add_entry(scope, case["id"], "conference_held", params=params)
    uow.touched("Conference", draft.conference, person=case["person_id"])
    return {"conference": draft.conference, "case": case["id"]}


async def _attend(
    uow: UnitOfWork, row: Found, one: AttendeeDraft, path: tuple[str | int, ...]
) -> int:
    name = maybe_text(one.name, *path, "name")
    if one.member is not None:
        name = (await find(Member, one.member))["display_name"]
    if name is None:
        raise problem(
            (*path, "name"), "a member or a name is needed", "il faut un membre ou un nom"
        )
    dissent = maybe_text(one.dissent, *path, "dissent", longest=5000)
    await insert(
        Attendee(
            tenant_id=uow.scope.tenant, id=uow.scope.new_id(), conference_id=row["id"],
            case_id=row["case_id"], member_id=one.member, name=name,
            organisation=maybe_text(one.organisation, *path, "organisation"),
            attended=one.attended, dissent=dissent,
        )
    )  # fmt: skip
    return 0 if dissent is None else 1


async def _decide(
    uow: UnitOfWork, row: Found, case: Found, one: DecisionDraft, path: tuple[str | int, ...]
) -> None:
    decision = need_text(one.decision, *path, "decision", longest=5000)
    await find(Member, one.member)
    plan, action, obligation = await open_plan(case["id"]), None, None
    if plan is not None:
        made = ActionDraft(
            plan=plan, description=decision, responsible="member", member=one.member,
            due_on=one.due_on,
        )  # fmt: skip
        action = (await add_action(uow, made))["action"]
    else:
        obligation = await open_obligation(
            uow, case=case, rule=RULE, label={"en": decision, "fr": decision}, member=one.member,
            due_at=datetime.combine(one.due_on, time(), UTC), source=("conference", row["id"]),
        )  # fmt: skip
    await insert(
        ConferenceDecision(
            tenant_id=uow.scope.tenant, id=uow.scope.new_id(), conference_id=row["id"],
            case_id=row["case_id"], decision=decision, member_id=one.member, due_on=one.due_on,
            action_id=action, obligation_id=obligation,
        )
    )  # fmt: skip
