"""The persons whom cases are about."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.people.queries import persons_by_id
from cordee_graphql.connection import After, Before, Connection, First, Last
from cordee_graphql.context import Info
from cordee_graphql.enums import BirthDatePrecision, Sex
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.rows import from_row

if TYPE_CHECKING:
    from cordee_graphql.types.case import Case


@described
class Person(Node):
    """Somebody whom cases are about."""

    number: str = strawberry.field(description="The organisation's number, as `2026-000001`.")
    family_name: str = strawberry.field(description="Family name, in any script.")
    given_names: str = strawberry.field(description="Given names; may be empty.")
    birth_date: date | None = strawberry.field(description="Birth date, as exact as it is known.")
    birth_date_precision: BirthDatePrecision = strawberry.field(
        description="How exact the birth date is, or why there is none."
    )
    sex: Sex = strawberry.field(description="Sex as the person says it.")
    languages: list[str] = strawberry.field(
        description="Languages that the person speaks (ISO 639), the best first."
    )
    interpreter_needed: bool = strawberry.field(description="Whether an interpreter is needed.")
    phone: str | None = strawberry.field(description="Telephone number.")
    email: str | None = strawberry.field(description="Address for mail.")
    safe_contact: str | None = strawberry.field(
        description="How the person can be reached without danger. Read it before any contact."
    )
    created_at: datetime = strawberry.field(description="When the person was registered.")
    row_version: int = strawberry.field(description="Raised by each change.")

    @field
    async def cases(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Annotated["Case", strawberry.lazy("cordee_graphql.types.case")]] | None:
        """The person's cases, newest first. Null with `FORBIDDEN` without `case.read`."""
        from cordee_graphql.types.case import list_cases_of

        return await list_cases_of(
            info, self.uuid, first=first, after=after, last=last, before=before
        )

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Person"]:
        """Return the persons that the caller may read: all of the organisation's, or itself."""
        own = operation.scope.own_only(Permission.PERSON_READ)
        async with operation.read() as reading:
            rows = await persons_by_id(one for one in uuids if own in (None, one))
            reading.saw(row["id"] for row in rows)
        return {row["id"]: from_row(cls, row) for row in rows}
