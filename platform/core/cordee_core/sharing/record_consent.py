"""Information and consent to case management, or the legal basis in their place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.guards import objection
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.contracts import Objection, TransitionRequest
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError, InvalidInputError
from cordee_core.languages import catalogue
from cordee_core.markers import hookimpl
from cordee_core.sharing.queries import cases_with_consent
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

PURPOSES = ("case_management",)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawDraft:
    """The consent as it was read, and what the person said."""

    consent: UUID
    row_version: int
    note: str | None = None


async def record_consent(uow: UnitOfWork, draft: ConsentDraft) -> Changed:
    """Record the consent of the case's person.

    Raises:
        InvalidInputError: a value is missing or malformed: a consent has a form, another basis
            names its law; information comes before consent.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    case = await find(Case, draft.case, lock=True)
    today = scope.clock().date()
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
            tenant_id=scope.tenant, id=identifier, person_id=case["person_id"], case_id=draft.case,
            purpose=need_one_of(draft.purpose, PURPOSES, "input", "purpose"),
            legal_basis=draft.legal_basis, legal_basis_note=note, form=draft.form,
            language=need_language(draft.language, "input", "language"), given_on=draft.given_on,
            information_given_on=draft.information_given_on, recorded_by=scope.actor.id,
            recorded_at=scope.clock(),
        )
    )  # fmt: skip
    params = {"basis": catalogue("words")[f"basis_{draft.legal_basis}"]}
    await add_entry(scope, draft.case, "consent_recorded", params=params)
    uow.touched("Consent", identifier, person=case["person_id"])
    uow.emit("cordee_consent_changed", case=draft.case, consent=identifier)
    return {"consent": identifier, "case": draft.case}


async def withdraw_consent(uow: UnitOfWork, draft: WithdrawDraft) -> Changed:
    """Withdraw a consent from now on.

    Raises:
        AlreadyDecidedError: it was withdrawn before.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such consent.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    consent = await find(Consent, draft.consent, lock=True)
    if consent["withdrawn_at"] is not None:
        raise AlreadyDecidedError(path=("input", "consentId"))
    note = maybe_text(draft.note, "input", "note", longest=2000)
    values = {"withdrawn_at": scope.clock(), "withdrawal_note": note}
    await change(Consent, draft.consent, draft.row_version, values)
    await add_entry(scope, consent["case_id"], "consent_withdrawn")
    uow.touched("Consent", draft.consent, person=consent["person_id"], fields=values)
    uow.emit("cordee_consent_changed", case=consent["case_id"], consent=draft.consent)
    return {"consent": draft.consent, "case": consent["case_id"]}


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


class ConsentGuard:
    """No assessment without information and consent (or a named legal basis) that still hold."""

    @hookimpl
    async def cordee_check_transitions(
        self, requests: Sequence[TransitionRequest]
    ) -> Iterable[Objection]:
        """Object to each case whose consent is missing or withdrawn."""
        asked = [request for request in requests if request.target == "assessment"]
        covered = await cases_with_consent(request.case.id for request in asked)
        return [
            objection(request.case.id, "consent_missing")
            for request in asked
            if request.case.id not in covered
        ]
