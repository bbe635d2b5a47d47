"""The circle of a case, and the interpreters booked for it."""

from datetime import date, datetime

from cordee_core.access.permissions import Permission
from cordee_core.circle import tables
from cordee_core.interpreters.tables import InterpreterBooking as BookingTable
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, named, one
from cordee_graphql.types.around_enums import (
    BookingStatus,
    CircleAccess,
    CircleKind,
    InterpreterMode,
)
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described
from cordee_graphql.types.member import Member


@described
class CircleMember(BelowCase, Node):
    """Somebody around the person in a case."""

    source = RowSource(table=tables.CircleMember, needs=Permission.CASE_READ, below=True)

    kind: CircleKind = column("What they are.")
    role: str = column("What they do for the person.")
    name: str | None = column("Their name, where they are neither member nor registered person.")
    organisation: str | None = column("Where they work.")
    reach: str | None = column("How they are reached.")
    access: CircleAccess = column("How much of the person they may see.")
    starts_on: date = column("Since when.")
    ends_on: date | None = column("Until when; null while they belong to it.")
    end_reason: str | None = column("Why it ended.")
    row_version: int = column("Raised by each change.")
    member = named("The member of the organisation, where it is one.", Member, "member_id")
    person = one(
        "The registered person, where it is one.", "cordee_graphql.types.person:Person", "person_id"
    )


@described
class InterpreterBooking(BelowCase, Node):
    """An interpreter booked for a contact."""

    source = RowSource(table=BookingTable, needs=Permission.CASE_READ, below=True)

    contact_at: datetime = column("When the contact is.")
    language: str = column("The language interpreted (ISO 639).")
    mode: InterpreterMode = column("How.")
    interpreter: str = column("Who interprets.")
    relative: bool = column("Whether it is a relative, who never serves for a consent.")
    status: BookingStatus = column("What became of it.")
    reason: str | None = column("Why it was missed or cancelled.")
    row_version: int = column("Raised by each change.")
    booked_by = named("Who booked.", Member, "booked_by")
