"""Queries about the circle of a case."""

from datetime import date
from uuid import UUID

from cordee_core.circle.tables import CircleMember
from cordee_core.database.engine import fetch


async def in_circle(case: UUID, member: UUID) -> bool:
    """Return whether the member is in the circle of the case now."""
    return bool(
        await CircleMember.exists().where(
            (CircleMember.case_id == case)
            & (CircleMember.member_id == member)
            & CircleMember.ends_on.is_null()
        )
    )


async def end_circle(tenant: UUID, case: UUID, day: date, reason: str) -> list[UUID]:
    """End everybody's place in the circle of a case on a day; return the members among them."""
    rows = await fetch(
        "UPDATE core.circle_members SET ends_on = greatest($3, starts_on), end_reason = $4,"
        " row_version = row_version + 1 WHERE tenant_id = $1 AND case_id = $2"
        " AND ends_on IS NULL RETURNING member_id",
        tenant, case, day, reason,
    )  # fmt: skip
    return [row["member_id"] for row in rows if row["member_id"] is not None]
