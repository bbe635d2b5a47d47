"""Households, relations and representatives."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.households import tables
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, many, named, one
from cordee_graphql.types.around_enums import (
    HouseholdRole,
    RelationKind,
    RepresentativeKind,
    RepresentativeScope,
)
from cordee_graphql.types.declaring import described
from cordee_graphql.types.member import Member

PERSON = "cordee_graphql.types.person:Person"


@described
class HouseholdMember(Node):
    """A person's time in a household."""

    source = RowSource(
        table=tables.HouseholdMember, needs=Permission.PERSON_READ, subject="person_id"
    )

    role: HouseholdRole = column("What the person is in it.")
    starts_on: date = column("Since when.")
    ends_on: date | None = column("Until when; null while the person is in it.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    person = one("Who. Null where the person is not the caller's to see.", PERSON, "person_id")
    household = one(
        "Which household. Null with `FORBIDDEN` for a person's own access: others are in it.",
        "cordee_graphql.types.household:Household",
        "household_id",
    )


@described
class Household(Node):
    """Persons who live together or belong together; a person may be in several."""

    source = RowSource(table=tables.Household, needs=Permission.PERSON_READ)

    name: str = column("What it is called.")
    note: str | None = column("What there is to say of it.")
    created_at: datetime = column("When it was recorded.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    members = many(
        "Who is and was in it, in the order recorded; without those whom the caller may not know.",
        HouseholdMember,
        "household_id",
    )


@described
class Relation(Node):
    """What one person is to another: `person` is the `kind` of `other`."""

    source = RowSource(table=tables.Relation, needs=Permission.PERSON_READ, subject="person_id")

    kind: RelationKind = column("What `person` is to `other`.")
    detail: str | None = column("More about it.")
    starts_on: date | None = column("Since when, where that is known.")
    ends_on: date | None = column("Until when; null while it holds.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    person = one("Who stands in the relation.", PERSON, "person_id")
    other = one("To whom.", PERSON, "other_id")


@described
class Representative(Node):
    """Who may act for a person, in what, from when until when."""

    source = RowSource(
        table=tables.Representative, needs=Permission.PERSON_READ, subject="person_id"
    )

    kind: RepresentativeKind = column("By what they may act.")
    scopes: list[RepresentativeScope] = column("In what they may act.")
    name: str | None = column("Who, where it is no registered person.")
    proof: str | None = column("The document that says so.")
    starts_on: date = column("From which day.")
    ends_on: date | None = column("Until which day; null without a term.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    person = one("Who may act, where it is a registered person.", PERSON, "representative_id")
    recorded_by = named("Who recorded it.", Member, "recorded_by")
