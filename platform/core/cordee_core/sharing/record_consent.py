"""Information and consent to case management, or the legal basis in their place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cordee_core.access.permissions import Permission, Reach
from cordee_core.access.scope import Scope
from cordee_core.cases.guards import against
from cordee_core.cases.lifecycle import WORKING
from cordee_core.cases.queries import persons_in_household
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.contracts import Objection, TransitionRequest
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError, InvalidInputError, NotFoundError
from cordee_core.interpreters.tables import InterpreterBooking
from cordee_core.languages import catalogue
from cordee_core.markers import hookimpl
from cordee_core.sharing.queries import Given, consents_of, households_of
from cordee_core.sharing.tables import Consent
from cordee_core.validation import (
    EMPTY,
    maybe_text,
    need_language,
    need_one_of,
    need_past,
    need_text,
    problem,
)

PURPOSES = ("case_management", "transfer")
BASES = ("consent", "legal_obligation", "public_task", "vital_interest")
FORMS = ("signed", "verbal", "representative")


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentDraft:
    """What was told and agreed: when, in which language, in which form, on which basis."""

    case: UUID
    language: str
    given_on: date
    information_given_on: date
    purpose: str = "case_management"
    legal_basis: str = "consent"
    form: str | None = None
    legal_basis_note: str | None = None
    person: UUID | None = None
    interpreter: UUID | None = None
    """The booking of the interpreter through whom the person was informed and agreed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawDraft:
    """The consent as it was read, and what the person said."""

    consent: UUID
    row_version: int
    note: str | None = None


async def record_consent(uow: UnitOfWork, draft: ConsentDraft) -> Changed:
    """Record the consent of the case's person, or of one of its household; they may themselves.

    Raises:
        InvalidInputError: a value is missing or malformed: a consent has a form, another basis
            names its law; information comes before consent; a relative interpreted.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    own = _speaks_for(scope, draft.legal_basis)
    case = await find(Case, draft.case, lock=True)
    today = scope.clock().date()
    person = await _whose(case, draft.person)
    if own not in (None, person):
        raise NotFoundError(identifier=draft.case)
    await _need_interpreter(draft)
    note = _basis(draft)
    need_past(draft.given_on, today, "input", "givenOn")
    if draft.information_given_on > draft.given_on:
        raise problem(
            ("input", "informationGivenOn"),
            "the person is informed before they agree",
            "la personne est informée avant de donner son accord",
        )
    identifier = scope.new_id()
    await insert(
        Consent(
            tenant_id=scope.tenant, id=identifier, person_id=person, case_id=draft.case,
            purpose=need_one_of(draft.purpose, PURPOSES, "input", "purpose"),
            legal_basis=draft.legal_basis, legal_basis_note=note, form=draft.form,
            language=need_language(draft.language, "input", "language"), given_on=draft.given_on,
            information_given_on=draft.information_given_on, recorded_by=scope.actor.id,
            recorded_at=scope.clock(), interpreter_booking_id=draft.interpreter,
        )
    )  # fmt: skip
    params = {"basis": catalogue("words")[f"basis_{draft.legal_basis}"]}
    await add_entry(scope, draft.case, "consent_recorded", params=params)
    uow.touched("Consent", identifier, person=person)
    uow.emit("cordee_consent_changed", case=draft.case, consent=identifier)
    return {"consent": identifier, "case": draft.case}


async def withdraw_consent(uow: UnitOfWork, draft: WithdrawDraft) -> Changed:
    """Withdraw a consent from now on; the person may withdraw their own.

    Raises:
        AlreadyDecidedError: it was withdrawn before.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such consent.
    """
    scope = uow.scope
    own = _speaks_for(scope, "consent")
    consent = await find(Consent, draft.consent, lock=True)
    if own not in (None, consent["person_id"]):
        raise NotFoundError(identifier=draft.consent)
    if consent["withdrawn_at"] is not None:
        raise AlreadyDecidedError(path=("input", "consentId"))
    note = maybe_text(draft.note, "input", "note", longest=2000)
    values = {"withdrawn_at": scope.clock(), "withdrawal_note": note}
    await change(Consent, draft.consent, draft.row_version, values)
    await add_entry(scope, consent["case_id"], "consent_withdrawn")
    uow.touched("Consent", draft.consent, person=consent["person_id"], fields=values)
    uow.emit("cordee_consent_changed", case=consent["case_id"], consent=draft.consent)
    return {"consent": draft.consent, "case": consent["case_id"]}


def _speaks_for(scope: Scope, basis: str) -> UUID | None:
    """Return for whom the caller may speak: None for anybody, or the person that they are.

    Raises:
        ForbiddenError: for nobody; no basis but consent is the person's own to claim.
    """
    if basis == "consent" and scope.permissions.get(Permission.VOICE_WRITE) is Reach.SELF:
        return scope.own_only(Permission.VOICE_WRITE)
    scope.require(Permission.CASE_WRITE)
    return None


async def _need_interpreter(draft: ConsentDraft) -> None:
    """Refuse a consent through a relative, who never serves for it."""
    if draft.interpreter is None:
        return
    booking = await find(InterpreterBooking, draft.interpreter)
    path = ("input", "interpreterBookingId")
    if booking["case_id"] != draft.case:
        raise NotFoundError(path=path)
    if booking["relative"]:
        raise problem(
            path,
            "a relative never interprets a consent: book somebody else",
            "un proche n'interprète jamais un consentement : réservez quelqu'un d'autre",
        )


def _basis(draft: ConsentDraft) -> str | None:
    """Return the note on the legal basis, checked against basis and form."""
    need_one_of(draft.legal_basis, BASES, "input", "legalBasis")
    if draft.legal_basis == "consent":
        if draft.form is None:
            raise InvalidInputError(path=("input", "form"), problem=EMPTY)
        need_one_of(draft.form, FORMS, "input", "form")
        return maybe_text(draft.legal_basis_note, "input", "legalBasisNote", longest=2000)
    if draft.form is not None:
        raise problem(
            ("input", "form"),
            "only a consent has a form",
            "seul un consentement a une forme",
        )
    return need_text(draft.legal_basis_note, "input", "legalBasisNote", longest=2000)


async def _whose(case: Found, named: UUID | None) -> UUID:
    """Return who consents. Raises InvalidInputError where the case is not about them."""
    if case["subject_kind"] == "household":
        persons = await persons_in_household(case["id"])
    else:
        persons = [case["person_id"]] if case["person_id"] is not None else []
    person = persons[0] if named is None and len(persons) == 1 else named
    if person is None or person not in persons:
        raise problem(
            ("input", "personId"),
            "say who of the persons of this case consents",
            "dites laquelle des personnes de ce suivi consent",
        )
    return person


class ConsentGuard:
    """No assessment without information and consent (or a named legal basis) that still hold.

    After a reopening they are given again; a transfer has a consent of its own.
    """

    @hookimpl
    async def cordee_check_transitions(
        self, requests: Sequence[TransitionRequest]
    ) -> Iterable[Objection]:
        """Object to each case whose consent is missing, withdrawn or older than its reopening."""
        asked = [one for one in requests if _code(one) is not None]
        given = await consents_of({one.case.id for one in asked})
        joint = {one.case.id for one in asked if one.facts.get("subject_kind") == "household"}
        households = await households_of(joint) if joint else {}
        found = []
        for request in asked:
            own = {request.case.person_id} if request.case.person_id is not None else set()
            persons = households.get(request.case.id, own)
            if persons - _covered(request, given.get(request.case.id, [])):
                found.append(against(request, str(_code(request))))
        return found


def _code(request: TransitionRequest) -> str | None:
    """Return what is objected where consent is missing; None where none is asked for."""
    if request.target == "transferred":
        return "transfer_consent_missing"
    if request.source == "reopened" and request.target in WORKING:
        return "consent_asked_again"
    return "consent_missing" if request.target == "assessment" else None


def _covered(request: TransitionRequest, given: Iterable[Given]) -> set[UUID]:
    """Return the persons whose consent covers the request."""
    purpose = "transfer" if request.target == "transferred" else "case_management"
    since = request.facts.get("reopened_at")
    return {
        one.person
        for one in given
        if one.purpose == purpose and (not isinstance(since, datetime) or one.at >= since)
    }
