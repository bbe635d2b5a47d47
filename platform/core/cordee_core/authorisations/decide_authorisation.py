"""A service is authorised or not, by a role that the case's model names; it can be withdrawn."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.authorisations.tables import Authorisation
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError, ForbiddenError
from cordee_core.programmes.model import SERVICE_AUTHORISE, parse_model
from cordee_core.programmes.tables import ModelVersion
from cordee_core.services.tables import Service
from cordee_core.validation import need_one_of, need_text, problem

DECISIONS = ("granted", "refused")


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorisationDraft:
    """The case, the service, the decision, its term and its reason."""

    case: UUID
    service: UUID
    decision: str
    reason: str
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorisationEnd:
    """The authorisation as it was read, and why it ends."""

    authorisation: UUID
    row_version: int
    reason: str


async def decide_authorisation(uow: UnitOfWork, draft: AuthorisationDraft) -> Changed:
    """Record whether the service may be given in the case.

    Raises:
        ForbiddenError: the case's model names other roles for it, or none.
        InvalidInputError: a value is missing or malformed.
        NotFoundError: there is no such case or service.
    """
    scope = uow.scope
    scope.require(Permission.CASE_DECIDE)
    case, service = await find(Case, draft.case), await find(Service, draft.service)
    role = await _role(scope, case)
    decision = need_one_of(draft.decision, DECISIONS, "input", "decision")
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    begin = draft.valid_from or scope.clock().date()
    if draft.valid_until is not None and draft.valid_until < begin:
        raise problem(
            ("input", "validUntil"),
            "the authorisation would end before it begins",
            "l'autorisation finirait avant de commencer",
        )
    identifier = scope.new_id()
    await insert(
        Authorisation(
            tenant_id=scope.tenant, id=identifier, case_id=draft.case, service_id=draft.service,
            decision=decision, reason=reason, role=role, valid_from=begin,
            valid_until=draft.valid_until, decided_by=scope.actor.id, decided_at=scope.clock(),
        )
    )  # fmt: skip
    kind = "service_authorised" if decision == "granted" else "service_not_authorised"
    await add_entry(scope, draft.case, kind, params={"service": service["name"], "reason": reason})
    uow.touched("Authorisation", identifier, person=case["person_id"])
    return {"authorisation": identifier, "case": draft.case}


async def withdraw_authorisation(uow: UnitOfWork, draft: AuthorisationEnd) -> Changed:
    """End an authorisation now.

    Raises:
        ForbiddenError: the case's model names other roles for it, or none.
        AlreadyDecidedError: it was withdrawn before.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such authorisation.
    """
    scope = uow.scope
    scope.require(Permission.CASE_DECIDE)
    row = await find(Authorisation, draft.authorisation, lock=True)
    case = await find(Case, row["case_id"])
    await _role(scope, case)
    if row["withdrawn_at"] is not None:
        raise AlreadyDecidedError(path=("input", "authorisationId"))
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    values = {
        "withdrawn_at": scope.clock(), "withdrawn_by": scope.actor.id, "withdrawal_reason": reason,
    }  # fmt: skip
    await change(Authorisation, draft.authorisation, draft.row_version, values)
    service = await find(Service, row["service_id"])
    params = {"service": service["name"], "reason": reason}
    await add_entry(scope, row["case_id"], "authorisation_withdrawn", params=params)
    uow.touched("Authorisation", draft.authorisation, person=case["person_id"], fields=values)
    return {"authorisation": draft.authorisation, "case": row["case_id"]}


async def _role(scope: Scope, case: Found) -> str:
    """Return the role by which the caller authorises. Raises ForbiddenError."""
    version = await find(ModelVersion, case["model_version_id"])
    named = parse_model(version["definition"]).approvers(SERVICE_AUTHORISE)
    for role in scope.actor.roles:
        if role in named:
            return role
    raise ForbiddenError(permission=SERVICE_AUTHORISE)
