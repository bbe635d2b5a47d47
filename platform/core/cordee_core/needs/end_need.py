"""A need, a strength or a wish ends; it is never deleted."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import change, find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError
from cordee_core.needs.tables import Need
from cordee_core.validation import need_past, need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedEnd:
    """The row as it was read, why it ends and when."""

    need: UUID
    row_version: int
    reason: str
    ended_on: date | None = None


async def end_need(uow: UnitOfWork, draft: NeedEnd) -> Changed:
    """End the row on a day, with its reason; it stays readable.

    Raises:
        AlreadyDecidedError: it ended before.
        InvalidInputError: no reason, or a day in the future or before it was found.
        StaleObjectError: it changed since it was read.
        NotFoundError: there is no such row.
    """
    scope, today = uow.scope, uow.scope.clock().date()
    scope.require(Permission.CASE_WRITE)
    case = await find(Case, (await find(Need, draft.need))["case_id"], lock=True)
    row = await find(Need, draft.need, lock=True)
    if row["ended_on"] is not None:
        raise AlreadyDecidedError(path=("input", "needId"))
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    ended = need_past(draft.ended_on or today, today, "input", "endedOn")
    if ended < row["found_on"]:
        raise problem(
            ("input", "endedOn"),
            "it can't end before it was found",
            "la fin précède le constat",
        )
    values = {"ended_on": ended, "end_reason": reason, "ended_by": scope.actor.id}
    await change(Need, draft.need, draft.row_version, values)
    await add_entry(
        scope, row["case_id"], "need_ended", params={"words": row["words"], "reason": reason}
    )
    uow.touched("Need", draft.need, person=case["person_id"], fields=values)
    return {"need": draft.need, "case": row["case_id"]}
