"""The journal."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.journal.queries import JournalQuery, entries_like
from cordee_graphql.connection import After, Before, Connection, First, Last, connect
from cordee_graphql.context import Info
from cordee_graphql.types.declaring import field
from cordee_graphql.types.filters import JournalFilter
from cordee_graphql.types.journal import JournalEntry
from cordee_graphql.types.lists import listing

_Entries = Annotated[JournalFilter | None, strawberry.argument(description="Which entries.")]


@strawberry.type
class JournalQueries:
    """Root fields about the record of all that happened."""

    @field
    async def journal(
        self,
        info: Info,
        filter: _Entries = None,  # noqa: A002 -- the name in the API
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[JournalEntry] | None:
        """Who did or saw what, newest first. Null with `FORBIDDEN` without `journal.read`."""
        info.context.operation.scope.require(Permission.JOURNAL_READ)
        rows = listing("journal", entries_like(filter.query() if filter else JournalQuery()))
        return await connect(
            info, rows, JournalEntry.of, first=first, after=after, last=last, before=before
        )
