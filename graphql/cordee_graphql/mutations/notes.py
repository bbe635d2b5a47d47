# mypy: disable-error-code="untyped-decorator"
"""Notes of a case."""

from datetime import datetime
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.notes.add_note import NoteDraft, add_note
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.note import Note


@strawberry.input(description="A note on a case.")
class NoteAddInput:
    """What is noted."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    text: str = strawberry.field(description="What is noted, at most 20,000 characters.")
    occurred_at: datetime | None = strawberry.field(
        default=None, description="When it took place, with a time zone; now by default."
    )

    def draft(self) -> NoteDraft:
        """Return what the use case takes."""
        case = uuid_of(self.case_id, "Case", "input", "caseId")
        return NoteDraft(case=case, text=self.text, occurred_at=self.occurred_at)


@strawberry.type(description="The note and its case.")
class NoteAddPayload(CasePayload):
    """Payload of ``noteAdd``."""

    @strawberry.field(description="The note.")
    async def note(self, info: Info) -> Note | None:
        """Return the note."""
        return await load_node(info, Note, self.changed.get("note"))


@strawberry.type
class NoteMutations:
    """Mutations of notes."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE, "Add a note to a case. It is never changed afterwards."
        )
    )
    async def note_add(
        self, info: Info, given: Annotated[NoteAddInput, INPUT]
    ) -> NoteAddPayload | None:
        """Add a note."""
        return await submit(info, NoteAddPayload, "noteAdd", add_note, given)
