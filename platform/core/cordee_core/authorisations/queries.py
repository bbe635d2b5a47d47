"""Queries about authorisations."""

from datetime import date
from uuid import UUID

from cordee_core.authorisations.tables import Authorisation
from cordee_core.database.lists import OwnedLists

AUTHORISATIONS_OF_CASE = OwnedLists(Authorisation, Authorisation.case_id)
"""The authorisations of each case, newest first."""


async def is_authorised(case: UUID, service: UUID, on: date) -> bool:
    """Return whether an authorisation of the service is in force in the case on that day."""
    rows = await Authorisation.select().where(
        (Authorisation.case_id == case) & (Authorisation.service_id == service)
    )
    return any(
        row["decision"] == "granted"
        and row["withdrawn_at"] is None
        and row["valid_from"] <= on
        and (row["valid_until"] is None or on <= row["valid_until"])
        for row in rows
    )
