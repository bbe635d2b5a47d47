"""Queries about referrals."""

from collections.abc import Iterable
from uuid import UUID

from cordee_core.database.lists import OwnedLists
from cordee_core.database.rows import Found, among, find_many
from cordee_core.referrals.tables import Referral, ReferralEvent

REFERRALS_OF_CASE = OwnedLists(Referral, Referral.case_id)
"""The referrals of each case, newest first."""


async def referrals_by_id(identifiers: Iterable[UUID]) -> list[Found]:
    """Return the referrals with those ids."""
    return await find_many(Referral, identifiers)


async def events_of(referrals: Iterable[UUID]) -> dict[UUID, list[Found]]:
    """Return the changes of state of several referrals, oldest first, by referral."""
    wanted = list(referrals)
    found: dict[UUID, list[Found]] = {referral: [] for referral in wanted}
    query = ReferralEvent.select().where(among(ReferralEvent.referral_id, wanted))
    for row in await query.order_by(ReferralEvent.id):
        found[row["referral_id"]].append(row)
    return found
