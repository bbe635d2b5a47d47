"""Which cases of the caseload changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases.queries import CaseHead, heads_changed_since, heads_of
from cordee_graphql import ids
from cordee_graphql.cursors import read_cursor, write_cursor
from cordee_graphql.feeds import BATCH, Feed, Item
from cordee_graphql.operation import Operation
from cordee_graphql.types.declaring import described

_ORDER = "caseload.changes"
_WINDOW = timedelta(minutes=3)
"""Longer than a transaction lasts from making its ids to its commit, with skewed clocks."""
_LOOK_EVERY = timedelta(seconds=30)
"""How often everything is looked at, whatever was heard."""
_LONGEST_GAP = timedelta(minutes=1)
"""After a longer time without a look, what changed meanwhile may lie before the window."""
_MOST = 1_000
"""Most cases that one look compares; more are told as a `RESYNC`."""


@strawberry.enum(description="What an element of `caseloadChanges` says.")
class CaseloadChangeKind(Enum):
    """Kinds of elements."""

    CHANGED = strawberry.enum_value("changed", description="The cases in `caseIds` changed.")
    RESYNC = strawberry.enum_value(
        "resync", description="Changes may have been missed: read the caseload again."
    )


@described
class CaseloadChange:
    """That cases changed, or that the caseload should be read again."""

    kind: CaseloadChangeKind = strawberry.field(description="Which of the two.")
    case_ids: list[strawberry.ID] = strawberry.field(
        description="Global ids of the cases; empty with `RESYNC`."
    )
    cursor: str = strawberry.field(description="Give it as `after` to subscribe again; opaque.")


class CaseloadFeed(Feed):
    """The cases whose timeline grew since the last look, of those that the caller may read."""

    def __init__(self, after: str | None) -> None:
        if after is not None:
            read_cursor(after, _ORDER, (datetime,), "after")
        self._resync = after is not None
        self._told: dict[UUID, int] | None = None
        self._looked: datetime | None = None

    async def read(self, operation: Operation, changed: frozenset[UUID] | None) -> Sequence[Item]:
        """Return one element for all cases that changed; a first look only takes the bearings."""
        own = operation.scope.own_only(Permission.CASE_READ)
        moment = operation.scope.clock()
        self._check_gap(moment)
        first = self._told is None
        if first or (self._looked and moment - self._looked > _LOOK_EVERY):
            changed = None
        async with operation.read() as reading:
            heads = await self._look(operation, changed, moment)
            news = [] if first else self._news(heads)
            shown = [head for head in news if own in (None, head.person)]
            reading.saw(head.person for head in shown)
        self._remember(heads, everything=changed is None)
        return self._items([head.case for head in shown], moment)

    async def _look(
        self, operation: Operation, changed: frozenset[UUID] | None, moment: datetime
    ) -> list[CaseHead]:
        if changed is not None:
            return await heads_of(changed)
        since = moment - _WINDOW
        heads = await heads_changed_since(operation.scope.tenant, since, _MOST)
        if len(heads) == _MOST and self._told is not None:
            self._resync = True
        self._looked = moment
        return heads

    def _check_gap(self, moment: datetime) -> None:
        if self._looked is not None and moment - self._looked > _LONGEST_GAP:
            self._resync = True
            self._told = None

    def _news(self, heads: Sequence[CaseHead]) -> list[CaseHead]:
        told = self._told or {}
        return [head for head in heads if head.seq > told.get(head.case, 0)]

    def _remember(self, heads: Sequence[CaseHead], *, everything: bool) -> None:
        """Keep how far each case was told; a look at everything drops what is long past."""
        told = {head.case: head.seq for head in heads}
        self._told = told if everything else {**(self._told or {}), **told}

    def _items(self, cases: Sequence[UUID], moment: datetime) -> list[Item]:
        cursor = write_cursor(_ORDER, (moment,))
        if self._resync:
            self._resync = False
            again = CaseloadChange(kind=CaseloadChangeKind.RESYNC, case_ids=[], cursor=cursor)
            return [Item(again, cursor)]
        return [
            Item(_changed(cases[start : start + BATCH], cursor), cursor)
            for start in range(0, len(cases), BATCH)
        ]


def _changed(cases: Sequence[UUID], cursor: str) -> CaseloadChange:
    found = [strawberry.ID(ids.encode("Case", case)) for case in cases]
    return CaseloadChange(kind=CaseloadChangeKind.CHANGED, case_ids=found, cursor=cursor)
