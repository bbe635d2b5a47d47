"""Notes of a case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from cordee_core.notes.queries import notes_by_id
from cordee_graphql.context import Info
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.types.below import BelowCase, rows_below
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.member import Member, member_named
from cordee_graphql.types.rows import from_row


@described
class Note(BelowCase, Node):
    """What somebody wrote about a case; never changed afterwards."""

    text: str = strawberry.field(description="What was written.")
    occurred_at: datetime = strawberry.field(description="When it took place.")
    created_at: datetime = strawberry.field(description="When it was written.")
    author_id: strawberry.Private[UUID]

    @field
    async def author(self, info: Info) -> Member | None:
        """Who wrote it."""
        return await member_named(info, self.author_id)

    @classmethod
    def of(cls, row: Mapping[str, object]) -> "Note":
        """Return the note in a row."""
        return from_row(cls, row)

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Note"]:
        """Return the notes of cases that the caller may read."""
        rows = await rows_below(operation, uuids, notes_by_id)
        return {row["id"]: cls.of(row) for row in rows}
