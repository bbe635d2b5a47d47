"""The journal."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.journal.queries import JournalQuery, entries_like
from cordee_graphql.types.filters import JournalFilter
from cordee_graphql.types.journal import JournalEntry
from cordee_graphql.types.lists import root_pages


@strawberry.type
class JournalQueries:
    """Root fields about the record of all that happened."""

    journal = root_pages(
        "Who did or saw what, newest first. Null with `FORBIDDEN` without `journal.read`.",
        JournalEntry,
        "journal",
        lambda wanted, _: entries_like(wanted.query() if wanted else JournalQuery()),
        Permission.JOURNAL_READ,
        given=Annotated[JournalFilter | None, strawberry.argument(description="Which entries.")],
    )
