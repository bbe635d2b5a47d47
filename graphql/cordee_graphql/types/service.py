"""Services of the catalog."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.languages import Text
from cordee_core.services import tables
from cordee_core.services.definition import ServiceEntry, parse_service
from cordee_graphql.context import Info
from cordee_graphql.enums import ServiceKind
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, localised_column
from cordee_graphql.types.declaring import described, field, localised
from cordee_graphql.types.rule import Rule
from cordee_graphql.types.rule_answer import rule_of
from cordee_graphql.types.sources import Source


@described
class RequiredDocument:
    """A document that the service asks for."""

    texts: strawberry.Private[Text]
    name = localised("Which document.", lambda self: self.texts)


@described
class ServiceDetails:
    """What a plugin's catalog says of a service, in the words of data·inclusion v1."""

    own: strawberry.Private[ServiceEntry]

    @field
    def thematiques(self) -> list[str]:
        """What it helps with."""
        return list(self.own.thematiques)

    @field
    def publics(self) -> list[str]:
        """Whom it is for."""
        return list(self.own.publics)

    @field
    def min_age(self) -> int | None:
        """Lowest age in years."""
        return self.own.min_age

    @field
    def max_age(self) -> int | None:
        """Highest age in years."""
        return self.own.max_age

    @field
    def fees(self) -> str:
        """Whether it costs something."""
        return self.own.fees

    @field
    def reception(self) -> list[str]:
        """Whether persons are received on site or from afar."""
        return list(self.own.reception)

    @field
    def mobilisation(self) -> list[str]:
        """How it is asked for."""
        return list(self.own.mobilisation)

    @field
    def area(self) -> list[str]:
        """Where it is offered: INSEE codes, or `france`."""
        return list(self.own.area)

    @field
    def required_documents(self) -> list[RequiredDocument]:
        """Documents that it asks for."""
        return [RequiredDocument(texts=one) for one in self.own.required_documents]

    @field
    def confidential(self) -> bool:
        """Whether it must not stand in public directories."""
        return self.own.confidential

    @field
    def last_modified(self) -> date:
        """When the entry was last checked."""
        return self.own.last_modified

    @field
    def source(self) -> Source:
        """Where the entry comes from."""
        return Source.of(self.own.source)


@described
class Service(Node):
    """A catalog entry, of a plugin or of the organisation."""

    source = RowSource(table=tables.Service, needs=Permission.SERVICE_READ)

    code: str = column("Its code; the organisation's own start with `own.`.")
    plugin: str | None = column("The plugin that brings it, if one does.")
    kind: ServiceKind = column("What kind of service it is.")
    provider: str | None = column("Who offers it here.")
    eligibility_rule: str | None = column("Code of the rule for access.")
    active: bool = column("Whether it is offered now.")
    created_at: datetime = column("When it joined the catalog.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    name = localised_column("Its name.", "name")
    description = localised_column("What it does.", "description")

    @field
    def details(self) -> ServiceDetails | None:
        """What the plugin's catalog says of it; null for the organisation's own."""
        entry = self.row["details"]
        return ServiceDetails(own=parse_service(entry)) if entry else None

    @field
    def rule(self, info: Info) -> Rule | None:
        """The rule for access, where its plugin is loaded."""
        found = rule_of(info, self.eligibility_rule) if self.eligibility_rule else None
        return Rule(plugin=found.code.partition(".")[0], own=found) if found else None
