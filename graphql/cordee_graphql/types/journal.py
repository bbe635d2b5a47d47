"""The journal: who did or saw what, when, why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.journal import tables
from cordee_graphql import ids
from cordee_graphql.nodes import Node
from cordee_graphql.planner.compile import Chosen
from cordee_graphql.planner.declare import RowSource, column, named, written_as
from cordee_graphql.planner.declare_inside import objects_inside, told
from cordee_graphql.planner.row import Row
from cordee_graphql.planner.sql import global_id_of
from cordee_graphql.planner.written import global_ids, place_in
from cordee_graphql.types.declaring import described
from cordee_graphql.types.enums import JournalKind
from cordee_graphql.types.member import Member
from cordee_graphql.types.rows import from_row


def _gid(row: Row, chosen: Chosen) -> str:
    kind, uuid = place_in(0)(row, chosen), place_in(1)(row, chosen)
    return global_id_of(kind, uuid)


@described
class JournalObject:
    """An object that an act made or changed."""

    type: str = told("What kind of object.", place_in(0))
    id: strawberry.ID = told("Its global id.", _gid, finished=True)


@described
class JournalEntry(Node):
    """One act, as the journal keeps it; values never stand in it."""

    source = RowSource(table=tables.JournalEntry, needs=Permission.JOURNAL_READ)

    at: datetime = column("When.")
    kind: JournalKind = column("What kind of act.")
    action: str = column("The mutation, or the name of the operation that read.")
    plugin: str | None = column("The plugin that acted, if one did.")
    purpose: str = column("What for.")
    fields: list[str] = column("The fields that changed; for a denial, the permission that lacked.")
    code: str | None = column("The code of a denial.")
    request_id: str | None = column("The request's id, as in its answer.")
    subjects: strawberry.Private[list[UUID]]
    written: strawberry.Private[list[list[str]]]
    row: strawberry.Private[Mapping[str, Any]]

    member = named("Who acted; null where the system did.", Member, "member_id")

    @written_as(global_ids("Person", "subjects"), finished=True)
    def subject_ids(self) -> list[strawberry.ID]:
        """Ids of the persons whose record was read or written."""
        return [strawberry.ID(ids.encode("Person", one)) for one in self.subjects]

    @objects_inside(JournalObject, "records")
    def objects(self) -> list[JournalObject]:
        """What was made or changed."""
        return [
            JournalObject(type=kind, id=strawberry.ID(ids.encode(kind, UUID(one))))
            for kind, one in self.written
        ]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "JournalEntry":
        """Return the entry in a row."""
        return from_row(cls, row, written=row["records"])
