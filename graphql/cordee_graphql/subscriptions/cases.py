"""Subscriptions about cases: the timeline of one, and which of the caseload changed."""

from collections.abc import AsyncIterable
from typing import Annotated

import strawberry
from strawberry.types.field import StrawberryField

from cordee_graphql import ids
from cordee_graphql.connection import Edge
from cordee_graphql.context import Info
from cordee_graphql.nodes import Gid
from cordee_graphql.subscriptions.caseload import CaseloadChange, CaseloadFeed
from cordee_graphql.subscriptions.timeline import TimelineFeed
from cordee_graphql.types.declaring import summary
from cordee_graphql.types.timeline import TimelineEntry

_Resume = Annotated[
    str | None,
    strawberry.argument(
        description="Go on after this cursor. Over SSE the header `Last-Event-ID` does the same."
    ),
]


def _subscription(resolver: object) -> StrawberryField:
    """Make the method a root field of subscriptions, described by its docstring."""
    made: StrawberryField = strawberry.subscription(
        resolver=resolver,  # type: ignore[call-overload]
        description=summary(resolver),
    )
    return made


@strawberry.type
class CaseSubscriptions:
    """Root fields about cases."""

    @_subscription
    async def case_timeline(
        self, info: Info, case_id: Gid, after: _Resume = None
    ) -> AsyncIterable[Edge[TimelineEntry]]:
        """What happens in a case, each entry once and in order, as soon as it is committed.

        `after` takes any cursor of the case's timeline and gives first what was missed since;
        without it only what is new comes. Ends with `NOT_FOUND` or `FORBIDDEN` when the caller
        may not, or no longer, read the case, and with `UNAUTHENTICATED` when the token ends.
        """
        uuid = ids.uuid_of(case_id, "Case", "caseId")
        return TimelineFeed(uuid, info.context.resume or after)

    @_subscription
    async def caseload_changes(
        self, info: Info, after: _Resume = None
    ) -> AsyncIterable[CaseloadChange]:
        """Which of the cases that the caller may read have changed.

        With `after` the first element is a `RESYNC`: read the caseload again. Ends with
        `FORBIDDEN` without `case.read`, and with `UNAUTHENTICATED` when the token ends.
        """
        return CaseloadFeed(info.context.resume or after)
