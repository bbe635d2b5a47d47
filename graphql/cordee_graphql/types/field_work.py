"""Volunteers and community workers: where they go, what they write. Each reads only their own."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission, Reach
from cordee_core.cases.queries import persons_of
from cordee_core.database.lists import RowList
from cordee_core.database.rows import find_many
from cordee_core.reports import tables
from cordee_graphql.connection import Connection, connect
from cordee_graphql.context import Info
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import RowSource, column, named
from cordee_graphql.planner.loading import made
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described
from cordee_graphql.types.lists import listing
from cordee_graphql.types.member import Member
from cordee_graphql.types.staff_enums import FieldReportKind


def own_author(operation: Operation) -> UUID | None:
    """Return the member whose own records are read; None where all of the organisation's are.

    Raises:
        ForbiddenError: `report.read` is not granted.
    """
    scope = operation.scope
    return None if scope.reach(Permission.REPORT_READ) is Reach.TENANT else scope.actor.id


async def _load(
    cls: Any, operation: Operation, uuids: Sequence[UUID], author: str
) -> dict[UUID, Any]:
    own = own_author(operation)
    async with operation.read() as reading:
        rows = await find_many(cls.source.table, uuids)
        kept = [row for row in rows if own in (None, row[author])]
        persons = await persons_of({row["case_id"] for row in kept})
        reading.saw(persons.get(row["case_id"]) for row in kept)
    return {row["id"]: made(cls, row) for row in kept}


@described
class FieldAssignment(BelowCase, Node):
    """A case to which a volunteer or community worker goes, and what for."""

    source = RowSource(table=tables.FieldAssignment, needs=Permission.REPORT_READ, below=True)
    task: str = column("What for.")
    starts_on: date = column("The first day.")
    ends_on: date | None = column("The last day; null while it goes on.")
    assigned_at: datetime = column("When it was assigned.")
    row_version: int = column("Raised by each change.")
    member = named("Who goes.", Member, "member_id")
    assigned_by = named("Who assigned it.", Member, "assigned_by")

    @classmethod
    async def load(
        cls, operation: Operation, uuids: Sequence[UUID]
    ) -> Mapping[UUID, "FieldAssignment"]:
        """Return those that the caller may read: with a narrow scope, the own ones."""
        return await _load(cls, operation, uuids, "member_id")


@described
class FieldReport(BelowCase, Node):
    """What a volunteer or community worker wrote: a report or a visit. Never changed afterwards."""

    source = RowSource(table=tables.FieldReport, needs=Permission.REPORT_READ, below=True)
    kind: FieldReportKind = column("What it is.")
    text: str = column("What was written.")
    occurred_at: datetime = column("When it took place.")
    created_at: datetime = column("When it was written.")
    author = named("Who wrote it.", Member, "author_id")

    @classmethod
    async def load(
        cls, operation: Operation, uuids: Sequence[UUID]
    ) -> Mapping[UUID, "FieldReport"]:
        """Return those that the caller may read: with a narrow scope, the own ones."""
        return await _load(cls, operation, uuids, "author_id")


async def page_of(
    info: Info, cls: Any, rows: RowList, paging: Mapping[str, Any]
) -> Connection[Any]:
    """Return a page of rows below cases; the persons whom they are about go to the journal."""
    found = await connect(info, listing(cls.__name__, rows), lambda row: made(cls, row), **paging)
    async with info.context.operation.read() as reading:
        reading.saw((await persons_of({one.case_id for one in found.nodes})).values())
    return found
