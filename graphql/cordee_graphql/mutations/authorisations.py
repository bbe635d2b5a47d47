# mypy: disable-error-code="untyped-decorator"
"""Authorisation of services, and departures from methods."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.authorisations.decide_authorisation import (
    AuthorisationDraft,
    AuthorisationEnd,
    decide_authorisation,
    withdraw_authorisation,
)
from cordee_core.departures.record_departure import DepartureDraft, record_departure
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.authorisation import Authorisation, MethodDeparture
from cordee_graphql.types.enums import AuthorisationDecision


@strawberry.input(description="A decision on a service that needs prior authorisation.")
class AuthorisationDecideInput:
    """Case, service, decision, term and reason."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    service_id: strawberry.ID = strawberry.field(description="The service.")
    decision: AuthorisationDecision = strawberry.field(description="The decision.")
    reason: str = strawberry.field(description="Why, for the person too.")
    valid_from: date | None = strawberry.field(
        default=None, description="Its first day; today by default."
    )
    valid_until: date | None = strawberry.field(
        default=None, description="Its last day; without one it holds until withdrawn."
    )

    def draft(self) -> AuthorisationDraft:
        """Return what the use case takes."""
        return AuthorisationDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            service=uuid_of(self.service_id, "Service", "input", "serviceId"),
            decision=self.decision.value,
            reason=self.reason,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


@strawberry.input(description="An authorisation that ends.")
class AuthorisationWithdrawInput:
    """The authorisation as read, and why."""

    authorisation_id: strawberry.ID = strawberry.field(description="The authorisation.")
    row_version: int = strawberry.field(
        description="The authorisation's `rowVersion` as you read it."
    )
    reason: str = strawberry.field(description="Why.")

    def draft(self) -> AuthorisationEnd:
        """Return what the use case takes."""
        place = ("input", "authorisationId")
        return AuthorisationEnd(
            authorisation=uuid_of(self.authorisation_id, "Authorisation", *place),
            row_version=self.row_version,
            reason=self.reason,
        )


@strawberry.input(description="Something done otherwise than a method says.")
class MethodDepartureRecordInput:
    """Method, what was done, and why."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    method: str = strawberry.field(description="Code of a method of the case's programme.")
    departure: str = strawberry.field(description="What was done otherwise.")
    reason: str = strawberry.field(description="Why.")
    episode: str | None = strawberry.field(
        default=None, description="Code of the episode, if it concerns one."
    )
    occurred_on: date | None = strawberry.field(
        default=None, description="When it was done; today by default."
    )

    def draft(self) -> DepartureDraft:
        """Return what the use case takes."""
        return DepartureDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            method=self.method,
            departure=self.departure,
            reason=self.reason,
            episode=self.episode,
            occurred_on=self.occurred_on,
        )


@strawberry.type
class AuthorisationPayload(CasePayload):
    """Base of payloads about an authorisation."""

    @strawberry.field(description="The authorisation.")
    async def authorisation(self, info: Info) -> Authorisation | None:
        """Return the authorisation."""
        return await load_node(info, Authorisation, self.changed.get("authorisation"))


@strawberry.type(description="The decision and its case.")
class AuthorisationDecidePayload(AuthorisationPayload):
    """Payload of ``authorisationDecide``."""


@strawberry.type(description="The authorisation that ended.")
class AuthorisationWithdrawPayload(AuthorisationPayload):
    """Payload of ``authorisationWithdraw``."""


@strawberry.type(description="The departure and its case.")
class MethodDepartureRecordPayload(CasePayload):
    """Payload of ``methodDepartureRecord``."""

    @strawberry.field(description="The departure.")
    async def method_departure(self, info: Info) -> MethodDeparture | None:
        """Return the departure."""
        return await load_node(info, MethodDeparture, self.changed.get("method_departure"))


@strawberry.type
class AuthorisationMutations:
    """Mutations of authorisations and departures."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_DECIDE,
            "Decide whether a service may be given in the case. Only a role that the case's model "
            "names for `service_authorise` may; else `FORBIDDEN`.",
        )
    )
    async def authorisation_decide(
        self, info: Info, given: Annotated[AuthorisationDecideInput, INPUT]
    ) -> AuthorisationDecidePayload | None:
        """Decide on an authorisation."""
        return await submit(
            info, AuthorisationDecidePayload, "authorisationDecide", decide_authorisation, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.CASE_DECIDE,
            "End an authorisation now; by a role that the case's model names for it.",
        )
    )
    async def authorisation_withdraw(
        self, info: Info, given: Annotated[AuthorisationWithdrawInput, INPUT]
    ) -> AuthorisationWithdrawPayload | None:
        """Withdraw an authorisation."""
        return await submit(
            info,
            AuthorisationWithdrawPayload,
            "authorisationWithdraw",
            withdraw_authorisation,
            given,
        )

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Record what was done otherwise than a method says, and why. It is never blocked.",
        )
    )
    async def method_departure_record(
        self, info: Info, given: Annotated[MethodDepartureRecordInput, INPUT]
    ) -> MethodDepartureRecordPayload | None:
        """Record a departure."""
        return await submit(
            info, MethodDepartureRecordPayload, "methodDepartureRecord", record_departure, given
        )
