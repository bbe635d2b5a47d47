# mypy: disable-error-code="untyped-decorator"
"""Methods are copied from a template or written, and changed: a new version each time."""

from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.permissions import Permission
from cordee_core.programmes.versioned import (
    CopyDefinition,
    EditDefinition,
    NewDefinition,
    copy_method,
    create_method,
    edit_method,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, TextInput, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.parts_input import (
    CONSULTED,
    REASON,
    UNVALIDATED,
    ConsultationInput,
    account_of,
    given_parts,
)
from cordee_graphql.types.method import Method

_TEXTS = ("title", "description")
_DATA = ("episodes",)


@strawberry.input(
    description="Parts of a method. A part that is absent stays; null removes it. The parts "
    "given as JSON have the form of the published schema of methods."
)
class MethodPartsInput:
    """The parts that are written."""

    title: strawberry.Maybe[TextInput | None] = strawberry.field(description="Its name.")
    description: strawberry.Maybe[TextInput | None] = strawberry.field(description="What is done.")
    episodes: strawberry.Maybe[JSON | None] = strawberry.field(
        description="Its steps in order: `code`, `name`, `contacts`, `instruments`, `done_when`."
    )

    def parts(self) -> dict[str, object]:
        """Return the parts that were given, as definitions name them."""
        return given_parts(self, texts=_TEXTS, data=_DATA)


@strawberry.input(description="A method of the organisation's own.")
class MethodCreateInput:
    """A code and the parts."""

    code: str = strawberry.field(
        description="Its code, as `<word>.<name>`; the word is no plugin's name."
    )
    parts: MethodPartsInput = strawberry.field(description="Its parts.")

    def draft(self) -> NewDefinition:
        """Return what the use case takes."""
        return NewDefinition(code=self.code, parts=self.parts.parts())


@strawberry.input(description="A template that is copied.")
class MethodCopyTemplateInput:
    """A template of an enabled plugin."""

    template: str = strawberry.field(description="Code of the template.")
    code: str | None = strawberry.field(
        default=None, description="The code of the copy; the template's by default."
    )

    def draft(self) -> CopyDefinition:
        """Return what the use case takes."""
        return CopyDefinition(template=self.template, code=self.code)


@strawberry.input(description="What changes in a method.")
class MethodUpdateInput:
    """The method as read, and its new parts."""

    method_id: strawberry.ID = strawberry.field(description="The method.")
    row_version: int = strawberry.field(description="The method's `rowVersion` as you read it.")
    parts: MethodPartsInput = strawberry.field(description="The parts that change.")
    reason: str | None = strawberry.field(default=None, description=REASON)
    consulted: list[ConsultationInput] = strawberry.field(
        default_factory=list, description=CONSULTED
    )
    unvalidated_scoring: list[str] = strawberry.field(default_factory=list, description=UNVALIDATED)

    def draft(self) -> EditDefinition:
        """Return what the use case takes."""
        return EditDefinition(
            identifier=uuid_of(self.method_id, "Method", "input", "methodId"),
            row_version=self.row_version,
            parts=self.parts.parts(),
            account=account_of(self),
        )


@strawberry.type
class MethodPayload(Payload):
    """Base of payloads about a method."""

    @strawberry.field(description="The method.")
    async def method(self, info: Info) -> Method | None:
        """Return the method."""
        return await load_node(info, Method, self.changed.get("method"))


@strawberry.type(description="The new method.")
class MethodCreatePayload(MethodPayload):
    """Payload of ``methodCreate``."""


@strawberry.type(description="The method that was made from the template.")
class MethodCopyTemplatePayload(MethodPayload):
    """Payload of ``methodCopyTemplate``."""


@strawberry.type(description="The changed method.")
class MethodUpdatePayload(MethodPayload):
    """Payload of ``methodUpdate``."""


@strawberry.type
class MethodMutations:
    """Mutations of methods."""

    @strawberry.mutation(
        description=needs(Permission.PROGRAMME_MANAGE, "Write a method from nothing.")
    )
    async def method_create(
        self, info: Info, given: Annotated[MethodCreateInput, INPUT]
    ) -> MethodCreatePayload | None:
        """Write a method."""
        return await submit(info, MethodCreatePayload, "methodCreate", create_method, given)

    @strawberry.mutation(
        description=needs(Permission.PROGRAMME_MANAGE, "Copy a method to change it here.")
    )
    async def method_copy_template(
        self, info: Info, given: Annotated[MethodCopyTemplateInput, INPUT]
    ) -> MethodCopyTemplatePayload | None:
        """Copy a template."""
        return await submit(
            info, MethodCopyTemplatePayload, "methodCopyTemplate", copy_method, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.PROGRAMME_MANAGE,
            "Change parts of a method: a new version. Programmes take it over when they are "
            "activated again.",
        )
    )
    async def method_update(
        self, info: Info, given: Annotated[MethodUpdateInput, INPUT]
    ) -> MethodUpdatePayload | None:
        """Change a method."""
        return await submit(info, MethodUpdatePayload, "methodUpdate", edit_method, given)
