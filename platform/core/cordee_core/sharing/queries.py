"""Queries about consents."""

from collections.abc import Iterable
from uuid import UUID

from cordee_core.database.rows import Found, among, find_many
from cordee_core.sharing.tables import Consent


async def cases_with_consent(cases: Iterable[UUID]) -> set[UUID]:
    """Return which of the cases have a consent, or another basis, that is not withdrawn."""
    query = Consent.select(Consent.case_id).where(among(Consent.case_id, cases))
    return {row["case_id"] for row in await query.where(Consent.withdrawn_at.is_null())}


async def consents_of(cases: Iterable[UUID]) -> dict[UUID, list[Found]]:
    """Return the consents of several cases, oldest first, by case."""
    wanted = list(cases)
    found: dict[UUID, list[Found]] = {case: [] for case in wanted}
    for row in await Consent.select().where(among(Consent.case_id, wanted)).order_by(Consent.id):
        found[row["case_id"]].append(row)
    return found


async def consents_by_id(identifiers: Iterable[UUID]) -> list[Found]:
    """Return the consents with those ids."""
    return await find_many(Consent, identifiers)
