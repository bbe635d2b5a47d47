"""A case is opened at intake, for a registered person, in an active programme."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, find, insert, next_number
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import DuplicateCaseError, TransitionBlockedError
from cordee_core.languages import catalogue
from cordee_core.members.tables import Team
from cordee_core.people.tables import Person
from cordee_core.programmes.queries import current_version
from cordee_core.programmes.tables import Programme
from cordee_core.tallies.queries import count_on
from cordee_core.validation import maybe_text, need_one_of, need_past

SOURCES = ("self", "relative", "professional", "organisation", "outreach", "other")


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseDraft:
    """Who asks for support, for whom, in which programme."""

    person: UUID
    programme: UUID
    request_source: str
    requested_on: date
    request_detail: str | None = None
    team: UUID | None = None


async def open_case(uow: UnitOfWork, draft: CaseDraft) -> Changed:
    """Open the case under a neutral number and the versions in force now.

    Plugins learn of it after the transaction commits, once or more.

    Raises:
        DuplicateCaseError: the person has an open case in this programme.
        TransitionBlockedError: the programme is not active.
        NotFoundError: person, programme or team is not one of the tenant's.
        InvalidInputError: a value is missing or malformed.
    """
    scope = uow.scope
    scope.require(Permission.CASE_OPEN)
    moment = scope.clock()
    source = need_one_of(draft.request_source, SOURCES, "input", "requestSource")
    detail = maybe_text(draft.request_detail, "input", "requestDetail", longest=2000)
    need_past(draft.requested_on, moment.date(), "input", "requestedOn")
    version = await _version(draft)
    case = scope.new_id()
    number = await next_number(scope.tenant, "case", moment.year)
    try:
        await insert(
            Case(
                tenant_id=scope.tenant, id=case, number=number, person_id=draft.person,
                programme_id=draft.programme, programme_version_id=version["id"],
                model_version_id=version["model_version_id"], team_id=draft.team, stage="intake",
                request_source=source, request_detail=detail, requested_on=draft.requested_on,
                opened_at=moment, opened_by=scope.actor.id,
            )
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        raise DuplicateCaseError(path=("input", "personId")) from error
    await count_on(scope.tenant, {("case_stage", "intake"): 1})
    params = {"number": number, "source": catalogue("words")[f"source_{source}"]}
    await add_entry(scope, case, "case_opened", params=params)
    uow.touched("Case", case, person=draft.person)
    uow.emit("cordee_case_opened", case=case)
    return {"case": case}


async def _version(draft: CaseDraft) -> Found:
    """Return the programme's version in force. Raises where one of the draft's ids is not ours."""
    await find(Person, draft.person)
    programme = await find(Programme, draft.programme)
    if draft.team is not None:
        await find(Team, draft.team)
    version = await current_version(draft.programme)
    if version is None or programme["status"] != "active":
        raise TransitionBlockedError(
            path=("input", "programmeId"), codes=["programme_not_active"],
            objections=catalogue("objections")["programme_not_active"],
        )  # fmt: skip
    return version
