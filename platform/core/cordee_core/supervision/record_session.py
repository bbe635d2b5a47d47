"""A supervision session is recorded: who took part, what was discussed, which actions agreed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.queries import persons_of
from cordee_core.cases.tables import Case
from cordee_core.database.rows import find, find_many, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.members.tables import Member
from cordee_core.supervision.tables import Participant, Point, SupervisionSession
from cordee_core.validation import maybe_text, need_past, need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class PointDraft:
    """What was discussed, about which case, and the action agreed with who does it by when."""

    discussed: str
    case: UUID | None = None
    action: str | None = None
    member: UUID | None = None
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionDraft:
    """Who supervised (None: who records it), when, with whom, about what."""

    held_on: date
    participants: tuple[UUID, ...]
    points: tuple[PointDraft, ...]
    supervisor: UUID | None = None


async def record_session(uow: UnitOfWork, draft: SessionDraft) -> Changed:
    """Keep the session; it is never changed afterwards.

    Raises:
        InvalidInputError: nobody took part, the day lies ahead, or an action has nobody.
        NotFoundError: a member or case is not one of the tenant's.
    """
    scope = uow.scope
    scope.require(Permission.SUPERVISION_MANAGE)
    need_past(draft.held_on, scope.clock().date(), "input", "heldOn")
    supervisor = draft.supervisor or scope.actor.id
    await find(Member, supervisor)
    await _taking_part(draft, supervisor)
    session = scope.new_id()
    await insert(
        SupervisionSession(
            tenant_id=scope.tenant, id=session, supervisor_id=supervisor, held_on=draft.held_on,
            recorded_at=scope.clock(), recorded_by=scope.actor.id,
        )
    )  # fmt: skip
    for member in dict.fromkeys(draft.participants):
        await insert(
            Participant(
                tenant_id=scope.tenant, id=scope.new_id(), session_id=session, member_id=member
            )
        )
    for place, point in enumerate(draft.points):
        await _keep(uow, session, point, place)
    uow.touched("SupervisionSession", session)
    uow.subjects.update(
        person
        for person in (await persons_of({one.case for one in draft.points if one.case})).values()
        if person is not None
    )
    return {"session": session}


async def _taking_part(draft: SessionDraft, supervisor: UUID) -> None:
    path = ("input", "participantIds")
    if not draft.participants or supervisor in draft.participants:
        raise problem(
            path,
            "somebody other than the supervisor takes part",
            "une autre personne que le superviseur participe",
        )
    known = {row["id"] for row in await find_many(Member, draft.participants)}
    for member in draft.participants:
        if member not in known:
            await find(Member, member)


async def _keep(uow: UnitOfWork, session: UUID, point: PointDraft, place: int) -> None:
    path = ("input", "points", place)
    action = maybe_text(point.action, *path, "action", longest=5000)
    if action is not None and (point.member is None or point.due_on is None):
        raise problem(
            (*path, "memberId"),
            "an agreed action has somebody who does it and a day",
            "une action convenue a un responsable et une date",
        )
    if point.case is not None:
        await find(Case, point.case)
    if point.member is not None:
        await find(Member, point.member)
    await insert(
        Point(
            tenant_id=uow.scope.tenant, id=uow.scope.new_id(), session_id=session,
            case_id=point.case,
            discussed=need_text(point.discussed, *path, "discussed", longest=5000),
            action=action, member_id=None if action is None else point.member,
            due_on=None if action is None else point.due_on,
        )
    )  # fmt: skip
