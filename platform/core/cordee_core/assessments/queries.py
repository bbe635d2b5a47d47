"""Queries about assessments."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from cordee_core.assessments.tables import Assessment, SafetyContact
from cordee_core.database.engine import Row, fetch
from cordee_core.database.lists import OwnedLists, RowList
from cordee_core.database.rows import Found
from cordee_core.programmes.model import ModelTemplate, parse_model

ASSESSMENTS_OF_CASE = OwnedLists(Assessment, Assessment.case_id)
"""The assessments of each case, newest first."""


def all_safety_contacts() -> RowList:
    """Return whom the tenant has called for which instrument, newest first."""
    return RowList(SafetyContact)


async def safety_contact(instrument: str) -> Found | None:
    """Return who is called when an instrument raises a safety flag, if that is set."""
    query = SafetyContact.select().where(SafetyContact.instrument_code == instrument)
    rows = await query
    return rows[0] if rows else None


async def models_of(tenant: UUID, cases: Iterable[UUID]) -> dict[UUID, ModelTemplate]:
    """Return the version of the model that each case keeps; each version is parsed once."""
    rows = await fetch(
        "SELECT c.id, v.id AS version, v.definition FROM core.cases c JOIN core.model_versions v"
        " ON v.tenant_id = c.tenant_id AND v.id = c.model_version_id"
        " WHERE c.tenant_id = $1 AND c.id = ANY($2::uuid[])",
        tenant, list(cases),
    )  # fmt: skip
    parsed = {row["version"]: row["definition"] for row in rows}
    models = {version: parse_model(definition) for version, definition in parsed.items()}
    return {row["id"]: models[row["version"]] for row in rows}


async def newest_of(tenant: UUID, cases: Iterable[UUID]) -> dict[UUID, list[Row]]:
    """Return of each case the newest assessment by each instrument."""
    rows = await fetch(
        "SELECT DISTINCT ON (case_id, instrument_code) case_id, instrument_code, valid_until,"
        " result -> 'ask' AS ask FROM core.assessments WHERE tenant_id = $1"
        " AND case_id = ANY($2::uuid[])"
        " ORDER BY case_id, instrument_code, assessed_on DESC, id DESC",
        tenant, list(cases),
    )  # fmt: skip
    found: dict[UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row["case_id"], []).append(row)
    return found


async def assessments_of(
    tenant: UUID, cases: Iterable[UUID], valid_on: date | None = None
) -> dict[UUID, list[Found]]:
    """Return the assessments by case, newest first; with `valid_on` those still valid that day."""
    rows = await fetch(
        "SELECT id, case_id, instrument_code, answers, informant, assessed_on, valid_until"
        " FROM core.assessments WHERE tenant_id = $1 AND case_id = ANY($2::uuid[])"
        " AND ($3::date IS NULL OR valid_until IS NULL OR valid_until >= $3)"
        " ORDER BY assessed_on DESC, id DESC",
        tenant, list(cases), valid_on,
    )  # fmt: skip
    found: dict[UUID, list[Found]] = {}
    for row in rows:
        found.setdefault(row["case_id"], []).append(dict(row))
    return found
