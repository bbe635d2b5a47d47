# mypy: disable-error-code="untyped-decorator"
"""Identifiers of persons; records of one person that become one, and are parted again."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.people.edit_identifiers import (
    IdentifierDraft,
    IdentifierRemoval,
    add_identifier,
    remove_identifier,
)
from cordee_core.people.merge_persons import (
    MergeDraft,
    UnmergeDraft,
    merge_persons,
    unmerge_person,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutations.people import PersonPayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.person import Person

_KIND = "The code of its kind; see `identifierKinds`."
_SYSTEM = "Who issued it, where the kind does not say."


@strawberry.input(description="An identifier that is added to a person's record.")
class PersonIdentifierAddInput:
    """A new identifier."""

    person_id: strawberry.ID = strawberry.field(description="The person.")
    row_version: int = strawberry.field(description="The person's `rowVersion` as you read it.")
    kind: str = strawberry.field(description=_KIND)
    value: str = strawberry.field(description="Its value; blanks and punctuation don't matter.")
    system: str | None = strawberry.field(default=None, description=_SYSTEM)

    def draft(self) -> IdentifierDraft:
        """Return what the use case takes."""
        return IdentifierDraft(
            person=uuid_of(self.person_id, "Person", "input", "personId"),
            row_version=self.row_version, kind=self.kind, value=self.value, system=self.system,
        )  # fmt: skip


@strawberry.input(description="An identifier that is taken off a person's record.")
class PersonIdentifierRemoveInput:
    """A wrong identifier."""

    person_id: strawberry.ID = strawberry.field(description="The person.")
    row_version: int = strawberry.field(description="The person's `rowVersion` as you read it.")
    kind: str = strawberry.field(description=_KIND)
    reason: str = strawberry.field(description="Why it goes.")
    system: str | None = strawberry.field(default=None, description=_SYSTEM)

    def draft(self) -> IdentifierRemoval:
        """Return what the use case takes."""
        return IdentifierRemoval(
            person=uuid_of(self.person_id, "Person", "input", "personId"),
            row_version=self.row_version, kind=self.kind, reason=self.reason, system=self.system,
        )  # fmt: skip


@strawberry.input(description="Two records that are of one person.")
class PersonMergeInput:
    """A merge."""

    person_id: strawberry.ID = strawberry.field(description="The record that is merged.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")
    into_id: strawberry.ID = strawberry.field(description="The record that stays.")
    into_row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")
    reason: str = strawberry.field(description="What shows that they are of one person.")

    def draft(self) -> MergeDraft:
        """Return what the use case takes."""
        return MergeDraft(
            person=uuid_of(self.person_id, "Person", "input", "personId"),
            row_version=self.row_version,
            into=uuid_of(self.into_id, "Person", "input", "intoId"),
            into_row_version=self.into_row_version, reason=self.reason,
        )  # fmt: skip


@strawberry.input(description="A merge that is undone.")
class PersonUnmergeInput:
    """A merge undone."""

    person_id: strawberry.ID = strawberry.field(description="The record that was merged.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")
    reason: str = strawberry.field(description="What shows that they are of two persons.")

    def draft(self) -> UnmergeDraft:
        """Return what the use case takes."""
        return UnmergeDraft(
            person=uuid_of(self.person_id, "Person", "input", "personId"),
            row_version=self.row_version, reason=self.reason,
        )  # fmt: skip


@strawberry.type(description="The person with the identifier.")
class PersonIdentifierAddPayload(PersonPayload):
    """Payload of ``personIdentifierAdd``."""


@strawberry.type(description="The person without the identifier.")
class PersonIdentifierRemovePayload(PersonPayload):
    """Payload of ``personIdentifierRemove``."""


@strawberry.type(description="The record that stays, and the one that points to it.")
class PersonMergePayload(PersonPayload):
    """Payload of ``personMerge``."""

    @strawberry.field(description="The merged record: it leads to the other one from now on.")
    async def merged(self, info: Info) -> Person | None:
        """Return the merged record."""
        return await load_node(info, Person, self.changed.get("merged"))


@strawberry.type(description="The record that stands for itself again, and the other one.")
class PersonUnmergePayload(PersonPayload):
    """Payload of ``personUnmerge``."""

    @strawberry.field(description="The record that it had been merged into.")
    async def into(self, info: Info) -> Person | None:
        """Return the other record."""
        return await load_node(info, Person, self.changed.get("into"))


@strawberry.type
class PersonIdentityMutations:
    """Mutations of who a person is."""

    @strawberry.mutation(
        description=needs(
            Permission.PERSON_WRITE,
            "Add an identifier to a person's record; its check digits are verified where its kind "
            "has some.",
        )
    )
    async def person_identifier_add(
        self, info: Info, given: Annotated[PersonIdentifierAddInput, INPUT]
    ) -> PersonIdentifierAddPayload | None:
        """Add an identifier."""
        return await submit(
            info, PersonIdentifierAddPayload, "personIdentifierAdd", add_identifier, given
        )

    @strawberry.mutation(
        description=needs(Permission.PERSON_WRITE, "Take an identifier off a person's record.")
    )
    async def person_identifier_remove(
        self, info: Info, given: Annotated[PersonIdentifierRemoveInput, INPUT]
    ) -> PersonIdentifierRemovePayload | None:
        """Remove an identifier."""
        return await submit(
            info, PersonIdentifierRemovePayload, "personIdentifierRemove", remove_identifier, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.PERSON_MERGE,
            "Let all that is about one record be about another one of the same person. It can be "
            "undone.",
        )
    )
    async def person_merge(
        self, info: Info, given: Annotated[PersonMergeInput, INPUT]
    ) -> PersonMergePayload | None:
        """Merge two records."""
        return await submit(info, PersonMergePayload, "personMerge", merge_persons, given)

    @strawberry.mutation(
        description=needs(
            Permission.PERSON_MERGE, "Undo a merge: what went to the other record comes back."
        )
    )
    async def person_unmerge(
        self, info: Info, given: Annotated[PersonUnmergeInput, INPUT]
    ) -> PersonUnmergePayload | None:
        """Undo a merge."""
        return await submit(info, PersonUnmergePayload, "personUnmerge", unmerge_person, given)
