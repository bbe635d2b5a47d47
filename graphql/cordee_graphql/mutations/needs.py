# mypy: disable-error-code="untyped-decorator"
"""Needs, strengths and wishes are recorded, and end."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.needs.add_need import NeedDraft, add_need
from cordee_core.needs.end_need import NeedEnd, end_need
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.plan_enums import NeedHolder, NeedKind
from cordee_graphql.types.need import Need


@strawberry.input(description="A need, a strength or a wish; or why neither strength nor wish is.")
class NeedAddInput:
    """What was brought out."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    kind: NeedKind = strawberry.field(description="What it is.")
    words: str = strawberry.field(
        description="In the words of whoever has it, at most 5,000 characters; of kind `NONE`, why."
    )
    life_domain: str | None = strawberry.field(
        default=None, description="Code of a life domain; needed but for the kind `NONE`."
    )
    assessment_id: strawberry.ID | None = strawberry.field(
        default=None, description="The assessment that brought it out; else a conversation did."
    )
    holder: NeedHolder = strawberry.field(default=NeedHolder.PERSON, description="Whose it is.")
    relative_name: str | None = strawberry.field(
        default=None, description="Which relative's, where it is a relative's."
    )
    found_on: date | None = strawberry.field(
        default=None, description="When it was brought out; today without it."
    )

    def draft(self) -> NeedDraft:
        """Return what the use case takes."""
        given = self.assessment_id
        return NeedDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"), kind=self.kind.value,
            words=self.words, life_domain=self.life_domain, holder=self.holder.value,
            assessment=None if given is None
            else uuid_of(given, "Assessment", "input", "assessmentId"),
            relative_name=self.relative_name, found_on=self.found_on,
        )  # fmt: skip


@strawberry.input(description="A need, a strength or a wish that ends.")
class NeedEndInput:
    """The row as read, why and when."""

    need_id: strawberry.ID = strawberry.field(description="The need, strength or wish.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")
    reason: str = strawberry.field(description="Why, at most 2,000 characters.")
    ended_on: date | None = strawberry.field(
        default=None, description="When; today without it, never in the future."
    )

    def draft(self) -> NeedEnd:
        """Return what the use case takes."""
        return NeedEnd(
            need=uuid_of(self.need_id, "Need", "input", "needId"), row_version=self.row_version,
            reason=self.reason, ended_on=self.ended_on,
        )  # fmt: skip


@strawberry.type
class NeedPayload(CasePayload):
    """Base of payloads about a need."""

    @strawberry.field(description="The need, strength or wish as it is now.")
    async def need(self, info: Info) -> Need | None:
        """Return the need."""
        return await load_node(info, Need, self.changed.get("need"))


@strawberry.type(description="The row that was recorded, and its case.")
class NeedAddPayload(NeedPayload):
    """Payload of ``needAdd``."""


@strawberry.type(description="The row that ended, and its case.")
class NeedEndPayload(NeedPayload):
    """Payload of ``needEnd``."""


@strawberry.type
class NeedMutations:
    """Mutations of needs."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Record a need, a strength or a wish; or why neither strength nor wish is recorded.",
        )
    )
    async def need_add(
        self, info: Info, given: Annotated[NeedAddInput, INPUT]
    ) -> NeedAddPayload | None:
        """Record a need."""
        return await submit(info, NeedAddPayload, "needAdd", add_need, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE, "End a need, a strength or a wish; it stays readable."
        )
    )
    async def need_end(
        self, info: Info, given: Annotated[NeedEndInput, INPUT]
    ) -> NeedEndPayload | None:
        """End a need."""
        return await submit(info, NeedEndPayload, "needEnd", end_need, given)
