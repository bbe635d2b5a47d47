"""The timeline of one case as it grows."""

from collections.abc import Sequence
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.queries import TIMELINE_OF_CASE, heads_of
from cordee_core.errors import NotFoundError
from cordee_graphql.connection import Edge
from cordee_graphql.cursors import read_cursor, write_cursor
from cordee_graphql.feeds import BATCH, Feed, Item
from cordee_graphql.operation import Operation
from cordee_graphql.types.timeline import TimelineEntry

_ORDER = "case.TimelineEntry"
"""The list of which the cursors are: that of `Case.timeline`."""
_LARGEST = 2**63 - 1


class TimelineFeed(Feed):
    """The entries of a case after a number in it, without gaps: numbers commit in order."""

    def __init__(self, case: UUID, after: str | None) -> None:
        self.case = self._case = case
        self._after: int | None = None
        if after is not None:
            (number,) = read_cursor(after, _ORDER, (int,), "after")
            self._after = max(0, min(number, _LARGEST))

    async def read(self, operation: Operation, changed: frozenset[UUID] | None) -> Sequence[Item]:
        """Return the entries that follow; the first time without a cursor, none."""
        own = operation.scope.own_only(Permission.CASE_READ)
        async with operation.read() as reading:
            heads = await heads_of([self._case])
            if not heads or own not in (None, heads[0].person):
                raise NotFoundError(path=("caseId",))
            if self._after is None:
                self._after = heads[0].seq
            rows = []
            if self._after < heads[0].seq:
                timeline = TIMELINE_OF_CASE.of(self._case)
                rows = await timeline.page(self._after, None, BATCH, reverse=False)
                reading.saw([heads[0].person])
        self.more = len(rows) == BATCH
        if rows:
            self._after = rows[-1]["seq"]
        return [self._item(TimelineEntry.of(row)) for row in rows]

    def _item(self, entry: TimelineEntry) -> Item:
        cursor = write_cursor(_ORDER, (entry.seq,))
        return Item(Edge(cursor=cursor, node=entry), cursor)
