"""A note is added to a case; it is never changed afterwards."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.timeline import add_last
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import InvalidInputError
from cordee_core.notes.queries import written_note
from cordee_core.validation import FUTURE, need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteDraft:
    """What is noted, and when it took place if not now."""

    case: UUID
    text: str
    occurred_at: datetime | None = None


async def add_note(uow: UnitOfWork, draft: NoteDraft) -> Changed:
    """Add the note under the acting member's name.

    Raises:
        InvalidInputError: the text is empty or too long, or the moment lies ahead or has no zone.
        NotFoundError: there is no such case.
    """
    scope, moment = uow.scope, uow.scope.clock()
    scope.require(Permission.CASE_WRITE)
    text = need_text(draft.text, "input", "text", longest=20_000)
    occurred = draft.occurred_at or moment
    path = ("input", "occurredAt")
    if occurred.tzinfo is None:
        raise problem(path, "the moment has no time zone", "le moment n'a pas de fuseau horaire")
    if occurred > moment:
        raise InvalidInputError(path=path, problem=FUTURE)
    note = scope.new_id()
    along = written_note(note, text, occurred, scope.actor.id, moment)
    add_last(uow, draft.case, "note_added", along, "input", "caseId")
    uow.touched("Note", note)
    return {"note": note, "case": draft.case}
