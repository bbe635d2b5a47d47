"""Cases: one person's support in one programme, under one model."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.assessments.queries import ASSESSMENTS_OF_CASE
from cordee_core.authorisations.queries import AUTHORISATIONS_OF_CASE
from cordee_core.cases import tables
from cordee_core.cases.queries import TIMELINE_OF_CASE
from cordee_core.departures.queries import DEPARTURES_OF_CASE
from cordee_core.eligibility.queries import RESULTS_OF_CASE
from cordee_core.notes.queries import NOTES_OF_CASE
from cordee_core.referrals.queries import REFERRALS_OF_CASE
from cordee_core.reports.queries import REPORTS_OF_CASE
from cordee_core.supervision.queries import CONFERENCES_OF_CASE
from cordee_core.voice.queries import STATEMENTS_OF_CASE
from cordee_graphql.context import Info
from cordee_graphql.enums import RequestSource, Stage
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, belonging, column, many, named, one
from cordee_graphql.types.assessment import Assessment
from cordee_graphql.types.authorisation import Authorisation, MethodDeparture
from cordee_graphql.types.case_life import CasePerson, Closure, Merger, StageChange, Transfer
from cordee_graphql.types.circle import CircleMember, InterpreterBooking
from cordee_graphql.types.consent import Consent
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.eligibility import EligibilityResult
from cordee_graphql.types.facets import FACETS
from cordee_graphql.types.life_enums import SubjectKind
from cordee_graphql.types.lists import pages
from cordee_graphql.types.member import Member, Team
from cordee_graphql.types.model import Model, ModelVersion
from cordee_graphql.types.note import Note
from cordee_graphql.types.person import Person
from cordee_graphql.types.planning import Planned
from cordee_graphql.types.programme import Programme, ProgrammeVersion
from cordee_graphql.types.referral import Referral
from cordee_graphql.types.selection import SelectionDecision
from cordee_graphql.types.staff_enums import ConflictAnswer
from cordee_graphql.types.timeline import TimelineEntry
from cordee_graphql.types.transition import Transition, transitions_of_case
from cordee_graphql.types.voice import Statement
from cordee_graphql.types.waiting import WaitingEntry


@described
class Designation:
    """A member who is or was the referent of a case."""

    source = RowSource(table=tables.Designation)
    starts_at: datetime = column("Since when.")
    ends_at: datetime | None = column("Until when; null for the active one.")
    reads_until: datetime | None = column(
        "Until when a former referent reads along, where there was an overlap."
    )
    reason: str | None = column("Why the referent changed.")
    note: str | None = column("The handover note.")
    conflict_answer: ConflictAnswer = column("What the member said of conflicts of interest.")
    acknowledged_at: datetime | None = column("When the member acknowledged it.")
    row: strawberry.Private[Mapping[str, Any]]
    member = named("The referent.", Member, "member_id")
    designated_by = named("Who designated the referent.", Member, "designated_by")


@described
class Case(Planned, Node):
    """The support of a person, a household or a group in one programme, under one model."""

    source = RowSource(table=tables.Case, needs=Permission.CASE_READ, subject="person_id")
    number: str = column("Its neutral number, as `2026-000001`.")
    subject_kind: SubjectKind = column("Whom it is about.")
    group_label: str | None = column("What a group without names is called.")
    group_size: int | None = column("How many people are in the group.")
    stage: Stage = column("Where it stands.")
    stage_since: datetime | None = column("Since when.")
    held_from: Stage | None = column(
        "The stage that a case on hold came from, and to which it returns."
    )
    reopened_at: datetime | None = column(
        "When it was last reopened: consent is asked again since then."
    )
    request_source: RequestSource = column("Who asked for support.")
    request_detail: str | None = column("What was said about the request.")
    requested_on: date = column("When support was asked for.")
    opened_at: datetime = column("When it was opened.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    person = one(
        "Whose case it is; null for a household or a group. Null with `FORBIDDEN` without"
        " `person.read`.",
        Person,
        "person_id",
    )
    joint_persons = many(
        "Whom the case of a household is about, oldest first.", CasePerson, "case_id"
    )
    programme = one("The programme as it is now.", Programme, "programme_id", few=True)
    programme_version = one(
        "The programme as it was when the case was opened: the case keeps it.",
        ProgrammeVersion,
        "programme_version_id",
        few=True,
    )
    model = one(
        "The model as it is now.",
        Model,
        "model_version_id",
        through=ModelVersion,
        by="model_id",
        few=True,
    )
    model_version = one(
        "The model as it was when the case was opened: the case keeps it.",
        ModelVersion,
        "model_version_id",
        few=True,
    )
    team = named("The team in whose caseload it is.", Team, "team_id")
    referent = named(
        "The one active referent; null until one is designated.", Member, "referent_id"
    )
    opened_by = named("Who opened it.", Member, "opened_by")
    designations = many(
        "Who is and was its referent, oldest first.", Designation, "case_id", "starts_at"
    )
    stage_changes = many(
        "Its changes of stage, the opening first.", StageChange, "case_id", "number"
    )
    closures = many("How it ended; more than once if it was reopened.", Closure, "case_id")
    merger = belonging("The case that it goes on in, if it was merged.", Merger, "case_id")
    transfers = many("Its transfers, oldest first.", Transfer, "case_id")
    selection_decision = belonging(
        "Whether the person was admitted, once decided.", SelectionDecision, "case_id"
    )
    waiting_entry = belonging(
        "Its place on the waiting list, if it waits or waited.", WaitingEntry, "case_id"
    )
    authorisations = pages(
        "Decisions on services that need prior authorisation, newest first.",
        Authorisation,
        AUTHORISATIONS_OF_CASE,
    )
    departures = pages(
        "Departures from methods, newest first.", MethodDeparture, DEPARTURES_OF_CASE
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
    statements = pages(
        "What the person said, in their own words, newest first.", Statement, STATEMENTS_OF_CASE
    )
    circle = many("Everybody around the person, in the order they joined.", CircleMember, "case_id")
    interpreter_bookings = many(
        "Interpreters booked for its contacts.", InterpreterBooking, "case_id", "contact_at"
    )
    conferences = pages(
        "The conferences about it, newest first.",
        "cordee_graphql.types.supervision:Conference",
        CONFERENCES_OF_CASE,
        order="case.conferences",
    )
    field_reports = pages(
        "Reports and visits of volunteers and community workers, newest first.",
        "cordee_graphql.types.field_work:FieldReport",
        REPORTS_OF_CASE,
        order="case.fieldReports",
    )
    intensities = many(
        "Its steps of intensity as they were set, oldest first; the last one counts.",
        "cordee_graphql.types.caseload:CaseIntensity",
        "case_id",
    )
    staff_overrides = many(
        "What was overridden when it was given to somebody or worked on, and why; oldest first.",
        "cordee_graphql.types.caseload:StaffOverride",
        "case_id",
    )
    timeline = pages(
        "What happened in it, oldest first.", TimelineEntry, TIMELINE_OF_CASE, key=("seq", int)
    )

    facets = FACETS

    @field
    async def transitions(self, info: Info) -> list[Transition]:
        """The stages that it might go to next, with what stands against each."""
        return await transitions_of_case(info, self.uuid)
