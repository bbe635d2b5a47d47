"""An interpreter is booked for a contact, and what became of it is recorded."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError
from cordee_core.interpreters.tables import InterpreterBooking
from cordee_core.validation import (
    maybe_text,
    need_language,
    need_one_of,
    need_text,
    problem,
)

MODES = ("on_site", "telephone", "video")
ENDS = ("held", "missed", "cancelled")


@dataclass(frozen=True, kw_only=True, slots=True)
class BookingDraft:
    """For which contact, who, which language, how; `relative` where it is one of the family."""

    case: UUID
    contact_at: datetime
    language: str
    mode: str
    interpreter: str
    relative: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class BookingEndDraft:
    """What became of a booking; `row_version` is the booking's as it was read."""

    booking: UUID
    row_version: int
    status: str
    reason: str | None = None


async def book_interpreter(uow: UnitOfWork, draft: BookingDraft) -> Changed:
    """Book an interpreter for a contact. A relative may interpret, and is recorded as one.

    Raises:
        InvalidInputError: a value is missing or malformed, or the moment has no time zone.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    case = await find(Case, draft.case)
    if draft.contact_at.tzinfo is None:
        raise problem(
            ("input", "contactAt"),
            "the moment has no time zone",
            "le moment n'a pas de fuseau horaire",
        )
    booking = scope.new_id()
    language = need_language(draft.language, "input", "language")
    await insert(
        InterpreterBooking(
            tenant_id=scope.tenant, id=booking, case_id=draft.case, contact_at=draft.contact_at,
            language=language, mode=need_one_of(draft.mode, MODES, "input", "mode"),
            interpreter=need_text(draft.interpreter, "input", "interpreter"),
            relative=draft.relative, status="booked", booked_by=scope.actor.id,
            booked_at=scope.clock(),
        )
    )  # fmt: skip
    await add_entry(scope, draft.case, "interpreter_booked", params={"spoken": language})
    uow.touched("InterpreterBooking", booking, person=case["person_id"])
    return {"case": draft.case, "booking": booking}


async def end_booking(uow: UnitOfWork, draft: BookingEndDraft) -> Changed:
    """Record that the interpreter came, did not come, or was not needed any more.

    Raises:
        AlreadyDecidedError: that was recorded before.
        InvalidInputError: one that was missed or cancelled has no reason.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such booking.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    row = await find(InterpreterBooking, draft.booking, lock=True)
    if row["status"] != "booked":
        raise AlreadyDecidedError(path=("input", "bookingId"))
    status = need_one_of(draft.status, ENDS, "input", "status")
    reason = maybe_text(draft.reason, "input", "reason", longest=500)
    if status != "held":
        need_text(reason, "input", "reason", longest=500)
    values = {"status": status, "reason": reason}
    await change(InterpreterBooking, draft.booking, draft.row_version, values)
    case = await find(Case, row["case_id"])
    uow.touched("InterpreterBooking", draft.booking, person=case["person_id"], fields=values)
    return {"case": row["case_id"], "booking": draft.booking}
