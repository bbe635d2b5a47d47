"""Waiting lists: who waits for a place in a programme, in which order, and every change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.selection import tables
from cordee_core.selection.queries import positions, waiting_list
from cordee_graphql.connection import After, Before, Connection, First, Last, connect
from cordee_graphql.context import Info
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import RowSource, column, json_column, many, named, one
from cordee_graphql.planner.loading import made
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.enums import WaitingChangeKind, WaitingStatus
from cordee_graphql.types.lists import listing
from cordee_graphql.types.member import Member


@described
class WaitingChange(BelowCase, Node):
    """One change of a waiting entry, with the inputs that it rests on."""

    source = RowSource(table=tables.WaitingChange, needs=Permission.CASE_READ, below=True)

    kind: WaitingChangeKind = column("What changed.")
    priority: int = column("The priority since then.")
    position: int | None = column("The position that it led to, or was admitted from.")
    reason: str = column("Why.")
    at: datetime = column("When.")
    inputs = json_column("What it rests on: facts, criteria, places, a former priority.", "inputs")
    member = named("Who made it.", Member, "member_id")


@described
class WaitingEntry(BelowCase, Node):
    """An admitted case that waits for a place in its programme, or waited for one."""

    source = RowSource(table=tables.WaitingEntry, needs=Permission.CASE_READ, below=True)

    priority: int = column("Its priority, 0 to 1000: the higher the sooner.")
    since: datetime = column("Since when it waits.")
    status: WaitingStatus = column("How it stands.")
    row_version: int = column("Raised by each change.")
    programme = one("The programme.", "cordee_graphql.types.programme:Programme", "programme_id")
    changes = many("Every change, oldest first.", WaitingChange, "entry_id")

    @field
    async def position(self, info: Info) -> int | None:
        """Its place in the queue, 1 being the next; null where it no longer waits."""
        loader = info.context.operation.loader("waiting_positions", _positions)
        programme: UUID = self.row["programme_id"]
        found = await loader.load(programme)
        return (found or {}).get(self.uuid)


async def _positions(
    operation: Operation, programmes: Sequence[UUID]
) -> Mapping[UUID, Mapping[UUID, int]]:
    async with operation.read():
        found = await positions(programmes)
    return dict.fromkeys(programmes, found)


async def waiting_list_of(
    self: Any,
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[WaitingEntry] | None:
    """Return who waits in a programme, in the order of the queue."""
    info.context.operation.scope.require(Permission.CASE_READ)
    rows = listing(
        "waiting.queue",
        waiting_list(self.uuid),
        key=("queue_key", str),
    )
    return await connect(
        info,
        rows,
        lambda row: made(WaitingEntry, row),
        first=first,
        after=after,
        last=last,
        before=before,
    )
