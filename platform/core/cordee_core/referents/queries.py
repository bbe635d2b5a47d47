"""Queries about referents: designations, loads, conflicts, who may lead what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from cordee_core.cases.lifecycle import ENDED
from cordee_core.cases.tables import Case, Designation
from cordee_core.database.engine import fetch, fetch_one
from cordee_core.database.lists import RowList
from cordee_core.database.rows import Found
from cordee_core.languages import Text
from cordee_core.members.tables import Member
from cordee_core.referents.model import LoadPart, ordered
from cordee_core.referents.tables import CaseloadLine, InterestConflict

_WEIGHTS = """
SELECT c.id, c.tenant_id, c.referent_id, s.intensity, m.definition AS model,
    coalesce((m.definition #>> ARRAY['caseload', 'weights', s.intensity])::numeric, 1) AS weight
FROM core.cases c
JOIN core.model_versions m ON m.tenant_id = c.tenant_id AND m.id = c.model_version_id
LEFT JOIN LATERAL (
    SELECT coalesce(
        (SELECT i.intensity FROM core.case_intensities i
         WHERE i.tenant_id = c.tenant_id AND i.case_id = c.id ORDER BY i.id DESC LIMIT 1),
        (SELECT p ->> 'intensity' FROM core.selection_decisions d
         JOIN core.programme_versions v ON v.tenant_id = c.tenant_id
             AND v.id = c.programme_version_id,
         jsonb_array_elements(v.definition -> 'target_group') p
         WHERE d.tenant_id = c.tenant_id AND d.case_id = c.id AND p ->> 'code' = d.profile LIMIT 1)
    ) AS intensity
) s ON true
"""
"""Each case with its step of intensity: as it was set, else that of the profile it fitted."""


@dataclass(frozen=True, slots=True)
class CaseWeight:
    """What one case counts, and the norm of its model."""

    weight: Decimal
    intensity: str | None
    label: Text | None
    recommended: Decimal
    maximum: Decimal


async def weight_of(tenant: UUID, case: UUID) -> CaseWeight:
    """Return what a case counts under its model."""
    row = await fetch_one(f"{_WEIGHTS} WHERE c.tenant_id = $1 AND c.id = $2", tenant, case)
    assert row is not None
    norm = row["model"]["caseload"]
    return CaseWeight(
        row["weight"], row["intensity"], _label(row["model"], row["intensity"]),
        Decimal(str(norm["recommended"])), Decimal(str(norm["maximum"])),
    )  # fmt: skip


async def loads_of(tenant: UUID, members: Iterable[UUID]) -> dict[UUID, tuple[LoadPart, ...]]:
    """Return what each member leads, by weight; an empty tuple for who leads nothing."""
    wanted = list(members)
    rows = await fetch(
        f"SELECT w.referent_id, w.intensity, w.weight, w.model -> 'intensities' AS steps,"  # noqa: S608
        f" count(*) AS cases FROM ({_WEIGHTS} WHERE c.tenant_id = $1"
        " AND c.referent_id = ANY($2::uuid[]) AND c.stage <> ALL($3::text[])) w"
        " GROUP BY w.referent_id, w.intensity, w.weight, w.model -> 'intensities'",
        tenant, wanted, list(ENDED),
    )  # fmt: skip
    found: dict[UUID, dict[tuple[str | None, Decimal], LoadPart]] = {one: {} for one in wanted}
    for row in rows:
        parts, key = found[row["referent_id"]], (row["intensity"], row["weight"])
        count = row["cases"] + (parts[key].count if key in parts else 0)
        label = _label({"intensities": row["steps"]}, row["intensity"])
        parts[key] = LoadPart(count, row["weight"], row["intensity"], label)
    return {member: ordered(parts.values()) for member, parts in found.items()}


async def norms_of(tenant: UUID, members: Iterable[UUID]) -> dict[UUID, tuple[Decimal, Decimal]]:
    """Return the strictest recommended and maximum among the models that each member works under.

    A member who leads nothing has the strictest norm of the tenant's models; without any, none.
    """
    rows = await fetch(
        "SELECT n.member, min(n.recommended) AS recommended, min(n.maximum) AS maximum FROM ("
        " SELECT c.referent_id AS member, (m.definition #>> '{caseload,recommended}')::numeric"
        " AS recommended, (m.definition #>> '{caseload,maximum}')::numeric AS maximum"
        " FROM core.cases c JOIN core.model_versions m ON m.tenant_id = c.tenant_id"
        " AND m.id = c.model_version_id WHERE c.tenant_id = $1 AND c.referent_id = ANY($2::uuid[])"
        " AND c.stage <> ALL($3::text[]) UNION ALL"
        " SELECT NULL, (m.definition #>> '{caseload,recommended}')::numeric,"
        " (m.definition #>> '{caseload,maximum}')::numeric FROM core.models m"
        " WHERE m.tenant_id = $1) n GROUP BY n.member",
        tenant, list(members), list(ENDED),
    )  # fmt: skip
    found = {row["member"]: (row["recommended"], row["maximum"]) for row in rows}
    fallback = found.get(None)
    norms = {one: found.get(one, fallback) for one in members}
    return {member: norm for member, norm in norms.items() if norm is not None}


def _label(model: Mapping[str, Any], intensity: str | None) -> Text | None:
    return next(
        (one["name"] for one in model["intensities"] or () if one["code"] == intensity), None
    )


async def lock_members(members: Iterable[UUID]) -> dict[UUID, Found]:
    """Return those members, locked so that nobody else adds to their load; in one order.

    ``NO KEY UPDATE`` lets others go on writing rows that name them.
    """
    rows = await fetch(
        "SELECT * FROM core.members WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE",
        sorted(set(members)),
    )
    return {row["id"]: dict(row) for row in rows}


async def last_designation(case: UUID) -> Found | None:
    """Return the newest designation of a case, ended or not."""
    query = Designation.select().where(Designation.case_id == case)
    rows = await query.order_by(Designation.starts_at, ascending=False).limit(1)
    return dict(rows[0]) if rows else None


async def led_by(member: UUID) -> list[Found]:
    """Return the open cases that a member leads, locked, in the order of their ids."""
    query = Case.select().where(Case.referent_id == member)
    query = query.where(Case.stage.not_in(list(ENDED)))
    return list(await query.order_by(Case.id).lock_rows("UPDATE"))


async def conflicts_with(case: Mapping[str, Any], members: Iterable[UUID]) -> set[UUID]:
    """Return those members who declared a conflict with the case or the person it is about."""
    rows = await fetch(
        "SELECT DISTINCT member_id FROM core.interest_conflicts WHERE tenant_id = $1"
        " AND member_id = ANY($2::uuid[]) AND ended_at IS NULL"
        " AND (case_id = $3 OR case_id IS NULL AND person_id = $4)",
        case["tenant_id"], list(members), case["id"], case["person_id"],
    )  # fmt: skip
    return {row["member_id"] for row in rows}


async def leaders() -> list[Found]:
    """Return the active members, oldest first."""
    query = Member.select().where(Member.status == "active")
    return list(await query.order_by(Member.id))


def conflicts_like(person: UUID | None = None) -> RowList:
    """Return the conflicts of interest, newest first; only those with a person if given."""
    own = () if person is None else (InterestConflict.person_id == person,)
    return RowList(InterestConflict, own)


async def languages_of(person: UUID | None) -> list[str]:
    """Return the languages that a person speaks, the best first."""
    if person is None:
        return []
    row = await fetch_one("SELECT languages FROM core.persons WHERE id = $1", person)
    return list(row["languages"]) if row else []


async def team_members_of(team: UUID | None) -> set[UUID]:
    """Return the members of a team."""
    rows = await fetch("SELECT member_id FROM core.team_members WHERE team_id = $1", team)
    return {row["member_id"] for row in rows}


def reached_condition(column: str) -> Any:
    """Return the condition that a row's id is among the cases, or persons, that are reached."""
    return WhereRaw(f"id IN (SELECT r.{column} FROM core.reached_cases r)")  # noqa: S608


async def reached(column: str, wanted: Iterable[UUID]) -> set[UUID]:
    """Return those cases (``case_id``) or persons (``person_id``) that the member reaches."""
    rows = await fetch(
        f"SELECT DISTINCT r.{column} AS id FROM core.reached_cases r"  # noqa: S608
        f" WHERE r.{column} = ANY($1::uuid[])",
        list(wanted),
    )
    return {row["id"] for row in rows}


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseloadQuery:
    """Whose caseload is asked for (None: one's own), and what of it."""

    referent: UUID | None = None
    team: UUID | None = None
    programme: UUID | None = None
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class CaseloadRows(RowList):
    """Lines of a caseload: a view, which Piccolo has no connection for."""

    async def page(self, after: Any, before: Any, limit: int, *, reverse: bool) -> list[Found]:
        """Return up to `limit` lines between two keys; from the list's end if `reverse`."""
        where, values = self._where()
        for bound, operator in ((after, ">"), (before, "<")):
            if bound is not None:
                values.append(bound)
                where.append(f"due_key {operator} ${len(values)}")
        rows = await fetch(
            f"SELECT * FROM core.caseload_lines WHERE {' AND '.join(where)}"  # noqa: S608
            f" ORDER BY due_key {'DESC' if reverse else 'ASC'} LIMIT {int(limit)}",
            *values,
        )
        return [dict(row) for row in rows]

    async def count(self) -> int:
        """Return how many lines there are."""
        where, values = self._where()
        row = await fetch_one(
            f"SELECT count(*) AS n FROM core.caseload_lines WHERE {' AND '.join(where)}",  # noqa: S608
            *values,
        )
        return int(row["n"]) if row else 0

    def _where(self) -> tuple[list[str], list[Any]]:
        values = [one.value for one in self.conditions]
        names = [one.column._meta.db_column_name for one in self.conditions]
        return [f"{name} = ${place}" for place, name in enumerate(names, start=1)], values


def caseload_like(wanted: CaseloadQuery, own: UUID | None = None) -> CaseloadRows:
    """Return the lines that fit, what is due first before the rest; of the person `own` if given.

    Without a referent and without a team it is the caseload of whoever asks.
    """
    columns: list[tuple[Any, Any]] = [
        (CaseloadLine.person_id, own),
        (CaseloadLine.referent_id, wanted.referent),
        (CaseloadLine.team_id, wanted.team),
        (CaseloadLine.programme_id, wanted.programme),
        (CaseloadLine.stage, wanted.stage),
    ]
    conditions = [column == value for column, value in columns if value is not None]
    if wanted.referent is None and wanted.team is None:
        conditions.append(CaseloadLine.mine.eq(True))
    return CaseloadRows(
        CaseloadLine, tuple(conditions), newest_first=False, key=CaseloadLine.due_key
    )
