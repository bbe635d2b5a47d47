"""Queries about departures from methods."""

from cordee_core.database.lists import OwnedLists
from cordee_core.departures.tables import MethodDeparture

DEPARTURES_OF_CASE = OwnedLists(MethodDeparture, MethodDeparture.case_id)
"""The departures from methods in each case, newest first."""
