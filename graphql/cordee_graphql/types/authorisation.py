"""Authorisations of services, and departures from methods."""

from datetime import date, datetime

from cordee_core.access.permissions import Permission
from cordee_core.authorisations.tables import Authorisation as AuthorisationTable
from cordee_core.departures.tables import MethodDeparture as DepartureTable
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, named, one
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described
from cordee_graphql.types.enums import AuthorisationDecision
from cordee_graphql.types.member import Member


@described
class Authorisation(BelowCase, Node):
    """Whether a service may be given in a case, decided by a role that the model names."""

    source = RowSource(table=AuthorisationTable, needs=Permission.CASE_READ, below=True)

    decision: AuthorisationDecision = column("What was decided.")
    reason: str = column("Why.")
    role: str = column("The role by which it was decided.")
    valid_from: date = column("Its first day.")
    valid_until: date | None = column("Its last day, if it has one.")
    decided_at: datetime = column("When.")
    withdrawn_at: datetime | None = column("When it was withdrawn.")
    withdrawal_reason: str | None = column("Why it was withdrawn.")
    row_version: int = column("Raised by each change.")
    service = one("The service.", "cordee_graphql.types.service:Service", "service_id")
    decided_by = named("Who decided.", Member, "decided_by")
    withdrawn_by = named("Who withdrew it.", Member, "withdrawn_by")


@described
class MethodDeparture(BelowCase, Node):
    """Something that was done otherwise than the method says; recorded, never blocked."""

    source = RowSource(table=DepartureTable, needs=Permission.CASE_READ, below=True)

    method: str = column("Code of the method in the case's programme.")
    episode: str | None = column("Code of the episode, if it concerns one.")
    departure: str = column("What was done otherwise.")
    reason: str = column("Why.")
    occurred_on: date = column("When it was done.")
    recorded_at: datetime = column("When it was recorded.")
    recorded_by = named("Who recorded it.", Member, "recorded_by")
