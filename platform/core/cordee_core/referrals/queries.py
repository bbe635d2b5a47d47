"""Queries about referrals."""

from cordee_core.database.lists import OwnedLists
from cordee_core.referrals.tables import Referral

REFERRALS_OF_CASE = OwnedLists(Referral, Referral.case_id)
"""The referrals of each case, newest first."""
