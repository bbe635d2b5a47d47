"""The receiver of a case says that the handover took place, and is asked about conflicts."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case, Designation
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError
from cordee_core.referents.queries import last_designation
from cordee_core.validation import problem


@dataclass(frozen=True, kw_only=True, slots=True)
class AcknowledgeDraft:
    """The case, and whether the receiver has no conflict of interest."""

    case: UUID
    no_conflict: bool


async def acknowledge_handover(uow: UnitOfWork, draft: AcknowledgeDraft) -> Changed:
    """Keep that the active referent received the case.

    Raises:
        AlreadyDecidedError: it was acknowledged before.
        InvalidInputError: somebody else is the referent, or there is a conflict of interest.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_MOVE)
    case = await find(Case, draft.case, lock=True)
    found = await last_designation(draft.case)
    if found is None or found["ends_at"] is not None or found["member_id"] != scope.actor.id:
        raise problem(
            ("input", "caseId"),
            "only the referent who received the case acknowledges it",
            "seul le référent qui reçoit le suivi en accuse réception",
        )
    if found["acknowledged_at"] is not None:
        raise AlreadyDecidedError(path=("input", "caseId"))
    if not draft.no_conflict:
        raise problem(
            ("input", "noConflict"),
            "declare the conflict of interest and have another referent designated",
            "déclarez le conflit d'intérêts et faites désigner un autre référent",
        )
    await Designation.update(
        {Designation.acknowledged_at: scope.clock(), Designation.conflict_answer: "none"}
    ).where(Designation.id == found["id"])
    params = {"member": scope.actor.display_name}
    await add_entry(scope, draft.case, "handover_acknowledged", params=params)
    uow.touched("Case", draft.case, person=case["person_id"], fields=("acknowledged",))
    return {"case": draft.case}
