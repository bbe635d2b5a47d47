"""Queries about cases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from cordee_core.cases.tables import (
    Case,
    CasePerson,
    Interruption,
    Request,
    SelectionDecision,
    TimelineEntry,
)
from cordee_core.database.engine import fetch, fetch_one
from cordee_core.database.lists import OwnedLists, RowList
from cordee_core.database.rows import Found, among, find_many

CASES_OF_PERSON = OwnedLists(Case, Case.person_id)
"""The cases of each person, newest first."""

TIMELINE_OF_CASE = OwnedLists(
    TimelineEntry, TimelineEntry.case_id, newest_first=False, key=TimelineEntry.seq
)
"""What happened in each case, oldest first."""


_ENTRY = """c AS (UPDATE core.cases SET timeline_seq = timeline_seq + 1
 WHERE tenant_id = $1 AND id = $2 RETURNING timeline_seq, person_id), entry AS (
 INSERT INTO core.timeline_entries (tenant_id, id, case_id, seq, kind, at, member_id, plugin,
 params, label) SELECT $1, $3, $2, c.timeline_seq, $4, $5, $6, $7, $8, $9 FROM c)"""


@dataclass(frozen=True, slots=True)
class Along:
    """A row that is written with a timeline entry, in its statement.

    `insert` is an INSERT that selects from ``c``, the case; its values are ``$10`` and on.
    """

    insert: str
    values: tuple[object, ...]


def entry_parts(along: Along) -> str:
    """Return the CTEs that write a timeline entry and what goes `along`; ``c`` is the case."""
    return f"{_ENTRY}, along AS ({along.insert})"


async def write_entry(values: Sequence[object]) -> int | None:
    """Write a timeline entry under the case's row lock; return its number in the case.

    None without such a case. `values` are tenant, case, the entry's id, kind, moment, member,
    plugin, parameters and label.
    """
    row = await fetch_one(f"WITH {_ENTRY} SELECT timeline_seq FROM c", *values)  # noqa: S608
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


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineQuery:
    """Which entries of a case's timeline are asked for; empty and None ask for any.

    A `group` is the first word of a kind (``referral``), or a plugin (``housing``): what comes
    before the first ``_`` or ``.``.
    """

    kinds: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    member: UUID | None = None


def timeline_like(case: UUID, wanted: TimelineQuery) -> RowList:
    """Return the entries of a case that fit, oldest first."""
    conditions: list[Any] = [TimelineEntry.case_id == case]
    if wanted.kinds:
        conditions.append(TimelineEntry.kind.is_in(list(wanted.kinds)))
    if wanted.groups:
        first = "split_part(translate(kind, '.', '_'), '_', 1)"
        conditions.append(WhereRaw(f"{first} = ANY ({{}}::text[])", list(wanted.groups)))
    if wanted.since is not None:
        conditions.append(TimelineEntry.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(TimelineEntry.at < wanted.until)
    if wanted.member is not None:
        conditions.append(TimelineEntry.member_id == wanted.member)
    return RowList(TimelineEntry, tuple(conditions), newest_first=False, key=TimelineEntry.seq)


def all_interruptions() -> RowList:
    """Return the tenant's interruptions, newest first."""
    return RowList(Interruption)


def requests_like(own: UUID | None = None) -> RowList:
    """Return the requests that needed no case, newest first; only those of `own` if given."""
    return RowList(Request, () if own is None else (Request.person_id == own,))


async def cases_by_id(identifiers: Iterable[UUID]) -> list[Found]:
    """Return the cases with those ids."""
    return await find_many(Case, identifiers)


async def lock_cases(identifiers: Iterable[UUID]) -> list[Found]:
    """Return those of the cases that exist, locked, always in one order."""
    query = Case.select().where(among(Case.id, identifiers))
    return list(await query.order_by(Case.id).lock_rows("UPDATE"))


async def end_designation(case: UUID, moment: datetime) -> None:
    """End the active designation of a case, if there is one."""
    await fetch(
        "UPDATE core.designations SET ends_at = $2 WHERE case_id = $1 AND ends_at IS NULL",
        case, moment,
    )  # fmt: skip


async def persons_in_household(case: UUID) -> list[UUID]:
    """Return whom the case of a household is about now."""
    query = CasePerson.select(CasePerson.person_id).where(
        (CasePerson.case_id == case) & CasePerson.left_on.is_null()
    )
    return [row["person_id"] for row in await query.order_by(CasePerson.id)]


async def persons_of(cases: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """Return whom several cases are about, by case; None for a household or a group."""
    rows = await Case.select(Case.id, Case.person_id).where(among(Case.id, cases))
    return {row["id"]: row["person_id"] for row in rows}


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A case, whom it is about and the number of its last timeline entry."""

    case: UUID
    person: UUID | None
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
