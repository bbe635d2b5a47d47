"""A case is opened at intake, for a person, a household or a group, in an active programme."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.begin_case import Opening, begin_case
from cordee_core.cases.subject import Subject, take_subject
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import TransitionBlockedError
from cordee_core.languages import catalogue
from cordee_core.members.tables import Team
from cordee_core.programmes.queries import current_version
from cordee_core.programmes.tables import Programme
from cordee_core.validation import maybe_text, need_one_of, need_past

SOURCES = ("self", "relative", "professional", "organisation", "outreach", "other")


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseDraft:
    """Who asks for support, for whom, in which programme.

    `person` says whose case it is; without one it is about the `household` of these persons, or
    about the `group` of that label and size.
    """

    person: UUID | None = None
    programme: UUID
    request_source: str
    requested_on: date
    request_detail: str | None = None
    team: UUID | None = None
    household: tuple[UUID, ...] = ()
    household_id: UUID | None = None
    group_label: str | None = None
    group_size: int | None = None
    model: UUID | None = None


async def open_case(uow: UnitOfWork, draft: CaseDraft) -> Changed:
    """Open the case under a neutral number and the versions in force now.

    Plugins learn of it after the transaction commits, once or more.

    Raises:
        DuplicateCaseError: the person has an open case in this programme.
        TransitionBlockedError: the programme is not active, or the model does not carry it.
        NotFoundError: person, programme or team is not one of the tenant's.
        InvalidInputError: a value is missing or malformed.
    """
    scope = uow.scope
    scope.require(Permission.CASE_OPEN)
    moment = scope.clock()
    source = need_one_of(draft.request_source, SOURCES, "input", "requestSource")
    detail = maybe_text(draft.request_detail, "input", "requestDetail", longest=2000)
    need_past(draft.requested_on, moment.date(), "input", "requestedOn")
    subject = await take_subject(
        Subject(
            person=draft.person, household=draft.household, household_id=draft.household_id,
            group_label=draft.group_label, group_size=draft.group_size,
        )
    )  # fmt: skip
    version = await _version(draft)
    opening = Opening(
        subject=subject, programme=draft.programme, version=version, team=draft.team,
        source=source, detail=detail, requested_on=draft.requested_on, model=draft.model,
    )  # fmt: skip
    case, number = await begin_case(uow, opening)
    params = {"number": number, "source": catalogue("words")[f"source_{source}"]}
    await add_entry(scope, case, "case_opened", params=params)
    return {"case": case}


async def _version(draft: CaseDraft) -> Found:
    """Return the programme's version in force. Raises where one of the draft's ids is not ours."""
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
