# mypy: disable-error-code="untyped-decorator"
"""Vocabularies are copied from a template or written, and changed: a new version each time."""

from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.permissions import Permission
from cordee_core.programmes.versioned import (
    CopyDefinition,
    EditDefinition,
    NewDefinition,
    copy_vocabulary,
    create_vocabulary,
    edit_vocabulary,
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
from cordee_graphql.types.vocabulary import Vocabulary

_TEXTS = ("title",)
_DATA = ("entries",)


@strawberry.input(
    description="Parts of a vocabulary. A part that is absent stays; null removes it. The parts "
    "given as JSON have the form of the published schema of vocabularies."
)
class VocabularyPartsInput:
    """The parts that are written."""

    title: strawberry.Maybe[TextInput | None] = strawberry.field(description="Its name.")
    entries: strawberry.Maybe[JSON | None] = strawberry.field(
        description="Its values in order: `code`, `label`, `description`."
    )

    def parts(self) -> dict[str, object]:
        """Return the parts that were given, as definitions name them."""
        return given_parts(self, texts=_TEXTS, data=_DATA)


@strawberry.input(description="A vocabulary of the organisation's own.")
class VocabularyCreateInput:
    """A code and the parts."""

    code: str = strawberry.field(
        description="Its code, as `<word>.<name>`; the word is no plugin's name."
    )
    parts: VocabularyPartsInput = strawberry.field(description="Its parts.")

    def draft(self) -> NewDefinition:
        """Return what the use case takes."""
        return NewDefinition(code=self.code, parts=self.parts.parts())


@strawberry.input(description="A template that is copied.")
class VocabularyCopyTemplateInput:
    """A template of an enabled plugin."""

    template: str = strawberry.field(description="Code of the template.")
    code: str | None = strawberry.field(
        default=None, description="The code of the copy; the template's by default."
    )

    def draft(self) -> CopyDefinition:
        """Return what the use case takes."""
        return CopyDefinition(template=self.template, code=self.code)


@strawberry.input(description="What changes in a vocabulary.")
class VocabularyUpdateInput:
    """The vocabulary as read, and its new parts."""

    vocabulary_id: strawberry.ID = strawberry.field(description="The vocabulary.")
    row_version: int = strawberry.field(description="The vocabulary's `rowVersion` as you read it.")
    parts: VocabularyPartsInput = strawberry.field(description="The parts that change.")
    reason: str | None = strawberry.field(default=None, description=REASON)
    consulted: list[ConsultationInput] = strawberry.field(
        default_factory=list, description=CONSULTED
    )
    unvalidated_scoring: list[str] = strawberry.field(default_factory=list, description=UNVALIDATED)

    def draft(self) -> EditDefinition:
        """Return what the use case takes."""
        return EditDefinition(
            identifier=uuid_of(self.vocabulary_id, "Vocabulary", "input", "vocabularyId"),
            row_version=self.row_version,
            parts=self.parts.parts(),
            account=account_of(self),
        )


@strawberry.type
class VocabularyPayload(Payload):
    """Base of payloads about a vocabulary."""

    @strawberry.field(description="The vocabulary.")
    async def vocabulary(self, info: Info) -> Vocabulary | None:
        """Return the vocabulary."""
        return await load_node(info, Vocabulary, self.changed.get("vocabulary"))


@strawberry.type(description="The new vocabulary.")
class VocabularyCreatePayload(VocabularyPayload):
    """Payload of ``vocabularyCreate``."""


@strawberry.type(description="The vocabulary that was made from the template.")
class VocabularyCopyTemplatePayload(VocabularyPayload):
    """Payload of ``vocabularyCopyTemplate``."""


@strawberry.type(description="The changed vocabulary.")
class VocabularyUpdatePayload(VocabularyPayload):
    """Payload of ``vocabularyUpdate``."""


@strawberry.type
class VocabularyMutations:
    """Mutations of vocabularies."""

    @strawberry.mutation(
        description=needs(Permission.PROGRAMME_MANAGE, "Write a vocabulary from nothing.")
    )
    async def vocabulary_create(
        self, info: Info, given: Annotated[VocabularyCreateInput, INPUT]
    ) -> VocabularyCreatePayload | None:
        """Write a vocabulary."""
        return await submit(
            info, VocabularyCreatePayload, "vocabularyCreate", create_vocabulary, given
        )

    @strawberry.mutation(
        description=needs(Permission.PROGRAMME_MANAGE, "Copy a vocabulary to change it here.")
    )
    async def vocabulary_copy_template(
        self, info: Info, given: Annotated[VocabularyCopyTemplateInput, INPUT]
    ) -> VocabularyCopyTemplatePayload | None:
        """Copy a template."""
        return await submit(
            info, VocabularyCopyTemplatePayload, "vocabularyCopyTemplate", copy_vocabulary, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.PROGRAMME_MANAGE,
            "Change a vocabulary: a new version.",
        )
    )
    async def vocabulary_update(
        self, info: Info, given: Annotated[VocabularyUpdateInput, INPUT]
    ) -> VocabularyUpdatePayload | None:
        """Change a vocabulary."""
        return await submit(
            info, VocabularyUpdatePayload, "vocabularyUpdate", edit_vocabulary, given
        )
