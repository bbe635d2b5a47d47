"""Where a definition comes from."""

import datetime

import strawberry

from cordee_core.definitions import Source as CoreSource
from cordee_graphql.types.declaring import described, maybe_localised


@described
class Source:
    """What a definition cites: a law, a paper, a standard."""

    citation: str = strawberry.field(description="What to cite.")
    date: datetime.date = strawberry.field(description="Of which day it is.")
    url: str | None = strawberry.field(description="Where it can be read.")
    verified: bool = strawberry.field(description="Whether somebody has read it there.")
    own: strawberry.Private[CoreSource]
    note = maybe_localised("A remark on it.", lambda self: self.own.note)

    @classmethod
    def of(cls, own: CoreSource) -> "Source":
        """Return the source for the API."""
        return cls(
            citation=own.citation, date=own.date, url=own.url, verified=own.verified, own=own
        )
