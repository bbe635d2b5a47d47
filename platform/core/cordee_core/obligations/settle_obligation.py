"""An obligation is met, or is cancelled with a reason."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.database.rows import Found, find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError, StaleObjectError
from cordee_core.obligations.open_obligation import settle
from cordee_core.obligations.tables import Obligation
from cordee_core.validation import maybe_text, need_text


@dataclass(frozen=True, kw_only=True, slots=True)
class SettleDraft:
    """The obligation as it was read, and what was done or why it falls away."""

    obligation: UUID
    row_version: int
    reason: str | None = None


async def finish_obligation(uow: UnitOfWork, draft: SettleDraft) -> Changed:
    """Note that what was due is done; a word about how may stand beside it.

    Raises:
        AlreadyDecidedError: it is done or cancelled.
        StaleObjectError: it changed since it was read.
        NotFoundError: there is no such obligation.
    """
    uow.scope.require(Permission.CASE_WRITE)
    note = maybe_text(draft.reason, "input", "note", longest=2000)
    return await _settled(uow, draft, "done", note)


async def cancel_obligation(uow: UnitOfWork, draft: SettleDraft) -> Changed:
    """Cancel what was due, and keep why.

    Raises:
        InvalidInputError: no reason is given.
        AlreadyDecidedError: it is done or cancelled.
        StaleObjectError: it changed since it was read.
        NotFoundError: there is no such obligation.
    """
    uow.scope.require(Permission.CASE_MOVE)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    return await _settled(uow, draft, "cancelled", reason)


async def locked(obligation: UUID) -> tuple[Found, Found]:
    """Return the obligation and its case, both locked: the case first, as whoever closes it does.

    Raises:
        AlreadyDecidedError: it is done or cancelled.
        NotFoundError: there is no such obligation.
    """
    known = await find(Obligation, obligation)
    case = await find(Case, known["case_id"], lock=True)
    row = await find(Obligation, obligation, lock=True)
    if row["status"] != "open":
        raise AlreadyDecidedError(path=("input", "obligationId"))
    return row, case


async def _settled(uow: UnitOfWork, draft: SettleDraft, status: str, reason: str | None) -> Changed:
    row, case = await locked(draft.obligation)
    if row["row_version"] != draft.row_version:
        raise StaleObjectError(path=("input", "rowVersion"))
    await settle(uow, row, status, reason)
    uow.touched("Obligation", row["id"], person=case["person_id"], fields=("status",))
    return {"obligation": row["id"], "case": row["case_id"]}
