"""Consents to case management, and the legal bases in their place."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.sharing import tables
from cordee_core.sharing.queries import consents_by_id
from cordee_graphql.enums import ConsentForm, ConsentPurpose, LegalBasis
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import RowSource, column, named
from cordee_graphql.types.below import BelowCase, rows_below
from cordee_graphql.types.declaring import described
from cordee_graphql.types.member import Member
from cordee_graphql.types.rows import from_row


@described
class Consent(BelowCase, Node):
    """A person's permission, or the legal basis in its place."""

    source = RowSource(table=tables.Consent, needs=Permission.CASE_READ, below=True)

    purpose: ConsentPurpose = column("What it is for.")
    legal_basis: LegalBasis = column("On what ground data are used.")
    legal_basis_note: str | None = column("Which law, or a remark.")
    form: ConsentForm | None = column("How it was given; null where the basis is not consent.")
    language: str = column("In which language (ISO 639) it was asked.")
    given_on: date = column("When it was given.")
    information_given_on: date = column("When the person was informed.")
    recorded_at: datetime = column("When it was recorded.")
    withdrawn_at: datetime | None = column("When it was withdrawn.")
    withdrawal_note: str | None = column("What the person said then.")
    row_version: int = column("Raised by each change.")

    recorded_by = named("Who recorded it.", Member, "recorded_by")

    @classmethod
    def of(cls, row: Mapping[str, object]) -> "Consent":
        """Return the consent in a row."""
        return from_row(cls, row)

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Consent"]:
        """Return the consents of cases that the caller may read."""
        rows = await rows_below(operation, uuids, consents_by_id)
        return {row["id"]: cls.of(row) for row in rows}
