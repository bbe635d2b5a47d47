"""Consents to case management, and the legal bases in their place."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from cordee_core.sharing.queries import consents_by_id
from cordee_graphql.context import Info
from cordee_graphql.enums import ConsentForm, ConsentPurpose, LegalBasis
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.types.below import BelowCase, rows_below
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.member import Member, member_named
from cordee_graphql.types.rows import from_row


@described
class Consent(BelowCase, Node):
    """A person's permission, or the legal basis in its place."""

    purpose: ConsentPurpose = strawberry.field(description="What it is for.")
    legal_basis: LegalBasis = strawberry.field(description="On what ground data are used.")
    legal_basis_note: str | None = strawberry.field(description="Which law, or a remark.")
    form: ConsentForm | None = strawberry.field(
        description="How it was given; null where the basis is not consent."
    )
    language: str = strawberry.field(description="In which language (ISO 639) it was asked.")
    given_on: date = strawberry.field(description="When it was given.")
    information_given_on: date = strawberry.field(description="When the person was informed.")
    recorded_at: datetime = strawberry.field(description="When it was recorded.")
    withdrawn_at: datetime | None = strawberry.field(description="When it was withdrawn.")
    withdrawal_note: str | None = strawberry.field(description="What the person said then.")
    row_version: int = strawberry.field(description="Raised by each change.")
    recorded_by_id: strawberry.Private[UUID]

    @field
    async def recorded_by(self, info: Info) -> Member | None:
        """Who recorded it."""
        return await member_named(info, self.recorded_by_id)

    @classmethod
    def of(cls, row: Mapping[str, object]) -> "Consent":
        """Return the consent in a row."""
        return from_row(cls, row, recorded_by_id=row["recorded_by"])

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Consent"]:
        """Return the consents of cases that the caller may read."""
        rows = await rows_below(operation, uuids, consents_by_id)
        return {row["id"]: cls.of(row) for row in rows}
