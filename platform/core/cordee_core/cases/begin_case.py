"""A case comes into being at intake, under a number that says nothing of the person."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from cordee_core.cases.enter_stage import Entry, record_change
from cordee_core.cases.subject import Subject, place_household
from cordee_core.cases.tables import Case
from cordee_core.database.rows import Found, insert, next_number
from cordee_core.database.unit_of_work import UnitOfWork
from cordee_core.errors import DuplicateCaseError
from cordee_core.people.reference import drawn_reference
from cordee_core.programmes.pairing import model_for_case
from cordee_core.tallies.queries import count_on


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """Whom the case is about, in which version of which programme, and who asked.

    Where the programme runs under several models, `model` names the one of this case.
    """

    subject: Subject
    programme: UUID
    version: Found
    team: UUID | None
    source: str
    detail: str | None
    requested_on: date
    model: UUID | None = None


async def begin_case(uow: UnitOfWork, opening: Opening) -> tuple[UUID, str]:
    """Write the case with the first row of its history; return its id and number.

    Raises:
        InvalidInputError, NotFoundError, TransitionBlockedError: see `model_for_case`.
        DuplicateCaseError: whoever it is about has an open case in this programme.
    """
    scope, moment = uow.scope, uow.scope.clock()
    case, subject, version = scope.new_id(), opening.subject, opening.version
    model_version = await model_for_case(version, opening.model, moment.date())
    if subject.protected:
        number = drawn_reference()
    else:
        number = await next_number(scope.tenant, "case", moment.year)
    try:
        await insert(
            Case(
                tenant_id=scope.tenant, id=case, number=number, **subject.columns(),
                programme_id=opening.programme, programme_version_id=version["id"],
                model_version_id=model_version, team_id=opening.team,
                stage="intake", stage_since=moment, request_source=opening.source,
                request_detail=opening.detail, requested_on=opening.requested_on,
                opened_at=moment, opened_by=scope.actor.id,
            )
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        raise DuplicateCaseError(path=("input", "personId")) from error
    await record_change(uow, case, 1, None, Entry("intake", 1))
    await place_household(uow, case, subject.household, moment.date())
    await count_on(scope.tenant, {("case_stage", "intake"): 1})
    uow.touched("Case", case, person=subject.person)
    uow.subjects.update(subject.household)
    uow.emit("cordee_case_opened", case=case)
    return case, number
