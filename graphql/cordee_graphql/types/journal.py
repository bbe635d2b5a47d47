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
from cordee_graphql.planner.declare import RowSource, column, named
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.enums import JournalKind
from cordee_graphql.types.member import Member
from cordee_graphql.types.rows import from_row


@described
class JournalObject:
    """An object that an act made or changed."""

    type: str = strawberry.field(description="What kind of object.")
    id: strawberry.ID = strawberry.field(description="Its global id.")


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

    @field
    def subject_ids(self) -> list[strawberry.ID]:
        """Ids of the persons whose record was read or written."""
        return [strawberry.ID(ids.encode("Person", one)) for one in self.subjects]

    @field
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
