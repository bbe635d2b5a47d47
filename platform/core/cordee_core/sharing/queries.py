"""Queries about consents."""

from collections.abc import Iterable
from uuid import UUID

from cordee_core.database.rows import among
from cordee_core.sharing.tables import Consent


async def cases_with_consent(cases: Iterable[UUID]) -> set[UUID]:
    """Return which of the cases have a consent, or another basis, that is not withdrawn."""
    query = Consent.select(Consent.case_id).where(among(Consent.case_id, cases))
    return {row["case_id"] for row in await query.where(Consent.withdrawn_at.is_null())}
