"""A volunteer or community worker writes a report or a visit; it is never changed afterwards."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import InvalidInputError, NotFoundError
from cordee_core.reports.tables import FieldAssignment, FieldReport
from cordee_core.validation import FUTURE, need_one_of, need_text, problem

KINDS = ("report", "visit")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportDraft:
    """What was done or seen, by which assignment, when."""

    assignment: UUID
    kind: str
    text: str
    occurred_at: datetime | None = None


async def add_report(uow: UnitOfWork, draft: ReportDraft) -> Changed:
    """Add the report under the acting member's name.

    Raises:
        NotFoundError: there is no such assignment, or it is somebody else's.
        InvalidInputError: it has ended, the text is empty or too long, or the moment lies ahead or
            has no zone.
    """
    scope, moment = uow.scope, uow.scope.clock()
    scope.reach(Permission.REPORT_WRITE)
    found = await find(FieldAssignment, draft.assignment)
    path: tuple[str | int, ...] = ("input", "assignmentId")
    if found["member_id"] != scope.actor.id:
        raise NotFoundError(path=path, identifier=draft.assignment)
    if found["ends_on"] is not None and found["ends_on"] < moment.date():
        raise problem(path, "the assignment has ended", "cette affectation est terminée")
    text = need_text(draft.text, "input", "text", longest=20_000)
    kind = need_one_of(draft.kind, KINDS, "input", "kind")
    occurred, path = draft.occurred_at or moment, ("input", "occurredAt")
    if occurred.tzinfo is None:
        raise problem(path, "the moment has no time zone", "le moment n'a pas de fuseau horaire")
    if occurred > moment:
        raise InvalidInputError(path=path, problem=FUTURE)
    case, report = await find(Case, found["case_id"]), scope.new_id()
    await insert(
        FieldReport(
            tenant_id=scope.tenant, id=report, assignment_id=found["id"], case_id=case["id"],
            author_id=scope.actor.id, kind=kind, text=text, occurred_at=occurred, created_at=moment,
        )
    )  # fmt: skip
    params = {"member": scope.actor.display_name}
    await add_entry(scope, case["id"], f"field_{kind}_added", params=params)
    uow.touched("FieldReport", report, person=case["person_id"])
    return {"report": report}
