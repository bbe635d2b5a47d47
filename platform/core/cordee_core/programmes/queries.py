"""Queries about programmes and models."""

from collections.abc import Iterable
from uuid import UUID

from cordee_core.database.lists import RowList
from cordee_core.database.rows import Found, find_many
from cordee_core.programmes.tables import Model, ModelVersion, Programme, ProgrammeVersion


async def model_by_code(code: str) -> Found | None:
    """Return the tenant's model with that code."""
    rows = await Model.select().where(Model.code == code)
    return rows[0] if rows else None


async def current_model_version(model: UUID) -> Found:
    """Return the newest version of a model."""
    query = ModelVersion.select().where(ModelVersion.model_id == model)
    rows = await query.order_by(ModelVersion.version, ascending=False).limit(1)
    return dict(rows[0])


async def current_version(programme: UUID) -> Found | None:
    """Return the newest activated version of a programme, None before its activation."""
    query = ProgrammeVersion.select().where(ProgrammeVersion.programme_id == programme)
    rows = await query.order_by(ProgrammeVersion.version, ascending=False).limit(1)
    return dict(rows[0]) if rows else None


async def has_programme(code: str) -> bool:
    """Return whether the tenant has a programme of that code."""
    return bool(await Programme.exists().where(Programme.code == code))


def all_programmes() -> RowList:
    """Return the tenant's programmes, newest first."""
    return RowList(Programme)


def all_models() -> RowList:
    """Return the tenant's models, newest first."""
    return RowList(Model)


async def programme_versions_by_id(identifiers: Iterable[UUID]) -> list[Found]:
    """Return the programme versions with those ids."""
    return await find_many(ProgrammeVersion, identifiers)
