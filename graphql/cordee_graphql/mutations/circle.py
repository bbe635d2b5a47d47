# mypy: disable-error-code="untyped-decorator"
"""The circle of a case, and interpreters for its contacts."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.circle import join_circle as circle
from cordee_core.interpreters import book_interpreter as booking
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.around_enums import (
    BookingStatus,
    CircleAccess,
    CircleKind,
    InterpreterMode,
)
from cordee_graphql.types.circle import CircleMember, InterpreterBooking

_VERSION = "Its `rowVersion` as you read it."
_WRITE = Permission.CASE_WRITE


@strawberry.input(description="Somebody who joins the circle: one of the three who may be named.")
class CircleJoinInput:
    """Who joins, as what."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    kind: CircleKind = strawberry.field(description="What they are.")
    role: str = strawberry.field(description="What they do for the person.")
    starts_on: date = strawberry.field(description="Since when; not in the future.")
    member_id: strawberry.ID | None = strawberry.field(
        default=None, description="A member of the organisation."
    )
    person_id: strawberry.ID | None = strawberry.field(
        default=None, description="A registered person, such as a relative."
    )
    name: str | None = strawberry.field(default=None, description="Anybody else, by name.")
    organisation: str | None = strawberry.field(default=None, description="Where they work.")
    reach: str | None = strawberry.field(default=None, description="How they are reached.")
    access: CircleAccess = strawberry.field(
        default=CircleAccess.NONE,
        description="How much of the person a member may see, should the person be protected.",
    )

    def draft(self) -> circle.CircleDraft:
        """Return what the use case takes."""
        member, person = self.member_id, self.person_id
        return circle.CircleDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"), kind=self.kind.value,
            role=self.role, starts_on=self.starts_on, name=self.name,
            organisation=self.organisation, reach=self.reach, access=self.access.value,
            member=None if member is None else uuid_of(member, "Member", "input", "memberId"),
            person=None if person is None else uuid_of(person, "Person", "input", "personId"),
        )  # fmt: skip


@strawberry.input(description="Somebody who leaves the circle.")
class CircleLeaveInput:
    """Who, when, why."""

    circle_member_id: strawberry.ID = strawberry.field(description="Their place in the circle.")
    row_version: int = strawberry.field(description=_VERSION)
    ends_on: date = strawberry.field(description="The day it ended; not in the future.")
    reason: str = strawberry.field(description="Why.")

    def draft(self) -> circle.CircleEndDraft:
        """Return what the use case takes."""
        row = uuid_of(self.circle_member_id, "CircleMember", "input", "circleMemberId")
        return circle.CircleEndDraft(
            circle_member=row, row_version=self.row_version, ends_on=self.ends_on,
            reason=self.reason,
        )  # fmt: skip


@strawberry.input(description="An interpreter for a contact.")
class InterpreterBookInput:
    """Who interprets what, when, how."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    contact_at: datetime = strawberry.field(description="When the contact is, with a time zone.")
    language: str = strawberry.field(description="The language to interpret (ISO 639).")
    mode: InterpreterMode = strawberry.field(description="How.")
    interpreter: str = strawberry.field(description="Who interprets.")
    relative: bool = strawberry.field(
        description="Whether it is a relative. That is recorded, and never serves for a consent."
    )

    def draft(self) -> booking.BookingDraft:
        """Return what the use case takes."""
        return booking.BookingDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"), contact_at=self.contact_at,
            language=self.language, mode=self.mode.value, interpreter=self.interpreter,
            relative=self.relative,
        )  # fmt: skip


@strawberry.input(description="What became of a booking.")
class InterpreterBookingEndInput:
    """Which, what, why."""

    booking_id: strawberry.ID = strawberry.field(description="The booking.")
    row_version: int = strawberry.field(description=_VERSION)
    status: BookingStatus = strawberry.field(description="`HELD`, `MISSED` or `CANCELLED`.")
    reason: str | None = strawberry.field(default=None, description="Why; needed but for `HELD`.")

    def draft(self) -> booking.BookingEndDraft:
        """Return what the use case takes."""
        row = uuid_of(self.booking_id, "InterpreterBooking", "input", "bookingId")
        return booking.BookingEndDraft(
            booking=row, row_version=self.row_version, status=self.status.value, reason=self.reason
        )


@strawberry.type
class CirclePayload(CasePayload):
    """Base of payloads about the circle."""

    @strawberry.field(description="The place in the circle.")
    async def circle_member(self, info: Info) -> CircleMember | None:
        """Return the place in the circle."""
        return await load_node(info, CircleMember, self.changed.get("circle_member"))


@strawberry.type(description="The place in the circle, and the case.")
class CircleJoinPayload(CirclePayload):
    """Payload of ``circleJoin``."""


@strawberry.type(description="The place in the circle, and the case.")
class CircleLeavePayload(CirclePayload):
    """Payload of ``circleLeave``."""


@strawberry.type
class InterpreterBookingPayload(CasePayload):
    """Base of payloads about bookings."""

    @strawberry.field(description="The booking.")
    async def booking(self, info: Info) -> InterpreterBooking | None:
        """Return the booking."""
        return await load_node(info, InterpreterBooking, self.changed.get("booking"))


@strawberry.type(description="The booking, and the case.")
class InterpreterBookPayload(InterpreterBookingPayload):
    """Payload of ``interpreterBook``."""


@strawberry.type(description="The booking, and the case.")
class InterpreterBookingEndPayload(InterpreterBookingPayload):
    """Payload of ``interpreterBookingEnd``."""


@strawberry.type
class CircleMutations:
    """Mutations of the circle and of bookings."""

    @strawberry.mutation(description=needs(_WRITE, "Put somebody into the circle of a case."))
    async def circle_join(
        self, info: Info, given: Annotated[CircleJoinInput, INPUT]
    ) -> CircleJoinPayload | None:
        """Put somebody into the circle."""
        return await submit(info, CircleJoinPayload, "circleJoin", circle.join_circle, given)

    @strawberry.mutation(
        description=needs(_WRITE, "End a place in the circle, and the access that came with it.")
    )
    async def circle_leave(
        self, info: Info, given: Annotated[CircleLeaveInput, INPUT]
    ) -> CircleLeavePayload | None:
        """End a place in the circle."""
        return await submit(info, CircleLeavePayload, "circleLeave", circle.leave_circle, given)

    @strawberry.mutation(description=needs(_WRITE, "Book an interpreter for a contact."))
    async def interpreter_book(
        self, info: Info, given: Annotated[InterpreterBookInput, INPUT]
    ) -> InterpreterBookPayload | None:
        """Book an interpreter."""
        return await submit(
            info, InterpreterBookPayload, "interpreterBook", booking.book_interpreter, given
        )

    @strawberry.mutation(description=needs(_WRITE, "Record what became of a booking."))
    async def interpreter_booking_end(
        self, info: Info, given: Annotated[InterpreterBookingEndInput, INPUT]
    ) -> InterpreterBookingEndPayload | None:
        """Record what became of a booking."""
        return await submit(
            info, InterpreterBookingEndPayload, "interpreterBookingEnd", booking.end_booking, given
        )
