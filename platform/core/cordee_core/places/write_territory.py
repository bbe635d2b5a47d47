"""Territories: a tree of areas, each with a team and a cap."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import change, find, insert
from cordee_core.database.turns import take_turn
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.members.tables import Team
from cordee_core.places.queries import is_below
from cordee_core.places.tables import Territory
from cordee_core.validation import need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class TerritoryDraft:
    """An area: its code, name, the area above it, its team and how many persons it should hold."""

    code: str
    name: str
    parent: UUID | None = None
    team: UUID | None = None
    cap: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TerritoryEditDraft:
    """The area as it is to be; `row_version` is the area's as it was read."""

    territory: UUID
    row_version: int
    wanted: TerritoryDraft


async def make_territory(uow: UnitOfWork, draft: TerritoryDraft) -> Changed:
    """Make an area.

    Raises:
        InvalidInputError: another area has the code, or the cap is not positive.
        NotFoundError: there is no such parent or team.
    """
    scope = uow.scope
    scope.require(Permission.TENANT_MANAGE)
    values = await _values(draft)
    territory = scope.new_id()
    row = Territory(
        tenant_id=scope.tenant, id=territory, created_at=scope.clock(), created_by=scope.actor.id,
        **values,
    )  # fmt: skip
    try:
        await insert(row)
    except asyncpg.UniqueViolationError as error:
        raise _taken() from error
    uow.touched("Territory", territory)
    return {"territory": territory}


async def edit_territory(uow: UnitOfWork, draft: TerritoryEditDraft) -> Changed:
    """Change an area.

    Raises:
        InvalidInputError: as `make_territory`, or the area would stand below itself.
        StaleObjectError: the area changed since it was read.
        NotFoundError: there is no such area, parent or team.
    """
    scope = uow.scope
    scope.require(Permission.TENANT_MANAGE)
    # Two moves that close a circle together wait for each other here.
    await take_turn(scope.tenant, "territories")
    await find(Territory, draft.territory, lock=True)
    values = await _values(draft.wanted)
    if draft.wanted.parent is not None and await is_below(draft.wanted.parent, draft.territory):
        raise problem(
            ("input", "parentId"),
            "an area can't stand below itself",
            "un territoire ne peut pas être sous lui-même",
        )
    try:
        await change(Territory, draft.territory, draft.row_version, values)
    except asyncpg.UniqueViolationError as error:
        raise _taken() from error
    uow.touched("Territory", draft.territory, fields=values)
    return {"territory": draft.territory}


async def _values(draft: TerritoryDraft) -> dict[str, Any]:
    if draft.parent is not None:
        await find(Territory, draft.parent)
    if draft.team is not None:
        await find(Team, draft.team)
    if draft.cap is not None and draft.cap < 1:
        raise problem(("input", "cap"), "a cap is at least 1", "un plafond vaut au moins 1")
    return {
        "code": need_text(draft.code, "input", "code", longest=100),
        "name": need_text(draft.name, "input", "name"),
        "parent_id": draft.parent,
        "team_id": draft.team,
        "cap": draft.cap,
    }


def _taken() -> Exception:
    return problem(("input", "code"), "an area has this code", "un territoire porte déjà ce code")
