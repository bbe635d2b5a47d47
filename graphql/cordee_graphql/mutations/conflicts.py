# mypy: disable-error-code="untyped-decorator"
"""Conflicts of interest: declared, and over."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.referents.declare_conflict import (
    ConflictDraft,
    ConflictEndDraft,
    declare_conflict,
    end_conflict,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.caseload import InterestConflict


@strawberry.input(description="A conflict of interest, with a person or with a case.")
class ConflictDeclareInput:
    """With whom, and why."""

    note: str = strawberry.field(description="What it is, at most 2,000 characters.")
    person_id: strawberry.ID | None = strawberry.field(
        default=None, description="The person, or else the case."
    )
    case_id: strawberry.ID | None = strawberry.field(
        default=None, description="The case, or else the person."
    )
    member_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Whose conflict it is, if not one's own; needs the permission `case.assign`.",
    )

    def draft(self) -> ConflictDraft:
        """Return what the use case takes."""
        person, case, member = self.person_id, self.case_id, self.member_id
        return ConflictDraft(
            note=self.note,
            person=None if person is None else uuid_of(person, "Person", "input", "personId"),
            case=None if case is None else uuid_of(case, "Case", "input", "caseId"),
            member=None if member is None else uuid_of(member, "Member", "input", "memberId"),
        )


@strawberry.input(description="A conflict of interest that is over.")
class ConflictEndInput:
    """The conflict as read."""

    conflict_id: strawberry.ID = strawberry.field(description="The conflict.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")

    def draft(self) -> ConflictEndDraft:
        """Return what the use case takes."""
        conflict = uuid_of(self.conflict_id, "InterestConflict", "input", "conflictId")
        return ConflictEndDraft(conflict=conflict, row_version=self.row_version)


@strawberry.type
class ConflictPayload(Payload):
    """Base of payloads about a conflict of interest."""

    @strawberry.field(description="The conflict.")
    async def conflict(self, info: Info) -> InterestConflict | None:
        """Return the conflict."""
        return await load_node(info, InterestConflict, self.changed.get("conflict"))


@strawberry.type(description="The conflict as it was declared.")
class ConflictDeclarePayload(ConflictPayload):
    """Payload of ``conflictDeclare``."""


@strawberry.type(description="The conflict that is over.")
class ConflictEndPayload(ConflictPayload):
    """Payload of ``conflictEnd``."""


@strawberry.type
class ConflictMutations:
    """Mutations of conflicts of interest."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_READ,
            "Declare one's own conflict of interest with a person or a case: designation there is "
            "refused from now on.",
        )
    )
    async def conflict_declare(
        self, info: Info, given: Annotated[ConflictDeclareInput, INPUT]
    ) -> ConflictDeclarePayload | None:
        """Declare a conflict."""
        return await submit(
            info, ConflictDeclarePayload, "conflictDeclare", declare_conflict, given
        )

    @strawberry.mutation(
        description=needs(Permission.CASE_ASSIGN, "Note that a conflict of interest is over.")
    )
    async def conflict_end(
        self, info: Info, given: Annotated[ConflictEndInput, INPUT]
    ) -> ConflictEndPayload | None:
        """End a conflict."""
        return await submit(info, ConflictEndPayload, "conflictEnd", end_conflict, given)
