"""Notes of a case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.notes import tables
from cordee_core.notes.queries import notes_by_id
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import RowSource, column, named
from cordee_graphql.types.below import BelowCase, rows_below
from cordee_graphql.types.declaring import described
from cordee_graphql.types.member import Member
from cordee_graphql.types.rows import from_row


@described
class Note(BelowCase, Node):
    """What somebody wrote about a case; never changed afterwards."""

    source = RowSource(table=tables.Note, needs=Permission.CASE_READ, below=True)

    text: str = column("What was written.")
    occurred_at: datetime = column("When it took place.")
    created_at: datetime = column("When it was written.")

    author = named("Who wrote it.", Member, "author_id")

    @classmethod
    def of(cls, row: Mapping[str, object]) -> "Note":
        """Return the note in a row."""
        return from_row(cls, row)

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Note"]:
        """Return the notes of cases that the caller may read."""
        rows = await rows_below(operation, uuids, notes_by_id)
        return {row["id"]: cls.of(row) for row in rows}
