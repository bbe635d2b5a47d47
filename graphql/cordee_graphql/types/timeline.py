"""The timeline of a case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases import tables
from cordee_core.cases.queries import entries_by_id
from cordee_core.cases.timeline import describe
from cordee_graphql.context import Info
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import RowSource, column, named
from cordee_graphql.types.below import BelowCase, rows_below
from cordee_graphql.types.declaring import InLanguage, chosen, described, field
from cordee_graphql.types.member import Member
from cordee_graphql.types.rows import from_row


@described
class TimelineEntry(BelowCase, Node):
    """One thing that happened in a case."""

    source = RowSource(table=tables.TimelineEntry, needs=Permission.CASE_READ, below=True)

    seq: int = column("Its number in the case: 1, 2, 3 without gaps.")
    kind: str = column("What happened, as a code; a plugin's has its prefix.")
    at: datetime = column("When.")
    plugin: str | None = column("The plugin that added it, if one did.")

    @field
    def text(self, info: Info, language: InLanguage = None) -> str:
        """What happened, in one sentence."""
        return describe(self.row, chosen(info, language))

    member = named("Who did it; null where the system did.", Member, "member_id")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "TimelineEntry":
        """Return the entry in a row."""
        return from_row(cls, row)

    @classmethod
    async def load(
        cls, operation: Operation, uuids: Sequence[UUID]
    ) -> Mapping[UUID, "TimelineEntry"]:
        """Return the entries of cases that the caller may read."""
        rows = await rows_below(operation, uuids, entries_by_id)
        return {row["id"]: cls.of(row) for row in rows}
