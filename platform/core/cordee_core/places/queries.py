"""Queries about places of living and territories."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from cordee_core.database.engine import fetch, fetch_one
from cordee_core.database.lists import RowList
from cordee_core.places.stays import Stay
from cordee_core.places.tables import PlaceOfLiving, Territory


def territories() -> RowList:
    """Return the tenant's territories in the order they were made."""
    return RowList(Territory, newest_first=False)


async def stays_of(person: UUID) -> list[Stay]:
    """Return a person's stays, the earliest first."""
    rows = await (
        PlaceOfLiving.select()
        .where(PlaceOfLiving.person_id == person)
        .order_by(PlaceOfLiving.starts_on)
    )
    return [Stay(row["kind"], row["starts_on"], row["ends_on"]) for row in rows]


async def end_open_place(tenant: UUID, person: UUID, day: date) -> None:
    """End the place where the person lives now, because of a move on `day`."""
    await fetch(
        "UPDATE core.places_of_living SET ends_on = $3, row_version = row_version + 1"
        " WHERE tenant_id = $1 AND person_id = $2 AND ends_on IS NULL",
        tenant, person, day,
    )  # fmt: skip


async def is_below(territory: UUID, ancestor: UUID) -> bool:
    """Return whether `territory` is `ancestor` or stands below it."""
    row = await fetch_one(
        "WITH RECURSIVE up (id, parent_id) AS ("
        " SELECT id, parent_id FROM core.territories WHERE id = $1"
        " UNION SELECT t.id, t.parent_id FROM core.territories t JOIN up ON t.id = up.parent_id)"
        " SELECT EXISTS (SELECT FROM up WHERE id = $2) AS found",
        territory, ancestor,
    )  # fmt: skip
    return bool(row and row["found"])


async def coverage_of(territories: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many persons live in each territory or below it now."""
    wanted = list(territories)
    rows = await fetch(
        "WITH RECURSIVE down (top, id) AS ("
        " SELECT id, id FROM core.territories WHERE id = ANY ($1)"
        " UNION SELECT d.top, t.id FROM core.territories t JOIN down d ON t.parent_id = d.id)"
        " SELECT d.top, count(p.person_id) AS persons FROM down d LEFT JOIN core.places_of_living p"
        " ON p.territory_id = d.id AND p.ends_on IS NULL GROUP BY d.top",
        wanted,
    )
    return {row["top"]: int(row["persons"]) for row in rows}
