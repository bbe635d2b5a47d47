"""Programmes and models of the organisation, and the templates of enabled plugins."""

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.programmes.queries import (
    all_methods,
    all_models,
    all_programmes,
    all_vocabularies,
)
from cordee_core.vocabularies import core_vocabularies
from cordee_graphql.context import Info
from cordee_graphql.planner.declare import by_id
from cordee_graphql.types.catalog import enabled_content
from cordee_graphql.types.declaring import field
from cordee_graphql.types.lists import root_pages
from cordee_graphql.types.method import Method, MethodTemplate
from cordee_graphql.types.model import Model, ModelTemplate
from cordee_graphql.types.programme import Programme, ProgrammeTemplate
from cordee_graphql.types.vocabulary import Vocabulary, VocabularyTemplate


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

    methods = root_pages(
        "The organisation's methods, newest first. Null with `FORBIDDEN` without `programme.read`.",
        Method,
        "methods",
        lambda *_: all_methods(),
        Permission.PROGRAMME_READ,
    )
    method = by_id("A method by its id.", Method)
    vocabularies = root_pages(
        "The organisation's own vocabularies, newest first. "
        "Null with `FORBIDDEN` without `programme.read`.",
        Vocabulary,
        "vocabularies",
        lambda *_: all_vocabularies(),
        Permission.PROGRAMME_READ,
    )
    vocabulary = by_id("A vocabulary by its id.", Vocabulary)

    @field
    def programme_templates(self, info: Info) -> list[ProgrammeTemplate] | None:
        """Programmes that enabled plugins offer to copy.

        Null with `FORBIDDEN` without `programme.read`.
        """
        scope = info.context.operation.scope
        scope.require(Permission.PROGRAMME_READ)
        return [
            ProgrammeTemplate.of_template(scope, plugin, template)
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

    @field
    def method_templates(self, info: Info) -> list[MethodTemplate] | None:
        """Methods that enabled plugins offer. Null with `FORBIDDEN` without `programme.read`."""
        scope = info.context.operation.scope
        scope.require(Permission.PROGRAMME_READ)
        return [
            MethodTemplate.of_template(plugin, template)
            for plugin, content in enabled_content(scope)
            for template in content.methods.values()
        ]

    @field
    def vocabulary_templates(self, info: Info) -> list[VocabularyTemplate] | None:
        """Vocabularies of the core (life domains, closure reasons) and of enabled plugins.

        Null with `FORBIDDEN` without `programme.read`.
        """
        scope = info.context.operation.scope
        scope.require(Permission.PROGRAMME_READ)
        own = [VocabularyTemplate.of_template(None, one) for one in core_vocabularies().values()]
        return own + [
            VocabularyTemplate.of_template(plugin, template)
            for plugin, content in enabled_content(scope)
            for template in content.vocabularies.values()
        ]
