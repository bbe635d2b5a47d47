"""Programmes, their activated versions, and the templates of plugins."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.programmes import definition as core
from cordee_core.programmes import tables
from cordee_core.programmes.activate_programme import all_missing
from cordee_graphql.context import Info
from cordee_graphql.enums import ProgrammeStatus
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, one
from cordee_graphql.types.declaring import InLanguage, chosen, described, field
from cordee_graphql.types.member import Member, member_named
from cordee_graphql.types.model import Model, ModelVersion
from cordee_graphql.types.programme_content import ProgrammeContent
from cordee_graphql.types.rows import from_row
from cordee_graphql.types.sources import Source


@described
class MissingPart:
    """A part without which a programme is not activated."""

    code: str = strawberry.field(description="Which part, as `motivation` or `links:<objective>`.")

    @field
    def label(self, info: Info, language: InLanguage = None) -> str:
        """The same in a sentence."""
        return core.missing_text(self.code, chosen(info, language))


@described
class AdaptationChange:
    """One change of a programme copied from a template."""

    parts: list[str] = strawberry.field(description="The parts that changed.")
    reason: str | None = strawberry.field(description="Why.")
    at: datetime = strawberry.field(description="When.")
    member_id: strawberry.Private[UUID]

    @field
    async def member(self, info: Info) -> Member | None:
        """Who changed it."""
        return await member_named(info, self.member_id)


@described
class Adaptation:
    """How a programme differs from the template that it was copied from."""

    original: str = strawberry.field(description="Code of the template.")
    version: str = strawberry.field(description="The template's version.")
    changes: list[AdaptationChange] = strawberry.field(description="The changes, oldest first.")

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Adaptation":
        """Return the record of the adaptation for the API."""
        changes = [
            AdaptationChange(
                parts=one["parts"],
                reason=one["reason"],
                at=datetime.fromisoformat(one["at"]),
                member_id=UUID(one["by"]),
            )
            for one in stored["changes"]
        ]
        return cls(original=stored["original"], version=stored["version"], changes=changes)


@described
class Programme(ProgrammeContent, Node):
    """Why, for whom, with which objectives: the programme as it is being written."""

    source = RowSource(table=tables.Programme, needs=Permission.PROGRAMME_READ)

    code: str = column("Its code in the organisation.")
    status: ProgrammeStatus = column("Whether cases can be opened in it.")
    version: int = column("Its newest activated version; 0 before.")
    template_code: str | None = column("The template it was copied from.")
    activated_at: datetime | None = column("When it was last activated.")
    created_at: datetime = column("When it was made.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    model = one("The model that carries it out.", Model, "model_id")

    @field
    def adaptation(self) -> Adaptation | None:
        """What was changed from the template; null without a template."""
        found = self.row["adaptation"]
        return None if found is None else Adaptation.of(found)

    @field
    def missing(self, info: Info) -> list[MissingPart]:
        """All that activation still lacks; empty where it can be activated."""
        found = all_missing(
            info.context.operation.scope,
            self.definition,
            has_model=self.row["model_id"] is not None,
        )
        return [MissingPart(code=part) for part in found]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Programme":
        """Return the programme in a row."""
        return from_row(cls, row, definition=core.parse_draft(row["definition"]))


@described
class ProgrammeVersion(ProgrammeContent, Node):
    """A programme as it was activated: a case keeps the version it was opened under."""

    source = RowSource(table=tables.ProgrammeVersion, needs=Permission.PROGRAMME_READ)

    version: int = column("Its number: 1, 2, 3.")
    created_at: datetime = column("When it was activated.")
    row: strawberry.Private[Mapping[str, Any]]
    programme = one("The programme of which it is a version.", Programme, "programme_id")
    model_version = one(
        "The version of the model that carries it out.", ModelVersion, "model_version_id"
    )

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "ProgrammeVersion":
        """Return the version in a row."""
        return from_row(cls, row, definition=core.parse_draft(row["definition"]))


@described
class ProgrammeTemplate(ProgrammeContent):
    """A complete programme that a plugin offers to copy and change."""

    code: str = strawberry.field(description="Its code, which `programmeCopy` takes.")
    version: str = strawberry.field(description="Its version.")
    plugin: str = strawberry.field(description="The plugin that offers it.")
    sources: list[Source] = strawberry.field(description="Where it comes from.")

    @classmethod
    def of_template(cls, plugin: str, own: core.ProgrammeTemplate) -> "ProgrammeTemplate":
        """Return the template for the API."""
        sources = [Source.of(one) for one in own.sources]
        return cls(
            code=own.code,
            version=own.version,
            plugin=plugin,
            sources=sources,
            definition=own.definition,
        )
