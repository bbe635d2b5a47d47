"""Queries about cases."""

from collections.abc import Iterable
from uuid import UUID

from cordee_core.cases.tables import Case, Designation, SelectionDecision
from cordee_core.database.engine import fetch_one
from cordee_core.database.rows import Found


async def raise_timeline(tenant: UUID, case_id: UUID) -> int | None:
    """Return the next number of the case's timeline, its row locked; None without such a case."""
    row = await fetch_one(
        "UPDATE core.cases SET timeline_seq = timeline_seq + 1"
        " WHERE tenant_id = $1 AND id = $2 RETURNING timeline_seq",
        tenant, case_id,
    )  # fmt: skip
    return None if row is None else int(row["timeline_seq"])


async def decision_of(case_id: UUID) -> Found | None:
    """Return the selection decision of a case, if one was taken."""
    rows = await SelectionDecision.select().where(SelectionDecision.case_id == case_id)
    return rows[0] if rows else None


async def decisions_of(cases: Iterable[UUID]) -> dict[UUID, Found]:
    """Return the selection decisions of several cases by case."""
    wanted = list(cases)
    rows = await SelectionDecision.select().where(SelectionDecision.case_id.is_in(wanted))
    return {row["case_id"]: row for row in rows}


async def designations_of(cases: Iterable[UUID]) -> dict[UUID, list[Found]]:
    """Return who is and was referent of several cases, oldest first, by case."""
    wanted = list(cases)
    found: dict[UUID, list[Found]] = {case: [] for case in wanted}
    query = Designation.select().where(Designation.case_id.is_in(wanted))
    for row in await query.order_by(Designation.starts_at):
        found[row["case_id"]].append(row)
    return found


async def active_cases() -> int:
    """Return how many cases of the tenant are open."""
    return int(await Case.count().where(Case.stage != "refused"))
