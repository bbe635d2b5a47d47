"""Queries about cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cordee_core.cases.tables import Case, SelectionDecision, TimelineEntry
from cordee_core.database.engine import fetch, fetch_one
from cordee_core.database.lists import OwnedLists, RowList
from cordee_core.database.rows import Found, among, find_many

CASES_OF_PERSON = OwnedLists(Case, Case.person_id)
"""The cases of each person, newest first."""

TIMELINE_OF_CASE = OwnedLists(
    TimelineEntry, TimelineEntry.case_id, newest_first=False, key=TimelineEntry.seq
)
"""What happened in each case, oldest first."""


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
    rows = await SelectionDecision.select().where(among(SelectionDecision.case_id, wanted))
    return {row["case_id"]: row for row in rows}


async def active_cases() -> int:
    """Return how many cases of the tenant are open."""
    return int(await Case.count().where(Case.stage != "refused"))


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseQuery:
    """Which cases are asked for; None asks for any."""

    stage: str | None = None
    referent: UUID | None = None
    programme: UUID | None = None
    team: UUID | None = None


def cases_like(wanted: CaseQuery, own: UUID | None = None) -> RowList:
    """Return the tenant's cases that fit, newest first; only those of the person `own` if given."""
    columns = (
        (Case.person_id, own),
        (Case.stage, wanted.stage),
        (Case.referent_id, wanted.referent),
        (Case.programme_id, wanted.programme),
        (Case.team_id, wanted.team),
    )
    return RowList(Case, tuple(column == value for column, value in columns if value is not None))


async def cases_by_id(identifiers: Iterable[UUID]) -> list[Found]:
    """Return the cases with those ids."""
    return await find_many(Case, identifiers)


async def persons_of(cases: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return whom several cases are about, by case."""
    rows = await Case.select(Case.id, Case.person_id).where(among(Case.id, cases))
    return {row["id"]: row["person_id"] for row in rows}


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A case, whom it is about and the number of its last timeline entry."""

    case: UUID
    person: UUID
    seq: int


async def heads_of(cases: Iterable[UUID]) -> list[CaseHead]:
    """Return the heads of those cases that the tenant has."""
    columns = (Case.id, Case.person_id, Case.timeline_seq)
    rows = await Case.select(*columns).where(among(Case.id, cases))
    return [CaseHead(row["id"], row["person_id"], row["timeline_seq"]) for row in rows]


async def heads_changed_since(tenant: UUID, moment: datetime, limit: int) -> list[CaseHead]:
    """Return the heads of up to `limit` cases with an entry that was made after `moment`.

    Ids are UUIDv7, so they start with the milliseconds at which they were made (RFC 9562 §5.7).
    """
    rows = await fetch(
        "SELECT c.id, c.person_id, c.timeline_seq FROM core.cases c WHERE c.tenant_id = $1"
        " AND c.id IN (SELECT t.case_id FROM core.timeline_entries t"
        " WHERE t.tenant_id = $1 AND t.id > $2) LIMIT $3",
        tenant, UUID(int=int(moment.timestamp() * 1000) << 80), limit,
    )  # fmt: skip
    return [CaseHead(row["id"], row["person_id"], row["timeline_seq"]) for row in rows]
