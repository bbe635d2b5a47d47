"""A member declares a conflict of interest with a person or a case, or that it is over."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError
from cordee_core.members.tables import Member
from cordee_core.people.tables import Person
from cordee_core.referents.tables import InterestConflict
from cordee_core.validation import need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class ConflictDraft:
    """With whom or which case, and why; `member` where somebody declares it for another."""

    note: str
    person: UUID | None = None
    case: UUID | None = None
    member: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConflictEndDraft:
    """The conflict as read."""

    conflict: UUID
    row_version: int


async def declare_conflict(uow: UnitOfWork, draft: ConflictDraft) -> Changed:
    """Keep the conflict: from now on the member can't be designated there.

    Raises:
        InvalidInputError: neither or both of person and case are named.
        ForbiddenError: it is declared for somebody else without `case.assign`.
        NotFoundError: person, case or member is not one of the tenant's.
    """
    scope = uow.scope
    scope.require(Permission.CASE_READ)
    member = draft.member or scope.actor.id
    if member != scope.actor.id:
        scope.require(Permission.CASE_ASSIGN)
        await find(Member, member)
    if (draft.person is None) == (draft.case is None):
        raise problem(
            ("input", "personId"),
            "name either the person or the case",
            "désignez soit la personne, soit le suivi",
        )
    person = draft.person
    if draft.case is not None:
        person = (await find(Case, draft.case))["person_id"]
    else:
        await find(Person, draft.person)  # type: ignore[arg-type]
    conflict = scope.new_id()
    await insert(
        InterestConflict(
            tenant_id=scope.tenant, id=conflict, member_id=member, person_id=person,
            case_id=draft.case, note=need_text(draft.note, "input", "note", longest=2000),
            declared_at=scope.clock(), declared_by=scope.actor.id,
        )
    )  # fmt: skip
    uow.touched("InterestConflict", conflict, person=person)
    return {"conflict": conflict, "member": member}


async def end_conflict(uow: UnitOfWork, draft: ConflictEndDraft) -> Changed:
    """Keep that a conflict is over.

    Raises:
        AlreadyDecidedError: it is over already.
        StaleObjectError: it changed since it was read.
        NotFoundError: there is no such conflict.
    """
    scope = uow.scope
    scope.require(Permission.CASE_ASSIGN)
    conflict = await find(InterestConflict, draft.conflict, lock=True)
    if conflict["ended_at"] is not None:
        raise AlreadyDecidedError(path=("input", "conflictId"))
    values = {"ended_at": scope.clock(), "ended_by": scope.actor.id}
    await change(InterestConflict, draft.conflict, draft.row_version, values)
    uow.touched("InterestConflict", draft.conflict, person=conflict["person_id"])
    return {"conflict": draft.conflict, "member": conflict["member_id"]}
