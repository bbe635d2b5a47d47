"""Places of living and territories."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.places import tables
from cordee_core.places.queries import coverage_of
from cordee_core.places.stays import Figures
from cordee_graphql.context import Info
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import RowSource, column, many, named
from cordee_graphql.types.around_enums import PlaceKind
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.member import Team


@described
class Territory(Node):
    """An area in the organisation's tree of areas."""

    source = RowSource(table=tables.Territory, needs=Permission.PROGRAMME_READ)

    code: str = column("Its code, unique in the organisation.")
    name: str = column("Its name.")
    cap: int | None = column("How many persons it should hold at most.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    parent = named("The area above it.", "cordee_graphql.types.place:Territory", "parent_id")
    children = many(
        "The areas below it.", "cordee_graphql.types.place:Territory", "parent_id", "code"
    )
    team = named("The team that covers it.", Team, "team_id")

    @field
    async def persons(self, info: Info) -> int:
        """How many persons live in it or below it now."""
        return await _persons(info, self.uuid)

    @field
    async def over_cap(self, info: Info) -> bool:
        """Whether more persons live in it than it should hold."""
        cap = self.row["cap"]
        return cap is not None and await _persons(info, self.uuid) > cap


async def _persons(info: Info, territory: UUID) -> int:
    found: int | None = await info.context.operation.loader("coverage", _coverage).load(territory)
    return found or 0


async def _coverage(operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, int]:
    async with operation.read():
        return await coverage_of(uuids)


@described
class PlaceOfLiving(Node):
    """Where a person lived from a day to another."""

    source = RowSource(
        table=tables.PlaceOfLiving, needs=Permission.PERSON_READ, subject="person_id"
    )

    kind: PlaceKind = column("What kind of place.")
    detail: str | None = column("More about it.")
    starts_on: date = column("Since when.")
    planned_end: date | None = column("Until when it is meant to last.")
    ends_on: date | None = column("Until when it was; null for where the person lives now.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    territory = named("In which area.", Territory, "territory_id")


@described
class DaysInPlace:
    """Days spent in one kind of place."""

    kind: PlaceKind = strawberry.field(description="What kind of place.")
    days: int = strawberry.field(description="How many days.")


@described
class LivingFigures:
    """What the places of living give over a period."""

    own: strawberry.Private[Figures]

    @field
    def days(self) -> list[DaysInPlace]:
        """Days by kind of place; the day of a move counts for the place moved to."""
        return [DaysInPlace(kind=PlaceKind(kind), days=n) for kind, n in self.own.days.items()]

    @field
    def days_unrecorded(self) -> int:
        """Days of which nothing is recorded."""
        return self.own.unrecorded

    @field
    def moves(self) -> int:
        """How often the person moved."""
        return self.own.moves

    @field
    def returns(self) -> int:
        """How often the person moved back into a home from anywhere else."""
        return self.own.returns
