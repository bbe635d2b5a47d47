"""Queries about persons."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from cordee_core.database.engine import fetch, fetch_one
from cordee_core.database.lists import OwnedLists, RowList
from cordee_core.database.rows import Found, among
from cordee_core.people.following import Following
from cordee_core.people.tables import (
    IdentifierKind,
    Person,
    PersonChange,
    PersonField,
    PersonIdentifier,
    PersonMerge,
)

CHANGES_OF_PERSON = OwnedLists(PersonChange, PersonChange.person_id)
"""What changed in each record, newest first."""


def all_persons(own: UUID | None = None, *, protected: bool = False) -> RowList:
    """Return the tenant's persons, newest first; only `own` where that is given.

    Protected persons are in no list, whoever asks, unless it is asked for them: then those that
    the caller may know of. Merged records are in none.
    """
    if own is not None:
        return RowList(Person, (Person.id == own,))
    return RowList(Person, (Person.protected == protected, Person.merged == False))  # noqa: E712


async def granted_levels(member: UUID, persons: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return the levels that a member was granted for each of those persons."""
    rows = await fetch(
        "SELECT person_id, level FROM core.person_access"
        " WHERE member_id = $1 AND person_id = ANY ($2) AND ended_at IS NULL",
        member, list(persons),
    )  # fmt: skip
    found: dict[UUID, list[str]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append(row["level"])
    return found


async def access_to(person: UUID) -> list[Found]:
    """Return who has access to a protected person, the first one first."""
    rows = await fetch(
        "SELECT * FROM core.person_access WHERE person_id = $1 AND ended_at IS NULL"
        " ORDER BY granted_at, member_id",
        person,
    )
    return [dict(row) for row in rows]


async def set_access(
    tenant: UUID, member: UUID, person: UUID, source: str, level: str, reason: str | None,
    moment: Any, by: UUID | None,
) -> None:  # fmt: skip
    """Give a member access, or change what was given from the same source."""
    await fetch(
        "INSERT INTO core.person_access (tenant_id, member_id, person_id, source, level, reason,"
        " granted_at, granted_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (tenant_id, member_id, person_id, source) DO UPDATE SET"
        " level = excluded.level, reason = excluded.reason, granted_at = excluded.granted_at,"
        " granted_by = excluded.granted_by, ended_at = NULL",
        tenant, member, person, source, level, reason, moment, by,
    )  # fmt: skip


async def end_access_rows(
    tenant: UUID, member: UUID, person: UUID, source: str | None, moment: Any
) -> int:
    """End a member's access from one source, or from all; return how many rows ended."""
    rows = await fetch(
        "UPDATE core.person_access SET ended_at = $5 WHERE tenant_id = $1 AND member_id = $2"
        " AND person_id = $3 AND ended_at IS NULL AND ($4::text IS NULL OR source = $4)"
        " RETURNING source",
        tenant, member, person, source, moment,
    )  # fmt: skip
    return len(rows)


async def leading_members(person: UUID) -> list[UUID]:
    """Return the referents of the person's cases that have one."""
    rows = await fetch(
        "SELECT DISTINCT c.referent_id FROM core.cases c WHERE c.person_id = $1"
        " AND c.referent_id IS NOT NULL",
        person,
    )
    return [row["referent_id"] for row in rows]


async def own_members(person: UUID) -> list[UUID]:
    """Return the memberships by which the person reads their own record."""
    rows = await fetch(
        "SELECT id FROM core.members WHERE person_id = $1 AND status = 'active'", person
    )
    return [row["id"] for row in rows]


async def protected_now(tenant: UUID, persons: Sequence[UUID], values: Mapping[str, Any]) -> None:
    """Set how persons are protected; what is about them follows in the database."""
    await fetch(
        "UPDATE core.persons SET secrecy = $3, protected = $4, disclosure = $5,"
        " row_version = row_version + 1 WHERE tenant_id = $1 AND id = ANY ($2)",
        tenant, list(persons), values["secrecy"], values["secrecy"] != "none",
        values["disclosure"],
    )  # fmt: skip


async def merged_into(person: UUID) -> list[Found]:
    """Return the persons whose records were merged into this one, through others too."""
    rows = await fetch(
        "WITH RECURSIVE merged AS (SELECT p.* FROM core.persons p WHERE p.merged_into = $1"
        " UNION SELECT p.* FROM core.persons p JOIN merged m ON p.merged_into = m.id)"
        " SELECT * FROM merged",
        person,
    )
    return [dict(row) for row in rows]


async def identifiers_of(persons: Iterable[UUID]) -> list[Found]:
    """Return the identifiers of several persons, by kind."""
    return list(
        await PersonIdentifier.select()
        .where(among(PersonIdentifier.person_id, persons))
        .order_by(PersonIdentifier.kind)
        .order_by(PersonIdentifier.system)
        .order_by(PersonIdentifier.id)
    )


async def identifier_kind(code: str) -> Found | None:
    """Return a kind of identifier that the tenant defined."""
    rows = await IdentifierKind.select().where(IdentifierKind.code == code)
    return rows[0] if rows else None


async def identifier_kinds() -> list[Found]:
    """Return the kinds of identifiers that the tenant defined."""
    return list(await IdentifierKind.select().order_by(IdentifierKind.code))


async def person_fields(*, active: bool = True) -> list[Found]:
    """Return the fields that the tenant added, in their order."""
    query = PersonField.select().order_by(PersonField.place).order_by(PersonField.code)
    return list(await (query.where(PersonField.active == True) if active else query))  # noqa: E712


async def put_field(tenant: UUID, code: str, values: Mapping[str, Any]) -> int | None:
    """Write a definition; return its row version, None where `row_version` is not the stored."""
    row = await fetch_one(
        "INSERT INTO core.person_fields (tenant_id, code, place, definition, active)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, code) DO UPDATE SET"
        " place = excluded.place, definition = excluded.definition, active = excluded.active,"
        " row_version = core.person_fields.row_version + 1"
        " WHERE core.person_fields.row_version = $6::bigint RETURNING row_version",
        tenant, code, values["place"], values["definition"], values["active"],
        values["row_version"],
    )  # fmt: skip
    return None if row is None else int(row["row_version"])


async def put_kind(tenant: UUID, code: str, title: Mapping[str, str]) -> None:
    """Write a kind of identifier."""
    await fetch(
        "INSERT INTO core.identifier_kinds (tenant_id, code, title) VALUES ($1, $2, $3)"
        " ON CONFLICT (tenant_id, code) DO UPDATE SET title = excluded.title,"
        " row_version = core.identifier_kinds.row_version + 1",
        tenant, code, dict(title),
    )  # fmt: skip


async def active_merge(person: UUID) -> Found | None:
    """Return the merge that made this person a pointer."""
    rows = await PersonMerge.select().where(
        (PersonMerge.person_id == person) & PersonMerge.unmerged_at.is_null()
    )
    return rows[0] if rows else None


async def referring_rows() -> list[Following]:
    """Return all that refers to persons and that the application may change, by the catalogue."""
    rows = await fetch(
        "SELECT n.nspname || '.' || c.relname AS name, ARRAY(SELECT a.attname::text"
        " FROM unnest(k.conkey) WITH ORDINALITY u (num, place) JOIN pg_attribute a"
        " ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY u.place) AS columns"
        " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE k.contype = 'f' AND k.confrelid = 'core.persons'::regclass"
        " AND has_table_privilege(c.oid, 'UPDATE') ORDER BY 1, 2"
    )
    return [Following(row["name"], *row["columns"][1:3]) for row in rows]


async def move_rows(
    one: Following, source: UUID, target: UUID, tenant: UUID, kept: Sequence[str] | None = None
) -> list[str]:
    """Let the rows of a table that are about `source` be about `target`; return their ids.

    With `kept`, only the rows with those ids move.
    """
    flag = ""
    if one.flag is not None:
        flag = (
            f", {one.flag} = (SELECT p.protected FROM core.persons p"  # noqa: S608 (names)
            " WHERE p.tenant_id = $3 AND p.id = $2)"
        )
    only = "" if kept is None else " AND r.id = ANY ($4::uuid[])"
    given: list[object] = [source, target, tenant]
    if kept is not None:
        given.append([UUID(each) for each in kept])
    rows = await fetch(
        f"UPDATE {one.table} r SET {one.column} = $2{flag} WHERE r.tenant_id = $3"  # noqa: S608 (names)
        f" AND r.{one.column} = $1{only} RETURNING r.id::text AS id",
        *given,
    )
    return sorted(row["id"] for row in rows)
