# mypy: disable-error-code="untyped-decorator"
"""What the person says, customs that matter to them, and the texts they read."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.customs import record_custom as customs
from cordee_core.texts.write_text import PersonTextDraft, write_text
from cordee_core.voice import say as voice
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.around_enums import (
    CustomKind,
    PersonTextCode,
    StatementForm,
    StatementKind,
)
from cordee_graphql.types.voice import Custom, PersonText, Statement

_VERSION = "Its `rowVersion` as you read it."


@strawberry.input(description="What the person says in a case.")
class StatementAddInput:
    """What, in whose words, how."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    kind: StatementKind = strawberry.field(description="What it is.")
    words: str = strawberry.field(description="The person's words, at most 5,000 characters.")
    language: str = strawberry.field(description="The language of the words (ISO 639).")
    form: StatementForm = strawberry.field(
        default=StatementForm.OWN, description="How the person came to say it."
    )
    support: str | None = strawberry.field(
        default=None, description="The support that was given; needed with `SUPPORTED`."
    )
    chosen: str | None = strawberry.field(
        default=None, description="Of a choice, and only then: what was chosen."
    )
    refused: list[str] = strawberry.field(
        default_factory=list, description="Of a choice: the offers that were refused."
    )
    person_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who speaks, where the case is about a household."
    )

    def draft(self) -> voice.StatementDraft:
        """Return what the use case takes."""
        person = self.person_id
        return voice.StatementDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"), kind=self.kind.value,
            words=self.words, language=self.language, form=self.form.value, support=self.support,
            chosen=self.chosen, refused=tuple(self.refused),
            person=None if person is None else uuid_of(person, "Person", "input", "personId"),
        )  # fmt: skip


@strawberry.input(description="The answer to a complaint or request.")
class StatementAnswerInput:
    """To what, what."""

    statement_id: strawberry.ID = strawberry.field(description="The complaint or request.")
    row_version: int = strawberry.field(description=_VERSION)
    answer: str = strawberry.field(description="The answer.")

    def draft(self) -> voice.AnswerDraft:
        """Return what the use case takes."""
        statement = uuid_of(self.statement_id, "Statement", "input", "statementId")
        return voice.AnswerDraft(
            statement=statement, row_version=self.row_version, answer=self.answer
        )


@strawberry.input(description="A custom that matters to a person.")
class CustomRecordInput:
    """Whose, what, in their words."""

    person_id: strawberry.ID = strawberry.field(description="The person.")
    kind: CustomKind = strawberry.field(description="What it is about.")
    words: str = strawberry.field(description="The person's words, at most 2,000 characters.")

    def draft(self) -> customs.CustomDraft:
        """Return what the use case takes."""
        person = uuid_of(self.person_id, "Person", "input", "personId")
        return customs.CustomDraft(person=person, kind=self.kind.value, words=self.words)


@strawberry.input(description="A custom that holds no longer.")
class CustomEndInput:
    """Which."""

    custom_id: strawberry.ID = strawberry.field(description="The custom.")
    row_version: int = strawberry.field(description=_VERSION)

    def draft(self) -> customs.CustomEndDraft:
        """Return what the use case takes."""
        custom = uuid_of(self.custom_id, "Custom", "input", "customId")
        return customs.CustomEndDraft(custom=custom, row_version=self.row_version)


@strawberry.input(description="A text that persons read, in one language.")
class PersonTextWriteInput:
    """Which, in which language, how it reads."""

    code: PersonTextCode = strawberry.field(description="Which text.")
    language: str = strawberry.field(description="Any language (ISO 639).")
    text: str = strawberry.field(description="How it reads, at most 50,000 characters.")

    def draft(self) -> PersonTextDraft:
        """Return what the use case takes."""
        return PersonTextDraft(code=self.code.value, language=self.language, text=self.text)


@strawberry.type
class StatementPayload(CasePayload):
    """Base of payloads about statements."""

    @strawberry.field(description="What was said.")
    async def statement(self, info: Info) -> Statement | None:
        """Return the statement."""
        return await load_node(info, Statement, self.changed.get("statement"))


@strawberry.type(description="What was said, and the case.")
class StatementAddPayload(StatementPayload):
    """Payload of ``statementAdd``."""


@strawberry.type(description="What was said, and the case.")
class StatementAnswerPayload(StatementPayload):
    """Payload of ``statementAnswer``."""


@strawberry.type
class CustomPayload(Payload):
    """Base of payloads about customs."""

    @strawberry.field(description="The custom.")
    async def custom(self, info: Info) -> Custom | None:
        """Return the custom."""
        return await load_node(info, Custom, self.changed.get("custom"))


@strawberry.type(description="The custom.")
class CustomRecordPayload(CustomPayload):
    """Payload of ``customRecord``."""


@strawberry.type(description="The custom.")
class CustomEndPayload(CustomPayload):
    """Payload of ``customEnd``."""


@strawberry.type
class PersonTextPayload(Payload):
    """Payload of ``personTextWrite``."""

    @strawberry.field(description="The text.")
    async def person_text(self, info: Info) -> PersonText | None:
        """Return the text."""
        return await load_node(info, PersonText, self.changed.get("text"))


@strawberry.type(description="The new version of the text.")
class PersonTextWritePayload(PersonTextPayload):
    """Payload of ``personTextWrite``."""


@strawberry.type
class VoiceMutations:
    """Mutations of statements, customs and texts."""

    @strawberry.mutation(
        description=needs(
            Permission.VOICE_WRITE,
            "Record what the person says; a person does so in their own cases.",
        )
    )
    async def statement_add(
        self, info: Info, given: Annotated[StatementAddInput, INPUT]
    ) -> StatementAddPayload | None:
        """Record what the person says."""
        return await submit(info, StatementAddPayload, "statementAdd", voice.say, given)

    @strawberry.mutation(
        description=needs(Permission.CASE_ASSIGN, "Answer a complaint or request of the person.")
    )
    async def statement_answer(
        self, info: Info, given: Annotated[StatementAnswerInput, INPUT]
    ) -> StatementAnswerPayload | None:
        """Answer what the person asked."""
        return await submit(
            info, StatementAnswerPayload, "statementAnswer", voice.answer_statement, given
        )

    @strawberry.mutation(
        description=needs(Permission.PERSON_SENSITIVE, "Record a custom, in the person's words.")
    )
    async def custom_record(
        self, info: Info, given: Annotated[CustomRecordInput, INPUT]
    ) -> CustomRecordPayload | None:
        """Record a custom."""
        return await submit(info, CustomRecordPayload, "customRecord", customs.record_custom, given)

    @strawberry.mutation(description=needs(Permission.PERSON_SENSITIVE, "End a custom."))
    async def custom_end(
        self, info: Info, given: Annotated[CustomEndInput, INPUT]
    ) -> CustomEndPayload | None:
        """End a custom."""
        return await submit(info, CustomEndPayload, "customEnd", customs.end_custom, given)

    @strawberry.mutation(
        description=needs(Permission.TENANT_MANAGE, "Write the next version of a text.")
    )
    async def person_text_write(
        self, info: Info, given: Annotated[PersonTextWriteInput, INPUT]
    ) -> PersonTextWritePayload | None:
        """Write a text."""
        return await submit(info, PersonTextWritePayload, "personTextWrite", write_text, given)
