"""Queries about programmes and models."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from cordee_core.database.lists import OwnedLists, RowList
from cordee_core.database.rows import Found, find_many
from cordee_core.programmes.tables import (
    Method,
    Model,
    ModelVersion,
    Programme,
    ProgrammeModel,
    ProgrammeVersion,
    Vocabulary,
)

MODELS_OF_PROGRAMME = OwnedLists(ProgrammeModel, ProgrammeModel.programme_id)
"""The models of each programme, the newest first."""


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


async def has_code(table: Any, code: str) -> bool:
    """Return whether the tenant has an object of that kind and code."""
    return bool(await table.exists().where(table.code == code))


async def methods_by_code(codes: Iterable[str]) -> dict[str, Found]:
    """Return the tenant's methods of those codes, by code."""
    wanted = list(codes)
    rows = await Method.select().where(Method.code.is_in(wanted)) if wanted else []
    return {row["code"]: row for row in rows}


async def vocabulary_definitions() -> list[dict[str, object]]:
    """Return the tenant's own vocabularies, as definitions."""
    return [row["definition"] for row in await Vocabulary.select(Vocabulary.definition)]


async def running_models(programme: UUID) -> list[Found]:
    """Return the pairings of a programme with the models that carry it out, oldest first."""
    query = ProgrammeModel.select().where(ProgrammeModel.programme_id == programme)
    rows = await query.order_by(ProgrammeModel.id)
    return [row for row in rows if row["ended_at"] is None]


async def pairing_of(programme: UUID, model: UUID) -> Found | None:
    """Return the pairing of a programme with a model, ended or not."""
    rows = await ProgrammeModel.select().where(
        (ProgrammeModel.programme_id == programme) & (ProgrammeModel.model_id == model)
    )
    return rows[0] if rows else None


def all_methods() -> RowList:
    """Return the tenant's methods, newest first."""
    return RowList(Method)


def all_vocabularies() -> RowList:
    """Return the tenant's vocabularies, newest first."""
    return RowList(Vocabulary)
