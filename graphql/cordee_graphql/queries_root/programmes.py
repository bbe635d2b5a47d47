"""Programmes and models of the organisation, and the templates of enabled plugins."""

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.programmes.queries import all_models, all_programmes
from cordee_graphql.connection import After, Before, Connection, First, Last, connect
from cordee_graphql.context import Info
from cordee_graphql.nodes import Gid, find_node
from cordee_graphql.types.catalog import enabled_content
from cordee_graphql.types.declaring import field
from cordee_graphql.types.lists import listing
from cordee_graphql.types.model import Model, ModelTemplate
from cordee_graphql.types.programme import Programme, ProgrammeTemplate


@strawberry.type
class ProgrammeQueries:
    """Root fields about programmes."""

    @field
    async def programmes(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Programme] | None:
        """The organisation's programmes, newest first.

        Null with `FORBIDDEN` without `programme.read`.
        """
        info.context.operation.scope.require(Permission.PROGRAMME_READ)
        rows = listing("programmes", all_programmes())
        return await connect(
            info, rows, Programme.of, first=first, after=after, last=last, before=before
        )

    @field
    async def programme(self, info: Info, id: Gid) -> Programme | None:  # noqa: A002 -- the name in the API
        """A programme by its id.

        Null with `NOT_FOUND` where there is none that the caller may see.
        """
        return await find_node(info, Programme, id)

    @field
    async def models(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Model] | None:
        """The organisation's models, newest first.

        Null with `FORBIDDEN` without `programme.read`.
        """
        info.context.operation.scope.require(Permission.PROGRAMME_READ)
        rows = listing("models", all_models())
        return await connect(
            info, rows, Model.of, first=first, after=after, last=last, before=before
        )

    @field
    async def model(self, info: Info, id: Gid) -> Model | None:  # noqa: A002 -- the name in the API
        """A model by its id.

        Null with `NOT_FOUND` where there is none that the caller may see.
        """
        return await find_node(info, Model, id)

    @field
    def programme_templates(self, info: Info) -> list[ProgrammeTemplate] | None:
        """Programmes that enabled plugins offer to copy.

        Null with `FORBIDDEN` without `programme.read`.
        """
        scope = info.context.operation.scope
        scope.require(Permission.PROGRAMME_READ)
        return [
            ProgrammeTemplate.of_template(plugin, template)
            for plugin, content in enabled_content(scope)
            for template in content.programmes.values()
        ]

    @field
    def model_templates(self, info: Info) -> list[ModelTemplate] | None:
        """Models that enabled plugins offer. Null with `FORBIDDEN` without `programme.read`."""
        scope = info.context.operation.scope
        scope.require(Permission.PROGRAMME_READ)
        return [
            ModelTemplate.of_template(plugin, template)
            for plugin, content in enabled_content(scope)
            for template in content.models.values()
        ]
