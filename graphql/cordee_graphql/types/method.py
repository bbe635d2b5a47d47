"""Methods: how an episode of support is done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.programmes import method as core
from cordee_core.programmes import tables
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, localised_column, many, one
from cordee_graphql.types.adaptation import Adapted
from cordee_graphql.types.declaring import described, described_interface, field, localised
from cordee_graphql.types.model_parts import Schedule
from cordee_graphql.types.rows import from_row
from cordee_graphql.types.sources import Source


@described
class Episode:
    """One step of a method."""

    own: strawberry.Private[core.Episode]
    name = localised("Its name.", lambda self: self.own.name)
    done_when = localised("The sign that it is done.", lambda self: self.own.done_when)

    @field
    def code(self) -> str:
        """Its code in the method."""
        return self.own.code

    @field
    def contacts(self) -> int | None:
        """How many contacts it takes."""
        return self.own.contacts

    @field
    def schedule(self) -> Schedule | None:
        """When it is due, relative to an event."""
        return None if self.own.schedule is None else Schedule(own=self.own.schedule)

    @field
    def instruments(self) -> list[str]:
        """Codes of the instruments used."""
        return list(self.own.instruments)


@described_interface
class MethodContent:
    """The parts of a method."""

    definition: strawberry.Private[core.MethodTemplate]
    title = localised_column(
        "Its name.", "definition", "title", text=lambda self: self.definition.title
    )
    description = localised_column(
        "What is done.", "definition", "description", text=lambda self: self.definition.description
    )

    @field
    def episodes(self) -> list[Episode]:
        """Its steps, in order."""
        return [Episode(own=one) for one in self.definition.episodes]

    @field
    def sources(self) -> list[Source]:
        """Where it comes from."""
        return [Source.of(one) for one in self.definition.sources]


@described
class Method(MethodContent, Adapted, Node):
    """How an episode of support is done, as the organisation writes it."""

    source = RowSource(table=tables.Method, needs=Permission.PROGRAMME_READ)

    code: str = column("Its code in the organisation.")
    template_code: str | None = column("The template it was copied from.")
    version: int = column("Its newest version.")
    created_at: datetime = column("When it was made.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    versions = many(
        "Its versions, oldest first.",
        "cordee_graphql.types.method:MethodVersion",
        "method_id",
        "version",
    )

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Method":
        """Return the method in a row."""
        return from_row(cls, row, definition=core.parse_method(row["definition"]))


@described
class MethodVersion(MethodContent, Node):
    """A method as it was at one time."""

    source = RowSource(table=tables.MethodVersion, needs=Permission.PROGRAMME_READ)

    version: int = column("Its number.")
    created_at: datetime = column("Since when.")
    row: strawberry.Private[Mapping[str, Any]]
    method = one("The method of which it is a version.", Method, "method_id")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "MethodVersion":
        """Return the version in a row."""
        return from_row(cls, row, definition=core.parse_method(row["definition"]))


@described
class MethodTemplate(MethodContent):
    """A method that a plugin offers to copy and change."""

    code: str = strawberry.field(description="Its code, which `methodCopyTemplate` takes.")
    version: str = strawberry.field(description="Its version.")
    plugin: str = strawberry.field(description="The plugin that offers it.")

    @classmethod
    def of_template(cls, plugin: str, own: core.MethodTemplate) -> "MethodTemplate":
        """Return the template for the API."""
        return cls(code=own.code, version=own.version, plugin=plugin, definition=own)
