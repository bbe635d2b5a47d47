"""Queries about referrals."""

from uuid import UUID

from cordee_core.database.engine import fetch
from cordee_core.database.lists import OwnedLists
from cordee_core.database.rows import count
from cordee_core.referrals.tables import Referral

REFERRALS_OF_CASE = OwnedLists(Referral, Referral.case_id)
"""The referrals of each case, newest first."""


async def open_referrals(case: UUID) -> int:
    """Return how many referrals of a case are under way."""
    return await count(Referral, Referral.case_id == case, Referral.state != "declined")


async def move_referrals(source: UUID, target: UUID) -> None:
    """Take what is under way from one case to another."""
    await fetch(
        "UPDATE core.referrals SET case_id = $2, row_version = row_version + 1"
        " WHERE case_id = $1 AND state <> 'declined'",
        source, target,
    )  # fmt: skip
