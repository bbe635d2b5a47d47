"""Services of the catalog."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.languages import Text
from cordee_core.services.definition import ServiceEntry, parse_service
from cordee_core.services.queries import services_by_id
from cordee_graphql.context import Info
from cordee_graphql.enums import ServiceKind
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.types.declaring import described, field, localised
from cordee_graphql.types.rows import from_row
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

    code: str = strawberry.field(description="Its code; the organisation's own start with `own.`.")
    plugin: str | None = strawberry.field(description="The plugin that brings it, if one does.")
    kind: ServiceKind = strawberry.field(description="What kind of service it is.")
    provider: str | None = strawberry.field(description="Who offers it here.")
    eligibility_rule: str | None = strawberry.field(description="Code of the rule for access.")
    active: bool = strawberry.field(description="Whether it is offered now.")
    created_at: datetime = strawberry.field(description="When it joined the catalog.")
    row_version: int = strawberry.field(description="Raised by each change.")
    names: strawberry.Private[Text]
    descriptions: strawberry.Private[Text]
    entry: strawberry.Private[Mapping[str, Any]]
    name = localised("Its name.", lambda self: self.names)
    description = localised("What it does.", lambda self: self.descriptions)

    @field
    def details(self) -> ServiceDetails | None:
        """What the plugin's catalog says of it; null for the organisation's own."""
        return ServiceDetails(own=parse_service(self.entry)) if self.entry else None

    @field
    def rule(self, info: Info) -> Rule | None:
        """The rule for access, where its plugin is loaded."""
        found = rule_of(info, self.eligibility_rule) if self.eligibility_rule else None
        return Rule(plugin=found.code.partition(".")[0], own=found) if found else None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Service":
        """Return the service in a row."""
        return from_row(
            cls,
            row,
            names=row["name"],
            descriptions=row["description"],
            entry=row["details"],
        )

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Service"]:
        """Return the services; needs `service.read`."""
        operation.scope.require(Permission.SERVICE_READ)
        async with operation.read():
            return {row["id"]: cls.of(row) for row in await services_by_id(uuids)}
