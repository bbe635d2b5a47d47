"""Two records of one person become one, and can be parted again exactly as they were.

The merged record stays as a pointer: an old link leads on. Its rows go to the other record; which
ones went is kept row by row.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.database.rows import Found, change, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import MergeConflictError
from cordee_core.people import queries
from cordee_core.people.disclosure import person_to_change
from cordee_core.people.following import following
from cordee_core.people.record_change import record_change
from cordee_core.people.tables import Person, PersonMerge
from cordee_core.people.tokens import index_person
from cordee_core.problems import problem as told
from cordee_core.validation import need_text


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeDraft:
    """The record that is merged, the one that stays, both as they were read, and why."""

    person: UUID
    row_version: int
    into: UUID
    into_row_version: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UnmergeDraft:
    """The merged record that stands for itself again, and why."""

    person: UUID
    row_version: int
    reason: str


async def merge_persons(uow: UnitOfWork, draft: MergeDraft) -> Changed:
    """Let all that is about `person` be about `into`; the record points there from now on.

    Raises:
        MergeConflictError: they have different identifiers of one kind, one is protected and the
            other not, or each has what only one may have.
        StaleObjectError: one of them changed since it was read.
        NotFoundError, NotDisclosedError, PersonMergedError: as `person_to_change` says.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_MERGE)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    if draft.person == draft.into:
        raise _conflict("merge_same", "intoId")
    # In the order of their ids, so that two merges at once wait for each other.
    rows = {one: await person_to_change(scope, one) for one in sorted((draft.person, draft.into))}
    merged, target = rows[draft.person], rows[draft.into]
    if merged["secrecy"] != target["secrecy"]:
        raise _conflict("merge_protection", "intoId")
    await _need_no_conflict(draft)
    try:
        moved = await _move(scope, draft.person, draft.into)
    except asyncpg.IntegrityConstraintViolationError as error:
        raise _conflict("merge_rows", "intoId") from error
    pointer: dict[str, Any] = {"merged_into": draft.into, "merged": True}
    await change(Person, draft.person, draft.row_version, pointer)
    await _bump(draft.into, draft.into_row_version)
    await insert(
        PersonMerge(
            tenant_id=scope.tenant, id=scope.new_id(), person_id=draft.person,
            protected=merged["protected"], target_id=draft.into, reason=reason, moved=moved,
            merged_at=scope.clock(), merged_by=scope.actor.id,
        )
    )  # fmt: skip
    await _both(uow, merged, target, "merged", reason)
    return {"person": draft.into, "merged": draft.person}


async def unmerge_person(uow: UnitOfWork, draft: UnmergeDraft) -> Changed:
    """Give back to the merged record what went to the other one; both stand for themselves.

    What was added to the other record since stays there.

    Raises:
        MergeConflictError: the record is not merged, or the rows can't go back.
        StaleObjectError: it changed since it was read.
        NotFoundError, NotDisclosedError: as `person_to_change` says.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_MERGE)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    merged = await person_to_change(scope, draft.person, merged=True)
    merge = await queries.active_merge(draft.person)
    if merge is None:
        raise _conflict("merge_same", "personId")
    target = await person_to_change(scope, merge["target_id"], merged=True)
    apart: dict[str, Any] = {"merged_into": None, "merged": False}
    await change(Person, draft.person, draft.row_version, apart)
    try:
        await _move_back(scope, merge)
    except asyncpg.IntegrityConstraintViolationError as error:
        raise _conflict("merge_later", "personId") from error
    await PersonMerge.update({
        PersonMerge.unmerged_at: scope.clock(), PersonMerge.unmerged_by: scope.actor.id
    }).where(PersonMerge.id == merge["id"])  # fmt: skip
    await _both(uow, merged, target, "unmerged", reason)
    return {"person": draft.person, "into": target["id"]}


async def _need_no_conflict(draft: MergeDraft) -> None:
    """Raise MergeConflictError where both have an identifier of one kind: they differ."""
    kinds: dict[tuple[str, str], str] = {}
    for one in await queries.identifiers_of([draft.person, draft.into]):
        key = (one["kind"], one["system"])
        if key in kinds and kinds[key] != one["value"]:
            raise _conflict("merge_identifiers", "intoId", kind=one["kind"])
        kinds[key] = one["value"]


async def _move(scope: Scope, source: UUID, target: UUID) -> dict[str, list[str]]:
    """Let all rows about `source` be about `target`; return their ids by table and column."""
    moved: dict[str, list[str]] = {}
    for one in following(await queries.referring_rows()):
        found = await queries.move_rows(one, source, target, scope.tenant)
        if found:
            moved[one.name] = found
    return moved


async def _move_back(scope: Scope, merge: Found) -> None:
    """Let the rows that went be about the merged record again.

    Raises MergeConflictError where one of them is no longer with the other record.
    """
    target, person = merge["target_id"], merge["person_id"]
    for one in following(await queries.referring_rows()):
        kept = merge["moved"].get(one.name, [])
        back = kept and await queries.move_rows(one, target, person, scope.tenant, kept)
        if one.table != "core.person_identifiers" and back != kept:
            raise _conflict("merge_later", "personId")


async def _bump(person: UUID, row_version: int) -> None:
    try:
        await change(Person, person, row_version, {})
    except Exception as error:
        if getattr(error, "path", None) == ("input", "rowVersion"):
            error.path = ("input", "intoRowVersion")  # type: ignore[attr-defined]
        raise


async def _both(uow: UnitOfWork, merged: Found, target: Found, kind: str, reason: str) -> None:
    for row in (merged, target):
        await index_person(uow.scope, row["id"])
        await record_change(
            uow.scope, row["id"], kind, ("merged_into",), protected=row["protected"], reason=reason
        )
        uow.touched("Person", row["id"], person=row["id"], fields=("merged_into",))


def _conflict(code: str, field: str, **params: object) -> MergeConflictError:
    return MergeConflictError(path=("input", field), problem=told("persons", code, **params))
