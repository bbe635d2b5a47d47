"""Eligibility rules of plugins."""

from datetime import date

import strawberry
from strawberry.scalars import JSON

from cordee_core.rules import Fact as CoreFact
from cordee_core.rules import Rule as CoreRule
from cordee_graphql.types.declaring import described, field, localised, maybe_localised
from cordee_graphql.types.enums import FactType
from cordee_graphql.types.sources import Source


@described
class FactValue:
    """One value that a fact can have."""

    code: str = strawberry.field(description="The value to give.")
    texts: strawberry.Private[dict[str, str]]
    label = localised("The same for a person.", lambda self: self.texts)


@described
class Fact:
    """One thing that a rule asks about a person."""

    own: strawberry.Private[CoreFact]
    label = localised("The question, in words.", lambda self: self.own.label)

    @field
    def name(self) -> str:
        """Its name among the facts given."""
        return self.own.name

    @field
    def type(self) -> FactType:
        """What its value is."""
        return FactType(self.own.type)

    @field
    def values(self) -> list[FactValue]:
        """The values that a choice can have; empty for other types."""
        return [
            FactValue(code=code, texts=dict(texts))
            for code, texts in (self.own.values or {}).items()
        ]

    @field
    def assumed(self) -> JSON | None:
        """What is taken where it is not given; the result says so."""
        found = self.own.assumed
        return None if found is None else JSON(found if isinstance(found, bool) else str(found))


@described
class Rule:
    """An eligibility rule in one version."""

    plugin: str = strawberry.field(description="The plugin that brings it.")
    own: strawberry.Private[CoreRule]
    title = localised("Its name.", lambda self: self.own.title)
    description = maybe_localised("What it says.", lambda self: self.own.description)

    @field
    def code(self) -> str:
        """Its code."""
        return self.own.code

    @field
    def version(self) -> int:
        """Its version."""
        return self.own.version

    @field
    def valid_from(self) -> date:
        """The first day on which this version is the law."""
        return self.own.valid_from

    @field
    def valid_to(self) -> date | None:
        """The first day on which it no longer is."""
        return self.own.valid_to

    @field
    def facts(self) -> list[Fact]:
        """What it asks about a person."""
        return [Fact(own=one) for one in self.own.facts.values()]

    @field
    def sources(self) -> list[Source]:
        """Where it is written."""
        return [Source.of(one) for one in self.own.sources.values()]
