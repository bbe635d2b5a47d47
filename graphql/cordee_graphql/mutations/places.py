# mypy: disable-error-code="untyped-decorator"
"""Places of living and territories."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.places import record_place as places
from cordee_core.places import write_territory as areas
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.around_enums import PlaceKind
from cordee_graphql.types.person import Person
from cordee_graphql.types.place import PlaceOfLiving, Territory

_VERSION = "Its `rowVersion` as you read it."


@strawberry.input(description="Where a person lives or lived.")
class PlaceRecordInput:
    """Where, since when."""

    person_id: strawberry.ID = strawberry.field(description="The person.")
    kind: PlaceKind = strawberry.field(description="What kind of place.")
    starts_on: date = strawberry.field(
        description="Since when; not in the future. It ends where the person lived before."
    )
    detail: str | None = strawberry.field(default=None, description="More about it.")
    territory_id: strawberry.ID | None = strawberry.field(
        default=None, description="In which area."
    )
    planned_end: date | None = strawberry.field(
        default=None, description="Until when it is meant to last."
    )
    ends_on: date | None = strawberry.field(
        default=None, description="Until when it was, for a place of the past."
    )

    def draft(self) -> places.PlaceDraft:
        """Return what the use case takes."""
        area = self.territory_id
        return places.PlaceDraft(
            person=uuid_of(self.person_id, "Person", "input", "personId"), kind=self.kind.value,
            starts_on=self.starts_on, detail=self.detail, planned_end=self.planned_end,
            ends_on=self.ends_on,
            territory=None
            if area is None else uuid_of(area, "Territory", "input", "territoryId"),
        )  # fmt: skip


@strawberry.input(description="A place that the person left, for nobody knows where.")
class PlaceEndInput:
    """Which, when."""

    place_id: strawberry.ID = strawberry.field(description="The place of living.")
    row_version: int = strawberry.field(description=_VERSION)
    ends_on: date = strawberry.field(description="The day it ended; not in the future.")

    def draft(self) -> places.PlaceEndDraft:
        """Return what the use case takes."""
        place = uuid_of(self.place_id, "PlaceOfLiving", "input", "placeId")
        return places.PlaceEndDraft(place=place, row_version=self.row_version, ends_on=self.ends_on)


@strawberry.input(description="An area that the organisation covers.")
class TerritoryMakeInput:
    """Code, name, place in the tree, team, cap."""

    code: str = strawberry.field(description="Its code, unique in the organisation.")
    name: str = strawberry.field(description="Its name.")
    parent_id: strawberry.ID | None = strawberry.field(default=None, description="The area above.")
    team_id: strawberry.ID | None = strawberry.field(default=None, description="Who covers it.")
    cap: int | None = strawberry.field(
        default=None, description="How many persons it should hold at most."
    )

    def draft(self) -> areas.TerritoryDraft:
        """Return what the use case takes."""
        parent, team = self.parent_id, self.team_id
        return areas.TerritoryDraft(
            code=self.code, name=self.name, cap=self.cap,
            parent=None if parent is None else uuid_of(parent, "Territory", "input", "parentId"),
            team=None if team is None else uuid_of(team, "Team", "input", "teamId"),
        )  # fmt: skip


@strawberry.input(description="An area as it is to be; what is left out is emptied.")
class TerritoryEditInput(TerritoryMakeInput):
    """The area as read, and as it is to be."""

    territory_id: strawberry.ID = strawberry.field(description="The area.")
    row_version: int = strawberry.field(description=_VERSION)

    def draft(self) -> areas.TerritoryEditDraft:  # type: ignore[override]
        """Return what the use case takes."""
        return areas.TerritoryEditDraft(
            territory=uuid_of(self.territory_id, "Territory", "input", "territoryId"),
            row_version=self.row_version,
            wanted=TerritoryMakeInput.draft(self),
        )


@strawberry.type
class PlacePayload(Payload):
    """Base of payloads about places of living."""

    @strawberry.field(description="The place of living.")
    async def place(self, info: Info) -> PlaceOfLiving | None:
        """Return the place."""
        return await load_node(info, PlaceOfLiving, self.changed.get("place"))

    @strawberry.field(description="The person.")
    async def person(self, info: Info) -> Person | None:
        """Return the person."""
        return await load_node(info, Person, self.changed.get("person"))


@strawberry.type(description="The place of living, and whose it is.")
class PlaceRecordPayload(PlacePayload):
    """Payload of ``placeRecord``."""


@strawberry.type(description="The place of living, and whose it is.")
class PlaceEndPayload(PlacePayload):
    """Payload of ``placeEnd``."""


@strawberry.type
class TerritoryPayload(Payload):
    """Base of payloads about territories."""

    @strawberry.field(description="The area.")
    async def territory(self, info: Info) -> Territory | None:
        """Return the area."""
        return await load_node(info, Territory, self.changed.get("territory"))


@strawberry.type(description="The area.")
class TerritoryMakePayload(TerritoryPayload):
    """Payload of ``territoryMake``."""


@strawberry.type(description="The area.")
class TerritoryEditPayload(TerritoryPayload):
    """Payload of ``territoryEdit``."""


@strawberry.type
class PlaceMutations:
    """Mutations of places of living and territories."""

    @strawberry.mutation(
        description=needs(Permission.PERSON_WRITE, "Record where a person lives or lived.")
    )
    async def place_record(
        self, info: Info, given: Annotated[PlaceRecordInput, INPUT]
    ) -> PlaceRecordPayload | None:
        """Record a place of living."""
        return await submit(info, PlaceRecordPayload, "placeRecord", places.record_place, given)

    @strawberry.mutation(
        description=needs(Permission.PERSON_WRITE, "End a place of living without a next one.")
    )
    async def place_end(
        self, info: Info, given: Annotated[PlaceEndInput, INPUT]
    ) -> PlaceEndPayload | None:
        """End a place of living."""
        return await submit(info, PlaceEndPayload, "placeEnd", places.end_place, given)

    @strawberry.mutation(description=needs(Permission.TENANT_MANAGE, "Make an area."))
    async def territory_make(
        self, info: Info, given: Annotated[TerritoryMakeInput, INPUT]
    ) -> TerritoryMakePayload | None:
        """Make an area."""
        return await submit(
            info, TerritoryMakePayload, "territoryMake", areas.make_territory, given
        )

    @strawberry.mutation(description=needs(Permission.TENANT_MANAGE, "Change an area."))
    async def territory_edit(
        self, info: Info, given: Annotated[TerritoryEditInput, INPUT]
    ) -> TerritoryEditPayload | None:
        """Change an area."""
        return await submit(
            info, TerritoryEditPayload, "territoryEdit", areas.edit_territory, given
        )
