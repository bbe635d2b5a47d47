"""Programmes and models of the organisation, and the templates of enabled plugins."""

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.programmes.queries import all_models, all_programmes
from cordee_graphql.context import Info
from cordee_graphql.planner.declare import by_id
from cordee_graphql.types.catalog import enabled_content
from cordee_graphql.types.declaring import field
from cordee_graphql.types.lists import root_pages
from cordee_graphql.types.model import Model, ModelTemplate
from cordee_graphql.types.programme import Programme, ProgrammeTemplate


@strawberry.type
class ProgrammeQueries:
    """Root fields about programmes."""

    programmes = root_pages(
        "The organisation's programmes, newest first. "
        "Null with `FORBIDDEN` without `programme.read`.",
        Programme,
        "programmes",
        lambda *_: all_programmes(),
        Permission.PROGRAMME_READ,
    )
    programme = by_id("A programme by its id.", Programme)
    models = root_pages(
        "The organisation's models, newest first. Null with `FORBIDDEN` without `programme.read`.",
        Model,
        "models",
        lambda *_: all_models(),
        Permission.PROGRAMME_READ,
    )
    model = by_id("A model by its id.", Model)

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
