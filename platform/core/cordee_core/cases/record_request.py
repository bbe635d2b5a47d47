"""A request that needs no case: it ends as information or orientation, and is counted."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.open_case import SOURCES
from cordee_core.cases.tables import Request
from cordee_core.database.rows import find, insert, next_number
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.people.tables import Person
from cordee_core.tallies.queries import count_on
from cordee_core.validation import need_one_of, need_past, need_text

OUTCOMES = ("information", "orientation")


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestDraft:
    """Who asked for what, and what they were told or where they were sent."""

    source: str
    outcome: str
    topic: str
    answer: str
    received_on: date
    person: UUID | None = None


async def record_request(uow: UnitOfWork, draft: RequestDraft) -> Changed:
    """Record the request under a number of its own; the person may stay unknown.

    Raises:
        InvalidInputError: a value is missing or malformed.
        NotFoundError: there is no such person.
    """
    scope, moment = uow.scope, uow.scope.clock()
    scope.require(Permission.CASE_OPEN)
    outcome = need_one_of(draft.outcome, OUTCOMES, "input", "outcome")
    source = need_one_of(draft.source, SOURCES, "input", "requestSource")
    topic = need_text(draft.topic, "input", "topic", longest=2000)
    answer = need_text(draft.answer, "input", "answer", longest=5000)
    need_past(draft.received_on, moment.date(), "input", "receivedOn")
    person = None if draft.person is None else await find(Person, draft.person)
    request = scope.new_id()
    number = await next_number(scope.tenant, "request", moment.year)
    await insert(
        Request(
            tenant_id=scope.tenant, id=request, number=number, outcome=outcome,
            request_source=source, person_id=draft.person,
            protected=person is not None and person["protected"], topic=topic, answer=answer,
            received_on=draft.received_on, recorded_at=moment, recorded_by=scope.actor.id,
        )
    )  # fmt: skip
    await count_on(scope.tenant, {("request_outcome", outcome): 1})
    uow.touched("Request", request, person=draft.person)
    return {"request": request}
