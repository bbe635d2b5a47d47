"""Queries about tallies."""

from collections.abc import Mapping
from uuid import UUID

from cordee_core.database.engine import fetch

Change = Mapping[tuple[str, str], int]
"""What is added to each (subject, item); it may be negative."""


async def count_on(tenant: UUID, change: Change) -> None:
    """Add to the tallies, always in one order, so that writers never wait in a circle."""
    for (subject, item), number in sorted(change.items()):
        if number:
            await fetch(
                "INSERT INTO core.tallies (tenant_id, subject, item, number)"
                " VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, subject, item)"
                " DO UPDATE SET number = core.tallies.number + excluded.number",
                tenant, subject, item, number,
            )  # fmt: skip


async def tallies() -> dict[str, dict[str, int]]:
    """Return what was counted, by subject and item; what is at zero is left out."""
    found: dict[str, dict[str, int]] = {}
    rows = await fetch(
        "SELECT subject, item, number FROM core.tallies WHERE number <> 0 ORDER BY subject, item"
    )
    for row in rows:
        found.setdefault(row["subject"], {})[row["item"]] = row["number"]
    return found


async def recounted() -> dict[str, dict[str, int]]:
    """Return the same counted from the records themselves: what the tallies must agree with."""
    found: dict[str, dict[str, int]] = {}
    rows = await fetch(
        "SELECT 'case_stage' AS subject, stage AS item, count(*) AS number FROM core.cases"
        " GROUP BY stage UNION ALL"
        " SELECT 'case_referent', referent_id::text, count(*) FROM core.cases"
        " WHERE referent_id IS NOT NULL AND stage <> 'refused' GROUP BY referent_id UNION ALL"
        " SELECT 'referral_state', state, count(*) FROM core.referrals GROUP BY state UNION ALL"
        " SELECT 'request_outcome', outcome, count(*) FROM core.requests GROUP BY outcome"
    )
    for row in rows:
        found.setdefault(row["subject"], {})[row["item"]] = row["number"]
    return found
