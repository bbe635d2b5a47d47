# mypy: disable-error-code="untyped-decorator"
"""What an organisation defines for the records of its persons: own fields, kinds of identifiers."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.people.define_field import define_field
from cordee_core.people.edit_identifiers import KindDraft, define_kind
from cordee_core.people.fields import FieldDraft
from cordee_core.people.queries import person_fields
from cordee_graphql.context import Info
from cordee_graphql.inputs import INPUT, TextInput, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.types.person_enums import PersonFieldType
from cordee_graphql.types.person_parts import PersonField


@strawberry.input(description="One of the values that a field of type choice takes.")
class PersonFieldOptionInput:
    """An option."""

    code: str = strawberry.field(description="Its code: lower-case letters, digits, underscores.")
    label: TextInput = strawberry.field(description="What it is called.")


@strawberry.input(description="A field that is added to the record of every person, or changed.")
class PersonFieldDefineInput:
    """A field."""

    code: str = strawberry.field(description="Its code: lower-case letters, digits, underscores.")
    type: PersonFieldType = strawberry.field(description="What its value is.")
    label: TextInput = strawberry.field(description="What it is called.")
    required: bool = strawberry.field(
        default=False, description="Whether it needs an answer; unknown and refused are answers."
    )
    options: list[PersonFieldOptionInput] = strawberry.field(
        default_factory=list, description="The values it takes, where its type is choice."
    )
    least: str | None = strawberry.field(
        default=None, description="The least value, or the fewest characters of a text."
    )
    most: str | None = strawberry.field(
        default=None, description="The greatest value, or the most characters of a text."
    )
    place: int = strawberry.field(default=0, description="Its place among the fields.")
    active: bool = strawberry.field(
        default=True, description="Whether it takes values; those it has stay."
    )
    row_version: int | None = strawberry.field(
        default=None, description="The field's `rowVersion` as you read it; none for a new field."
    )

    def draft(self) -> FieldDraft:
        """Return what the use case takes."""
        return FieldDraft(
            code=self.code, type=self.type.value, label=self.label.texts(),
            required=self.required,
            options=[(one.code, one.label.texts()) for one in self.options],
            least=self.least, most=self.most, place=self.place, active=self.active,
            row_version=self.row_version,
        )  # fmt: skip


@strawberry.input(description="A kind of identifier of the organisation's own.")
class IdentifierKindDefineInput:
    """A kind of identifier."""

    code: str = strawberry.field(description="Its code: lower-case letters, digits, underscores.")
    title: TextInput = strawberry.field(description="What it is called.")

    def draft(self) -> KindDraft:
        """Return what the use case takes."""
        return KindDraft(code=self.code, title=self.title.texts())


@strawberry.type(description="The fields of the organisation as they are now.")
class PersonFieldDefinePayload(Payload):
    """Payload of ``personFieldDefine``."""

    @strawberry.field(description="All fields, retired ones too; null where nothing was changed.")
    async def fields(self, info: Info) -> list[PersonField] | None:
        """Return the fields."""
        if not self.changed:
            return None
        async with info.context.operation.read():
            return [PersonField(row=one) for one in await person_fields(active=False)]


@strawberry.type(description="Whether the kind was defined.")
class IdentifierKindDefinePayload(Payload):
    """Payload of ``identifierKindDefine``."""

    @strawberry.field(description="Whether the kind can be used now.")
    def defined(self) -> bool:
        """Return whether it was written."""
        return bool(self.changed)


@strawberry.type
class PersonFieldMutations:
    """Mutations of what is recorded of persons."""

    @strawberry.mutation(
        description=needs(
            Permission.TENANT_MANAGE,
            "Add a field to the record of every person, or change or retire one. Values that were "
            "given before stay as they are.",
        )
    )
    async def person_field_define(
        self, info: Info, given: Annotated[PersonFieldDefineInput, INPUT]
    ) -> PersonFieldDefinePayload | None:
        """Define a field."""
        return await submit(
            info, PersonFieldDefinePayload, "personFieldDefine", define_field, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.TENANT_MANAGE,
            "Define a kind of identifier of your own, or change what it is called.",
        )
    )
    async def identifier_kind_define(
        self, info: Info, given: Annotated[IdentifierKindDefineInput, INPUT]
    ) -> IdentifierKindDefinePayload | None:
        """Define a kind of identifier."""
        return await submit(
            info, IdentifierKindDefinePayload, "identifierKindDefine", define_kind, given
        )
