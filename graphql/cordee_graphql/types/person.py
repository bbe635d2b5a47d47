"""The persons whom cases are about."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases.queries import CASES_OF_PERSON
from cordee_core.customs.queries import CUSTOMS_OF_PERSON
from cordee_core.people import tables
from cordee_core.places.queries import stays_of
from cordee_core.places.stays import figures
from cordee_graphql.context import Info
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, many
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.household import HouseholdMember, Relation, Representative
from cordee_graphql.types.lists import pages
from cordee_graphql.types.person_record import PersonRecord
from cordee_graphql.types.place import LivingFigures, PlaceOfLiving
from cordee_graphql.types.voice import Custom

FirstDay = Annotated[date, strawberry.argument(description="The first day.")]
LastDay = Annotated[date, strawberry.argument(description="The last day.")]


@described
class Person(Node, PersonRecord):
    """Somebody whom cases are about."""

    source = RowSource(table=tables.Person, needs=Permission.PERSON_READ, subject="id")

    cases = pages(
        "The person's cases, newest first. Null with `FORBIDDEN` without `case.read`.",
        "cordee_graphql.types.case:Case",
        CASES_OF_PERSON,
        order="person.cases",
        needs=Permission.CASE_READ,
    )
    households = many(
        "The households the person is or was in.", HouseholdMember, "person_id", "starts_on"
    )
    relations = many("What the person is to others.", Relation, "person_id")
    related_to = many("What others are to the person.", Relation, "other_id")
    representatives = many(
        "Who may or might act for the person.", Representative, "person_id", "starts_on"
    )
    places_of_living = many(
        "Where the person lives and lived, the earliest first.",
        PlaceOfLiving,
        "person_id",
        "starts_on",
    )
    customs = pages(
        "Customs that matter to the person, newest first. Null with `FORBIDDEN` without "
        "`person.sensitive`.",
        Custom,
        CUSTOMS_OF_PERSON,
        order="person.customs",
        needs=Permission.PERSON_SENSITIVE,
    )

    @field
    async def living(self, info: Info, first_day: FirstDay, last_day: LastDay) -> LivingFigures:
        """Days by kind of place, moves and returns in a period, both days counted."""
        async with info.context.operation.read():
            stays = await stays_of(self.uuid)
        return LivingFigures(own=figures(stays, first_day, last_day))
