"""An obligation goes to another member: somebody is away, leaves, or takes the case over."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import change, find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.members.tables import Member
from cordee_core.obligations.settle_obligation import locked
from cordee_core.obligations.tables import Obligation
from cordee_core.validation import problem


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignDraft:
    """The obligation as it was read, and who sees to it from now on."""

    obligation: UUID
    row_version: int
    member: UUID


async def assign_obligation(uow: UnitOfWork, draft: AssignDraft) -> Changed:
    """Give the obligation to the member; when it is due stays.

    Raises:
        AlreadyDecidedError: it is done or cancelled.
        InvalidInputError: the member has left.
        StaleObjectError: it changed since it was read.
        NotFoundError: there is no such obligation or member.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    row, case = await locked(draft.obligation)
    member = await find(Member, draft.member)
    if member["status"] != "active":
        raise problem(
            ("input", "memberId"),
            "this member has left the organisation",
            "ce membre a quitté l'organisation",
        )
    values = {"member_id": draft.member}
    await change(Obligation, draft.obligation, draft.row_version, values)
    params = {"label": row["label"], "member": member["display_name"]}
    await add_entry(scope, row["case_id"], "obligation_assigned", params=params)
    uow.touched("Obligation", draft.obligation, person=case["person_id"], fields=("member",))
    return {"obligation": draft.obligation, "case": row["case_id"]}
