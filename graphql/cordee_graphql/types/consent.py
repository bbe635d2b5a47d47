"""Consents to case management, and the legal bases in their place."""

from datetime import date, datetime

from cordee_core.access.permissions import Permission
from cordee_core.sharing import tables
from cordee_graphql.enums import ConsentForm, ConsentPurpose, LegalBasis
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, named
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described
from cordee_graphql.types.member import Member


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
