# mypy: disable-error-code="untyped-decorator"
"""Requests that need no case are recorded, and counted."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases.record_request import RequestDraft, record_request
from cordee_graphql.context import Info
from cordee_graphql.enums import RequestSource
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.case_life import Request
from cordee_graphql.types.life_enums import RequestOutcome


@strawberry.input(description="A request that needs no case.")
class RequestRecordInput:
    """Who asked what, and how it ended."""

    request_source: RequestSource = strawberry.field(description="Who asked.")
    outcome: RequestOutcome = strawberry.field(description="How it ended.")
    topic: str = strawberry.field(description="What was asked; at most 2,000 characters.")
    answer: str = strawberry.field(
        description="What was said, or where the person was sent; at most 5,000 characters."
    )
    received_on: date = strawberry.field(description="When it was asked; not in the future.")
    person_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who it was about, if they are registered."
    )

    def draft(self) -> RequestDraft:
        """Return what the use case takes."""
        person = self.person_id
        return RequestDraft(
            source=self.request_source.value,
            outcome=self.outcome.value,
            topic=self.topic,
            answer=self.answer,
            received_on=self.received_on,
            person=None if person is None else uuid_of(person, "Person", "input", "personId"),
        )


@strawberry.type(description="The request under its number.")
class RequestRecordPayload(Payload):
    """Payload of ``requestRecord``."""

    @strawberry.field(description="The request.")
    async def request(self, info: Info) -> Request | None:
        """Return the request."""
        return await load_node(info, Request, self.changed.get("request"))


@strawberry.type
class RequestMutations:
    """Mutations of requests."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_OPEN,
            "Record a request that ended as information or orientation: no case comes of it, and it"
            " is counted on the dashboard.",
        )
    )
    async def request_record(
        self, info: Info, given: Annotated[RequestRecordInput, INPUT]
    ) -> RequestRecordPayload | None:
        """Record a request."""
        return await submit(info, RequestRecordPayload, "requestRecord", record_request, given)
