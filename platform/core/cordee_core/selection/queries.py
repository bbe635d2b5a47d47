"""Queries about selection: places, waiting lists, and the facts that decisions rest on."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from cordee_core.database.engine import fetch
from cordee_core.database.lists import OwnedLists, RowList
from cordee_core.database.rows import Found, among, count
from cordee_core.selection.tables import PlaceHold, WaitingChange, WaitingEntry

CHANGES_OF_ENTRY = OwnedLists(WaitingChange, WaitingChange.entry_id, newest_first=False)
"""What happened to each waiting entry, oldest first."""


async def places_taken(programme: UUID) -> int:
    """Return how many cases hold a place, whoever may see them."""
    return await count(PlaceHold, PlaceHold.programme_id == programme, PlaceHold.ended_at.is_null())


async def hold_of(case: UUID) -> Found | None:
    """Return the place that a case holds or held."""
    rows = await PlaceHold.select().where(PlaceHold.case_id == case)
    return rows[0] if rows else None


async def entry_of(case: UUID) -> Found | None:
    """Return the waiting entry of a case, if it ever waited."""
    rows = await WaitingEntry.select().where(WaitingEntry.case_id == case)
    return rows[0] if rows else None


async def statuses_of(cases: Iterable[UUID]) -> dict[UUID, str]:
    """Return how the waiting entries of several cases stand, by case."""
    rows = await WaitingEntry.select().where(among(WaitingEntry.case_id, cases))
    return {row["case_id"]: row["status"] for row in rows}


async def positions(programmes: Iterable[UUID]) -> dict[UUID, int]:
    """Return the place in the queue of each waiting entry: higher priority, then longer wait."""
    rows = await fetch(
        "SELECT id, row_number() OVER (PARTITION BY programme_id"
        " ORDER BY queue_key) AS number FROM core.waiting_entries"
        " WHERE tenant_id = (SELECT ctx.tenant()) AND status = 'waiting'"
        " AND programme_id = ANY($1::uuid[])",
        list(programmes),
    )  # fmt: skip
    return {row["id"]: int(row["number"]) for row in rows}


def waiting_list(programme: UUID) -> RowList:
    """Return who waits in a programme, in the order of the queue; cases that the caller may see."""
    visible = WhereRaw(
        "case_id IN (SELECT id FROM core.cases WHERE tenant_id = (SELECT ctx.tenant()))"
    )
    waiting = (WaitingEntry.programme_id == programme, WaitingEntry.status == "waiting", visible)
    return RowList(WaitingEntry, waiting, newest_first=False, key=WaitingEntry.queue_key)


async def facts_of_persons(limit: int) -> list[Found]:
    """Return what was recorded of persons at decisions and evaluations, up to `limit` records.

    Those of one person stand together, the oldest first.
    """
    rows = await fetch(
        "SELECT c.person_id, d.facts FROM core.cases c CROSS JOIN LATERAL ("
        " SELECT s.facts, s.id FROM core.selection_decisions s"
        " WHERE s.tenant_id = c.tenant_id AND s.case_id = c.id"
        " UNION ALL SELECT e.facts, e.id FROM core.eligibility_results e"
        " WHERE e.tenant_id = c.tenant_id AND e.case_id = c.id) d"
        " WHERE c.tenant_id = (SELECT ctx.tenant()) AND c.person_id IS NOT NULL"
        " ORDER BY c.person_id, d.id LIMIT $1",
        limit,
    )
    return [dict(row) for row in rows]


async def decided_cases(programme: UUID, limit: int) -> list[dict[str, Any]]:
    """Return the decisions of a programme's cases with what they rest on, the newest first."""
    rows = await fetch(
        "SELECT d.case_id, c.person_id, d.profile, d.facts, d.evaluated_on, d.outcome, d.decision"
        " FROM core.cases c JOIN core.selection_decisions d"
        " ON d.tenant_id = c.tenant_id AND d.case_id = c.id"
        " WHERE c.tenant_id = (SELECT ctx.tenant()) AND c.programme_id = $1"
        " ORDER BY d.id DESC LIMIT $2",
        programme, limit,
    )  # fmt: skip
    return [dict(row) for row in rows]
