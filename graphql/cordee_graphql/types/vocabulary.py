"""Vocabularies: closed lists of codes and labels."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import strawberry

from cordee_core import vocabularies as core
from cordee_core.access.permissions import Permission
from cordee_core.programmes import tables
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, localised_column, many, one
from cordee_graphql.types.adaptation import Adapted
from cordee_graphql.types.declaring import (
    described,
    described_interface,
    field,
    localised,
    maybe_localised,
)
from cordee_graphql.types.rows import from_row


@described
class VocabularyEntry:
    """One value of a vocabulary."""

    own: strawberry.Private[core.Entry]
    label = localised("What it is called.", lambda self: self.own.label)
    description = maybe_localised("What it means.", lambda self: self.own.description)

    @field
    def code(self) -> str:
        """Its code in the vocabulary."""
        return self.own.code


@described_interface
class VocabularyContent:
    """The parts of a vocabulary."""

    definition: strawberry.Private[core.Vocabulary]
    title = localised_column(
        "Its name.", "definition", "title", text=lambda self: self.definition.title
    )

    @field
    def entries(self) -> list[VocabularyEntry]:
        """Its values, in order."""
        return [VocabularyEntry(own=one) for one in self.definition.entries]


@described
class Vocabulary(VocabularyContent, Adapted, Node):
    """A closed list of values of the organisation, such as its reasons of closure."""

    source = RowSource(table=tables.Vocabulary, needs=Permission.PROGRAMME_READ)

    code: str = column("Its code in the organisation.")
    template_code: str | None = column("The template it was copied from.")
    version: int = column("Its newest version.")
    created_at: datetime = column("When it was made.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    versions = many(
        "Its versions, oldest first.",
        "cordee_graphql.types.vocabulary:VocabularyVersion",
        "vocabulary_id",
        "version",
    )

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Vocabulary":
        """Return the vocabulary in a row."""
        return from_row(cls, row, definition=core.parse_vocabulary(row["definition"]))


@described
class VocabularyVersion(VocabularyContent, Node):
    """A vocabulary as it was at one time."""

    source = RowSource(table=tables.VocabularyVersion, needs=Permission.PROGRAMME_READ)

    version: int = column("Its number.")
    created_at: datetime = column("Since when.")
    row: strawberry.Private[Mapping[str, Any]]
    vocabulary = one("The vocabulary of which it is a version.", Vocabulary, "vocabulary_id")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "VocabularyVersion":
        """Return the version in a row."""
        return from_row(cls, row, definition=core.parse_vocabulary(row["definition"]))


@described
class VocabularyTemplate(VocabularyContent):
    """A vocabulary of the core or of a plugin: used as it is, or copied and changed."""

    code: str = strawberry.field(description="Its code, which `vocabularyCopyTemplate` takes.")
    version: str = strawberry.field(description="Its version.")
    plugin: str | None = strawberry.field(description="Whose it is; null for the core's own.")

    @classmethod
    def of_template(cls, plugin: str | None, own: core.Vocabulary) -> "VocabularyTemplate":
        """Return the template for the API."""
        return cls(code=own.code, version=own.version, plugin=plugin, definition=own)
