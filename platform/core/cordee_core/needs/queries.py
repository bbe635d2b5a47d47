"""Queries about needs."""

from collections.abc import Iterable
from uuid import UUID

from cordee_core.database.engine import fetch
from cordee_core.database.lists import OwnedLists
from cordee_core.database.rows import count
from cordee_core.needs.tables import Need

NEEDS_OF_CASE = OwnedLists(Need, Need.case_id, newest_first=False)
"""Needs, strengths and wishes of each case, in the order in which they were recorded."""


async def cases_with_strength_or_wish(tenant: UUID, cases: Iterable[UUID]) -> set[UUID]:
    """Return those cases that have a strength or a wish that goes on, or say why there is none."""
    rows = await fetch(
        "SELECT DISTINCT case_id FROM core.needs WHERE tenant_id = $1"
        " AND case_id = ANY($2::uuid[]) AND kind IN ('strength', 'wish', 'none')"
        " AND ended_on IS NULL",
        tenant, list(cases),
    )  # fmt: skip
    return {row["case_id"] for row in rows}


async def domains_spoken_of(tenant: UUID, cases: Iterable[UUID]) -> dict[UUID, set[str]]:
    """Return by case the life domains in which it has a need, strength or wish, ended or not."""
    rows = await fetch(
        "SELECT DISTINCT case_id, life_domain FROM core.needs WHERE tenant_id = $1"
        " AND case_id = ANY($2::uuid[]) AND life_domain IS NOT NULL",
        tenant, list(cases),
    )  # fmt: skip
    found: dict[UUID, set[str]] = {}
    for row in rows:
        found.setdefault(row["case_id"], set()).add(row["life_domain"])
    return found


async def count_going_on(case: UUID) -> int:
    """Return how many needs, strengths and wishes of a case have not ended."""
    return await count(Need, Need.case_id == case, Need.ended_on.is_null())


async def move_needs(source: UUID, target: UUID) -> None:
    """Take what has not ended from one case to another."""
    await fetch(
        "UPDATE core.needs SET case_id = $2, row_version = row_version + 1"
        " WHERE case_id = $1 AND ended_on IS NULL",
        source, target,
    )  # fmt: skip
