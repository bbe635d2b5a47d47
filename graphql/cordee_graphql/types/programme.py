"""Programmes, their activated versions, and the templates of plugins."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.programmes import definition as core
from cordee_core.programmes import tables
from cordee_core.programmes.activate_programme import all_missing
from cordee_core.programmes.methods_of import shown
from cordee_core.selection.places import free_places
from cordee_core.selection.try_criteria import try_criteria, try_profiles
from cordee_graphql.context import Info
from cordee_graphql.enums import ProgrammeStatus
from cordee_graphql.inputs import json_object
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, many, one
from cordee_graphql.types.adaptation import Adapted
from cordee_graphql.types.declaring import InLanguage, chosen, described, field, made_of
from cordee_graphql.types.dry_run import CriteriaRun, TargetGroupRun
from cordee_graphql.types.model import Model, ModelVersion
from cordee_graphql.types.programme_content import ProgrammeContent
from cordee_graphql.types.programme_model import ProgrammeModel
from cordee_graphql.types.rows import from_row
from cordee_graphql.types.sources import Source
from cordee_graphql.types.waiting import waiting_list_of


@described
class MissingPart:
    """A part without which a programme is not activated."""

    code: str = strawberry.field(description="Which part, as `motivation` or `links:<objective>`.")

    @field
    def label(self, info: Info, language: InLanguage = None) -> str:
        """The same in a sentence."""
        return core.missing_text(self.code, chosen(info, language))


@described
class Programme(ProgrammeContent, Adapted, Node):
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
    model = one("The model that carries it out where a case names no other.", Model, "model_id")
    versions = many(
        "Its activated versions, oldest first.",
        "cordee_graphql.types.programme:ProgrammeVersion",
        "programme_id",
        "version",
    )
    models = many(
        "The models under which it runs or ran, oldest first.", ProgrammeModel, "programme_id"
    )
    waiting_list = made_of(
        waiting_list_of,
        "Who waits for a place in it, in the order of the queue: the first is next."
        " Null with `FORBIDDEN` without `case.read`.",
    )

    @field
    async def missing(self, info: Info) -> list[MissingPart]:
        """All that activation still lacks; empty where it can be activated."""
        operation = info.context.operation
        async with operation.read():
            found = await all_missing(operation.scope, self.row)
        return [MissingPart(code=part) for part in found]

    @field
    async def free_places(self, info: Info) -> int | None:
        """How many places are free, below zero where more hold one; null without a number."""
        async with info.context.operation.read():
            return await free_places(self.uuid)

    @field
    async def target_group_run(self, info: Info) -> TargetGroupRun | None:
        """Dry run of the profiles as written now over the persons of whom facts are recorded.

        Null with `FORBIDDEN` without `case.read`.
        """
        operation = info.context.operation
        operation.scope.require(Permission.CASE_READ)
        async with operation.read():
            return TargetGroupRun.of(await try_profiles(operation.scope, self.definition))

    @field
    async def criteria_run(
        self,
        info: Info,
        profile: Annotated[
            str | None,
            strawberry.argument(description="Code of the profile; the first by default."),
        ] = None,
        criteria: Annotated[
            JSON | None,
            strawberry.argument(
                description="A rule as data; those of the programme as written now by default."
            ),
        ] = None,
    ) -> CriteriaRun | None:
        """Dry run of other criteria over the cases decided so far: who would change.

        Null before the first activation, and with `FORBIDDEN` without `case.read`. A rule that is
        wrong is `INVALID_INPUT`, with the place where it is.
        """
        operation = info.context.operation
        operation.scope.require(Permission.CASE_READ)
        rule = None if criteria is None else json_object(criteria, "criteria")
        async with operation.read():
            found = await try_criteria(operation.scope, self.row, profile, rule)
        return None if found is None else CriteriaRun.of(found)

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
    def of_template(
        cls, scope: Scope, plugin: str, own: core.ProgrammeTemplate
    ) -> "ProgrammeTemplate":
        """Return the template for the API, with what the methods that it uses say."""
        sources = [Source.of(one) for one in own.sources]
        return cls(
            code=own.code,
            version=own.version,
            plugin=plugin,
            sources=sources,
            definition=shown(scope, own.definition),
        )
