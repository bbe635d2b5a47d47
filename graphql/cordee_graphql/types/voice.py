"""What the person says, what they read, and who looked at their record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.customs.tables import Custom as CustomTable
from cordee_core.journal.tables import JournalEntry as JournalTable
from cordee_core.texts.tables import PersonText as PersonTextTable
from cordee_core.voice import tables
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, named, one
from cordee_graphql.types.around_enums import (
    CustomKind,
    PersonTextCode,
    StatementForm,
    StatementKind,
)
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described
from cordee_graphql.types.enums import JournalKind
from cordee_graphql.types.member import Member


@described
class Statement(BelowCase, Node):
    """What the person said in a case, in their own words."""

    source = RowSource(table=tables.Statement, needs=Permission.CASE_READ, below=True)

    kind: StatementKind = column("What it is.")
    words: str = column("The person's words.")
    chosen: str | None = column("Of a choice: what was chosen.")
    refused: list[str] = column("Of a choice: what was refused.")
    form: StatementForm = column("How the person came to say it.")
    support: str | None = column("The support that was given.")
    language: str = column("The language of the words (ISO 639).")
    recorded_at: datetime = column("When it was recorded.")
    answer: str | None = column("The answer to a complaint or request.")
    answered_at: datetime | None = column("When it was answered.")
    row_version: int = column("Raised by each change.")
    person = one("Who said it.", "cordee_graphql.types.person:Person", "person_id")
    recorded_by = named(
        "Who recorded it; the person themself has an access.", Member, "recorded_by"
    )
    answered_by = named("Who answered.", Member, "answered_by")


@described
class Custom(Node):
    """A custom that matters to the person, in their own words. Needs `person.sensitive`."""

    source = RowSource(table=CustomTable, needs=Permission.PERSON_SENSITIVE, subject="person_id")

    kind: CustomKind = column("What it is about.")
    words: str = column("The person's words.")
    recorded_at: datetime = column("When it was recorded.")
    ended_at: datetime | None = column("Since when it holds no longer.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]


@described
class PersonText(Node):
    """One version of a text that persons read, in one language."""

    source = RowSource(table=PersonTextTable, needs=Permission.PROGRAMME_READ)

    code: PersonTextCode = column("Which text.")
    language: str = column("In which language (ISO 639).")
    version: int = column("Which version; each stays.")
    text: str = column("How it reads.")
    written_at: datetime = column("When it was written.")
    row: strawberry.Private[Mapping[str, Any]]
    written_by = named("Who wrote it.", Member, "written_by")


@described
class PersonTextAnswer:
    """A text in the language asked for, or that it is missing; no other takes its place."""

    code: PersonTextCode = strawberry.field(description="Which text.")
    language: str = strawberry.field(description="The language asked for.")
    missing: bool = strawberry.field(description="Whether nobody wrote it in that language yet.")
    languages: list[str] = strawberry.field(description="The languages in which it exists.")
    text: PersonText | None = strawberry.field(description="The current version.")


@described
class AccessLogEntry:
    """One look at a person's record, or one change of it: who, when, why; never values."""

    source = RowSource(table=JournalTable)

    at: datetime = column("When.")
    kind: JournalKind = column("Whether it was read, written or refused.")
    action: str = column("What was done: the mutation, or the name of the operation that read.")
    purpose: str = column("What for.")
    fields: list[str] = column("Which fields changed.")
    plugin: str | None = column("The plugin that acted, if one did.")
    row: strawberry.Private[Mapping[str, Any]]
    member = named("Who; null where the system did.", Member, "member_id")
