"""Cases: one person's support in one programme, under one model."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.assessments.queries import ASSESSMENTS_OF_CASE
from cordee_core.cases import tables
from cordee_core.cases.move_case import transitions
from cordee_core.cases.queries import TIMELINE_OF_CASE
from cordee_core.contracts import Objection as CoreObjection
from cordee_core.eligibility.queries import RESULTS_OF_CASE
from cordee_core.notes.queries import NOTES_OF_CASE
from cordee_core.referrals.queries import REFERRALS_OF_CASE
from cordee_graphql.context import Info
from cordee_graphql.enums import RequestSource, Stage
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, belonging, column, many, named, one
from cordee_graphql.types.assessment import Assessment
from cordee_graphql.types.consent import Consent
from cordee_graphql.types.declaring import described, field, localised
from cordee_graphql.types.eligibility import EligibilityResult
from cordee_graphql.types.facets import FACETS
from cordee_graphql.types.lists import pages
from cordee_graphql.types.member import Member, Team
from cordee_graphql.types.model import Model, ModelVersion
from cordee_graphql.types.note import Note
from cordee_graphql.types.person import Person
from cordee_graphql.types.programme import Programme, ProgrammeVersion
from cordee_graphql.types.referral import Referral
from cordee_graphql.types.selection import SelectionDecision
from cordee_graphql.types.timeline import TimelineEntry


@described
class Objection:
    """One reason why a case may not change its stage."""

    own: strawberry.Private[CoreObjection]
    text = localised("The same in words.", lambda self: self.own.text)

    @field
    def code(self) -> str:
        """Its code."""
        return self.own.code

    @field
    def origin(self) -> str:
        """Which part of the core, or which plugin, objects."""
        return self.own.origin


@described
class Transition:
    """A stage that the case might go to next."""

    stage: Stage = strawberry.field(description="The stage.")
    possible: bool = strawberry.field(description="Whether nothing stands against it.")
    objections: list[Objection] = strawberry.field(description="What stands against it.")


@described
class Designation:
    """A member who is or was the referent of a case."""

    source = RowSource(table=tables.Designation)
    starts_at: datetime = column("Since when.")
    ends_at: datetime | None = column("Until when; null for the active one.")
    reason: str | None = column("Why the referent changed.")
    row: strawberry.Private[Mapping[str, Any]]
    member = named("The referent.", Member, "member_id")
    designated_by = named("Who designated the referent.", Member, "designated_by")


@described
class Case(Node):
    """One person's support in one programme, under one model."""

    source = RowSource(table=tables.Case, needs=Permission.CASE_READ, subject="person_id")
    number: str = column("Its neutral number, as `2026-000001`.")
    stage: Stage = column("Where it stands.")
    request_source: RequestSource = column("Who asked for support.")
    request_detail: str | None = column("What was said about the request.")
    requested_on: date = column("When support was asked for.")
    opened_at: datetime = column("When it was opened.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    person = one(
        "Whose case it is. Null with `FORBIDDEN` without `person.read`.", Person, "person_id"
    )
    programme = one("The programme as it is now.", Programme, "programme_id")
    programme_version = one(
        "The programme as it was when the case was opened: the case keeps it.",
        ProgrammeVersion,
        "programme_version_id",
    )
    model = one(
        "The model as it is now.",
        Model,
        "model_version_id",
        through=ModelVersion,
        by="model_id",
    )
    model_version = one(
        "The model as it was when the case was opened: the case keeps it.",
        ModelVersion,
        "model_version_id",
    )
    team = named("The team in whose caseload it is.", Team, "team_id")
    referent = named(
        "The one active referent; null until one is designated.", Member, "referent_id"
    )
    opened_by = named("Who opened it.", Member, "opened_by")
    designations = many(
        "Who is and was its referent, oldest first.", Designation, "case_id", "starts_at"
    )
    selection_decision = belonging(
        "Whether the person was admitted, once decided.", SelectionDecision, "case_id"
    )
    consents = many(
        "The person's consents and other legal bases, oldest first.", Consent, "case_id"
    )
    notes = pages("What was noted, newest first.", Note, NOTES_OF_CASE)
    assessments = pages("Its assessments, newest first.", Assessment, ASSESSMENTS_OF_CASE)
    eligibility_results = pages(
        "What rules said of it, newest first.", EligibilityResult, RESULTS_OF_CASE
    )
    referrals = pages("Its referrals, newest first.", Referral, REFERRALS_OF_CASE)
    timeline = pages(
        "What happened in it, oldest first.", TimelineEntry, TIMELINE_OF_CASE, key=("seq", int)
    )

    facets = FACETS

    @field
    async def transitions(self, info: Info) -> list[Transition]:
        """The stages that it might go to next, with what stands against each."""
        operation = info.context.operation
        async with operation.read():
            found = await transitions(operation.scope, self.row)
        return [
            Transition(
                stage=Stage(stage),
                possible=not objections,
                objections=[Objection(own=one) for one in objections],
            )
            for stage, objections in found.items()
        ]
