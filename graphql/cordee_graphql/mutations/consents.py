# mypy: disable-error-code="untyped-decorator"
"""Information and consent, or the legal basis in its place."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.sharing.record_consent import (
    ConsentDraft,
    WithdrawDraft,
    record_consent,
    withdraw_consent,
)
from cordee_graphql.context import Info
from cordee_graphql.enums import ConsentForm, ConsentPurpose, LegalBasis
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.consent import Consent


@strawberry.input(description="What the person was told and agreed to.")
class ConsentRecordInput:
    """A consent, or another legal basis."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    given_on: date = strawberry.field(description="When it was given; not in the future.")
    information_given_on: date = strawberry.field(
        description="When the person was informed; not after `givenOn`."
    )
    language: str = strawberry.field(description="ISO 639 code of the language it was given in.")
    purpose: ConsentPurpose = strawberry.field(
        default=ConsentPurpose.CASE_MANAGEMENT, description="What it is for."
    )
    legal_basis: LegalBasis = strawberry.field(
        default=LegalBasis.CONSENT, description="What permits the processing."
    )
    form: ConsentForm | None = strawberry.field(
        default=None, description="How it was given; needed with the basis `CONSENT`, only there."
    )
    legal_basis_note: str | None = strawberry.field(
        default=None, description="The law; needed with any basis but `CONSENT`."
    )
    person_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who consents, where the case is about a household."
    )
    interpreter_booking_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who interpreted, if anybody did; never a relative."
    )

    def draft(self) -> ConsentDraft:
        """Return what the use case takes."""
        return ConsentDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"), language=self.language,
            given_on=self.given_on, information_given_on=self.information_given_on,
            purpose=self.purpose.value, legal_basis=self.legal_basis.value,
            form=None if self.form is None else self.form.value,
            legal_basis_note=self.legal_basis_note,
            person=None
            if self.person_id is None
            else uuid_of(self.person_id, "Person", "input", "personId"),
            interpreter=None
            if self.interpreter_booking_id is None
            else uuid_of(
                self.interpreter_booking_id, "InterpreterBooking", "input", "interpreterBookingId"
            ),
        )  # fmt: skip


@strawberry.input(description="A consent that the person withdraws.")
class ConsentWithdrawInput:
    """The consent as read."""

    consent_id: strawberry.ID = strawberry.field(description="The consent.")
    row_version: int = strawberry.field(description="The consent's `rowVersion` as you read it.")
    note: str | None = strawberry.field(default=None, description="What the person said.")

    def draft(self) -> WithdrawDraft:
        """Return what the use case takes."""
        consent = uuid_of(self.consent_id, "Consent", "input", "consentId")
        return WithdrawDraft(consent=consent, row_version=self.row_version, note=self.note)


@strawberry.type
class ConsentPayload(CasePayload):
    """Base of payloads about a consent."""

    @strawberry.field(description="The consent.")
    async def consent(self, info: Info) -> Consent | None:
        """Return the consent."""
        return await load_node(info, Consent, self.changed.get("consent"))


@strawberry.type(description="The recorded consent and its case.")
class ConsentRecordPayload(ConsentPayload):
    """Payload of ``consentRecord``."""


@strawberry.type(description="The withdrawn consent and its case.")
class ConsentWithdrawPayload(ConsentPayload):
    """Payload of ``consentWithdraw``."""


@strawberry.type
class ConsentMutations:
    """Mutations of consents."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Record information and consent of the case's person, or the legal basis in its place.",
        )
    )
    async def consent_record(
        self, info: Info, given: Annotated[ConsentRecordInput, INPUT]
    ) -> ConsentRecordPayload | None:
        """Record a consent."""
        return await submit(info, ConsentRecordPayload, "consentRecord", record_consent, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE, "Withdraw a consent from now on. It stays on record."
        )
    )
    async def consent_withdraw(
        self, info: Info, given: Annotated[ConsentWithdrawInput, INPUT]
    ) -> ConsentWithdrawPayload | None:
        """Withdraw a consent."""
        return await submit(
            info, ConsentWithdrawPayload, "consentWithdraw", withdraw_consent, given
        )
