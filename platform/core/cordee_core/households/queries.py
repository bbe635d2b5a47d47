"""Queries about households, relations and representatives."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from cordee_core.database.engine import fetch, fetch_one
from cordee_core.database.lists import RowList
from cordee_core.households.tables import Household, HouseholdMember, Representative

ANCESTRY = ("parent", "grandparent")
"""The relations that can't go round in a circle."""


def households() -> RowList:
    """Return the tenant's households, newest first."""
    return RowList(Household)


async def current_stay(household: UUID, person: UUID) -> bool:
    """Return whether the person is in the household now, as far as is recorded."""
    return bool(
        await HouseholdMember.exists().where(
            (HouseholdMember.household_id == household)
            & (HouseholdMember.person_id == person)
            & HouseholdMember.ends_on.is_null()
        )
    )


async def descends(person: UUID, ancestor: UUID) -> bool:
    """Return whether `ancestor` is an ancestor of `person` by the relations that still hold."""
    row = await fetch_one(
        "WITH RECURSIVE up (id) AS ("
        " SELECT r.person_id FROM core.relations r"
        " WHERE r.other_id = $1 AND r.kind = ANY ($3) AND r.ends_on IS NULL"
        " UNION"
        " SELECT r.person_id FROM core.relations r JOIN up ON r.other_id = up.id"
        " WHERE r.kind = ANY ($3) AND r.ends_on IS NULL)"
        " SELECT EXISTS (SELECT FROM up WHERE id = $2) AS found",
        person, ancestor, list(ANCESTRY),
    )  # fmt: skip
    return bool(row and row["found"])


async def representatives_on(person: UUID, day: date, scope: str) -> list[dict[str, Any]]:
    """Return who may act for the person in `scope` on a day."""
    rows = await Representative.select().where(
        (Representative.person_id == person)
        & (Representative.starts_on <= day)
        & (Representative.ends_on.is_null() | (Representative.ends_on >= day))
    )
    return [dict(row) for row in rows if scope in row["scopes"]]


async def write_relation(tenant: UUID, row: Mapping[str, object]) -> None:
    """Insert a relation: the columns in `row`, all but the one that PostgreSQL generates."""
    columns = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join(f"${place}" for place in range(2, len(row) + 2))
    await fetch(
        f"INSERT INTO core.relations (tenant_id, {columns}) VALUES ($1, {marks})",  # noqa: S608
        tenant, *row.values(),
    )  # fmt: skip
