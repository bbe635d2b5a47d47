"""The timeline of a case by what is asked for, interruptions, requests that needed no case."""

from typing import Annotated, Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases.queries import (
    TimelineQuery,
    all_interruptions,
    requests_like,
    timeline_like,
)
from cordee_graphql.connection import After, Before, Connection, First, Last, connect
from cordee_graphql.context import Info
from cordee_graphql.nodes import find_node
from cordee_graphql.planner.loading import made
from cordee_graphql.types.case import Case
from cordee_graphql.types.case_life import Interruption, Request
from cordee_graphql.types.declaring import field
from cordee_graphql.types.filters import TimelineFilter
from cordee_graphql.types.lists import listing, root_pages
from cordee_graphql.types.timeline import TimelineEntry

CaseId = Annotated[strawberry.ID, strawberry.argument(description="The case.")]
Wanted = Annotated[TimelineFilter | None, strawberry.argument(description="Which entries.")]


@strawberry.type
class CaseLifeQueries:
    """Root fields about the life of cases."""

    interruptions = root_pages(
        "Acts on many cases at once, newest first. Null with `FORBIDDEN` without `case.read`.",
        Interruption,
        "interruptions.newest",
        lambda _, __: all_interruptions(),
        Permission.CASE_READ,
    )
    requests = root_pages(
        "Requests that needed no case, newest first. Null with `FORBIDDEN` without `case.read`.",
        Request,
        "requests.newest",
        lambda _, own: requests_like(own),
        Permission.CASE_READ,
        subject="person_id",
    )

    @field
    async def case_timeline(
        self,
        info: Info,
        case_id: CaseId,
        filter: Wanted = None,  # noqa: A002 -- the name in the API
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[TimelineEntry] | None:
        """The entries of a case's timeline that fit, oldest first, plugins' among them.

        Null with `NOT_FOUND` where there is no case that the caller may see.
        """
        case = await find_node(info, Case, case_id, "caseId")
        wanted = TimelineQuery() if filter is None else filter.query()
        rows, person = timeline_like(case.uuid, wanted), case.row["person_id"]
        found: Any = listing("case.timeline.like", rows, subject=lambda _: person, key=("seq", int))
        return await connect(
            info,
            found,
            lambda row: made(TimelineEntry, row),
            first=first,
            after=after,
            last=last,
            before=before,
        )
