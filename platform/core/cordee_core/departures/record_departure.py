"""What was done otherwise than a method says is recorded, with the reason; it is never blocked."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.departures.tables import MethodDeparture
from cordee_core.programmes.definition import parse_draft
from cordee_core.programmes.method import Method
from cordee_core.programmes.tables import ProgrammeVersion
from cordee_core.validation import maybe_text, need_past, need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class DepartureDraft:
    """The method of the case's programme, perhaps its episode, what was done otherwise, and why."""

    case: UUID
    method: str
    departure: str
    reason: str
    episode: str | None = None
    occurred_on: date | None = None


async def record_departure(uow: UnitOfWork, draft: DepartureDraft) -> Changed:
    """Record the departure, whatever stage the case is in.

    Raises:
        InvalidInputError: the case's programme has no such method or episode; a text is missing.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    case = await find(Case, draft.case)
    version = await find(ProgrammeVersion, case["programme_version_id"])
    method = _method(parse_draft(version["definition"]).methods, draft.method)
    episode = maybe_text(draft.episode, "input", "episode")
    if episode is not None and episode not in {one.code for one in method.episodes}:
        raise problem(
            ("input", "episode"),
            "the method has no such episode",
            "la méthode n'a pas cet épisode",
        )
    on = draft.occurred_on or scope.clock().date()
    need_past(on, scope.clock().date(), "input", "occurredOn")
    what = need_text(draft.departure, "input", "departure", longest=2000)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    identifier = scope.new_id()
    await insert(
        MethodDeparture(
            tenant_id=scope.tenant, id=identifier, case_id=draft.case, method=method.code,
            episode=episode, departure=what, reason=reason, occurred_on=on,
            recorded_by=scope.actor.id, recorded_at=scope.clock(),
        )
    )  # fmt: skip
    params = {"method": dict(method.name), "departure": what, "reason": reason}
    await add_entry(scope, draft.case, "method_departure", params=params)
    uow.touched("MethodDeparture", identifier, person=case["person_id"])
    return {"method_departure": identifier, "case": draft.case}


def _method(methods: tuple[Method, ...], wanted: str) -> Method:
    for one in methods:
        if one.code == wanted:
            return one
    raise problem(
        ("input", "method"),
        "the case's programme has no such method",
        "le programme du suivi n'a pas cette méthode",
    )
