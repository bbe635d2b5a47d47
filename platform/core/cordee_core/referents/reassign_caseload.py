"""A member leaves: one action hands the whole caseload over, with a note for each case."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import Found, find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import NotFoundError, ReferentConflictError
from cordee_core.members.tables import Member
from cordee_core.referents.fitness import need_leader
from cordee_core.referents.hand_over import Terms, hand_over
from cordee_core.referents.queries import led_by, lock_members
from cordee_core.validation import maybe_text, need_text, problem

MOST = 500
"""Most cases that one action moves; nobody leads as many."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseMove:
    """One case, who takes it over, and the handover note."""

    case: UUID
    member: UUID
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReassignDraft:
    """The member whose caseload moves, why, and each case of it."""

    member: UUID
    reason: str
    moves: tuple[CaseMove, ...]
    overlap_until: date | None = None
    override_reason: str | None = None


async def reassign_caseload(uow: UnitOfWork, draft: ReassignDraft) -> Changed:
    """Hand every case of the member over, all of them or none.

    Raises:
        InvalidInputError: a case of the caseload is not named, or is named twice, or a note is
            missing.
        ReferentConflictError: a case is not led by the member, or would be given back.
        MemberLeftError: somebody who is to take over has left.
        CaseloadFullError, …: somebody doesn't fit, as for each designation.
        NotFoundError: there is no such member.
    """
    scope = uow.scope
    scope.require(Permission.CASE_ASSIGN)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    override = maybe_text(draft.override_reason, "input", "overrideReason", longest=2000)
    notes = [
        need_text(one.note, "input", "moves", place, "note", longest=5000)
        for place, one in enumerate(draft.moves)
    ]
    await find(Member, draft.member)
    cases = {row["id"]: row for row in await led_by(draft.member)}
    _whole(cases, draft.moves)
    members = await _receivers(draft.moves)
    for place, one in enumerate(draft.moves):
        terms = Terms(
            reason=reason, note=notes[place], overlap_until=draft.overlap_until, override=override
        )
        path = ("input", "moves", place, "memberId")
        await hand_over(uow, cases[one.case], members[one.member], terms, path)
    uow.touched("Member", draft.member, fields=("caseload",))
    return {"member": draft.member}


def _whole(cases: dict[UUID, Found], moves: tuple[CaseMove, ...]) -> None:
    named = [one.case for one in moves]
    for place, one in enumerate(named):
        if one in named[:place]:
            raise problem(
                ("input", "moves", place, "caseId"),
                "the case is named twice",
                "le suivi est nommé deux fois",
            )
        if one not in cases:
            raise ReferentConflictError(path=("input", "moves", place, "caseId"))
    left = [row["number"] for case, row in sorted(cases.items()) if case not in set(named)]
    if left or not moves or len(moves) > MOST:
        listing = ", ".join(left[:20]) or "-"
        raise problem(
            ("input", "moves"),
            f"the whole caseload is handed over, at most {MOST} cases; not named: {listing}",
            f"toute la charge est transmise, au plus {MOST} suivis ; non nommés : {listing}",
        )


async def _receivers(moves: tuple[CaseMove, ...]) -> dict[UUID, Found]:
    members = await lock_members(one.member for one in moves)
    checked: set[UUID] = set()
    for place, one in enumerate(moves):
        path = ("input", "moves", place, "memberId")
        if one.member not in members:
            raise NotFoundError(path=path, identifier=one.member)
        if one.member not in checked:
            await need_leader(members[one.member], path)
            checked.add(one.member)
    return members
