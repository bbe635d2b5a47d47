"""Cases: one person's support in one programme, under one model."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types.field import StrawberryField

from cordee_core.access.permissions import Permission
from cordee_core.assessments.queries import ASSESSMENTS_OF_CASE
from cordee_core.cases.move_case import transitions
from cordee_core.cases.queries import (
    CASES_OF_PERSON,
    TIMELINE_OF_CASE,
    CaseQuery,
    cases_by_id,
    cases_like,
    decisions_of,
    designations_of,
)
from cordee_core.contracts import Objection as CoreObjection
from cordee_core.database.lists import OwnedLists
from cordee_core.database.rows import Found
from cordee_core.eligibility.queries import RESULTS_OF_CASE
from cordee_core.errors import ForbiddenError
from cordee_core.notes.queries import NOTES_OF_CASE
from cordee_core.referrals.queries import REFERRALS_OF_CASE
from cordee_core.sharing.queries import consents_of
from cordee_graphql.connection import After, Before, Connection, First, Last, connect
from cordee_graphql.context import Info
from cordee_graphql.enums import RequestSource, Stage
from cordee_graphql.nodes import Node, load_node
from cordee_graphql.operation import Operation
from cordee_graphql.types.assessment import Assessment
from cordee_graphql.types.consent import Consent
from cordee_graphql.types.declaring import described, field, localised, made_of
from cordee_graphql.types.eligibility import EligibilityResult
from cordee_graphql.types.lists import listing, owned_listing
from cordee_graphql.types.member import Member, Team, member_named, team_named
from cordee_graphql.types.model import Model, ModelVersion
from cordee_graphql.types.note import Note
from cordee_graphql.types.person import Person
from cordee_graphql.types.programme import Programme, ProgrammeVersion
from cordee_graphql.types.referral import Referral
from cordee_graphql.types.rows import from_row
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

    starts_at: datetime = strawberry.field(description="Since when.")
    ends_at: datetime | None = strawberry.field(description="Until when; null for the active one.")
    reason: str | None = strawberry.field(description="Why the referent changed.")
    member_id: strawberry.Private[UUID]
    designator_id: strawberry.Private[UUID]

    @field
    async def member(self, info: Info) -> Member | None:
        """The referent."""
        return await member_named(info, self.member_id)

    @field
    async def designated_by(self, info: Info) -> Member | None:
        """Who designated the referent."""
        return await member_named(info, self.designator_id)


def _pages(
    description: str,
    node: Any,
    lists: OwnedLists,
    key: tuple[str, type] = ("id", UUID),
) -> StrawberryField:
    """Make a field that gives the rows of a case a page at a time, as `node`."""
    order = f"case.{node.__name__}"

    async def resolve(
        self: "Case",
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        rows = owned_listing(
            info.context.operation, order, lists, self.uuid, subject=self.row["person_id"], key=key
        )
        return await connect(
            info, rows, node.of, first=first, after=after, last=last, before=before
        )

    resolve.__annotations__["return"] = Connection[node]
    return made_of(resolve, description)


@described
class Case(Node):
    """One person's support in one programme, under one model."""

    number: str = strawberry.field(description="Its neutral number, as `2026-000001`.")
    stage: Stage = strawberry.field(description="Where it stands.")
    request_source: RequestSource = strawberry.field(description="Who asked for support.")
    request_detail: str | None = strawberry.field(description="What was said about the request.")
    requested_on: date = strawberry.field(description="When support was asked for.")
    opened_at: datetime = strawberry.field(description="When it was opened.")
    row_version: int = strawberry.field(description="Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    notes = _pages("What was noted, newest first.", Note, NOTES_OF_CASE)
    assessments = _pages("Its assessments, newest first.", Assessment, ASSESSMENTS_OF_CASE)
    eligibility_results = _pages(
        "What rules said of it, newest first.", EligibilityResult, RESULTS_OF_CASE
    )
    referrals = _pages("Its referrals, newest first.", Referral, REFERRALS_OF_CASE)
    timeline = _pages(
        "What happened in it, oldest first.", TimelineEntry, TIMELINE_OF_CASE, ("seq", int)
    )

    @field
    async def person(self, info: Info) -> Person | None:
        """Whose case it is. Null with `FORBIDDEN` without `person.read`."""
        return await load_node(info, Person, self.row["person_id"])

    @field
    async def programme(self, info: Info) -> Programme | None:
        """The programme as it is now."""
        return await load_node(info, Programme, self.row["programme_id"])

    @field
    async def programme_version(self, info: Info) -> ProgrammeVersion | None:
        """The programme as it was when the case was opened: the case keeps it."""
        return await load_node(info, ProgrammeVersion, self.row["programme_version_id"])

    @field
    async def model(self, info: Info) -> Model | None:
        """The model as it is now."""
        version = await load_node(info, ModelVersion, self.row["model_version_id"])
        return await load_node(info, Model, version.model_id) if version else None

    @field
    async def model_version(self, info: Info) -> ModelVersion | None:
        """The model as it was when the case was opened: the case keeps it."""
        return await load_node(info, ModelVersion, self.row["model_version_id"])

    @field
    async def team(self, info: Info) -> Team | None:
        """The team in whose caseload it is."""
        return await team_named(info, self.row["team_id"])

    @field
    async def referent(self, info: Info) -> Member | None:
        """The one active referent; null until one is designated."""
        return await member_named(info, self.row["referent_id"])

    @field
    async def opened_by(self, info: Info) -> Member | None:
        """Who opened it."""
        return await member_named(info, self.row["opened_by"])

    @field
    async def designations(self, info: Info) -> list[Designation]:
        """Who is and was its referent, oldest first."""
        rows = await info.context.operation.loader("designations_of", _designations).load(self.uuid)
        return [from_row(Designation, row, designator_id=row["designated_by"]) for row in rows]

    @field
    async def selection_decision(self, info: Info) -> SelectionDecision | None:
        """Whether the person was admitted, once decided."""
        row = await info.context.operation.loader("decision_of", _decisions).load(self.uuid)
        return SelectionDecision.of(row) if row else None

    @field
    async def consents(self, info: Info) -> list[Consent]:
        """The person's consents and other legal bases, oldest first."""
        rows = await info.context.operation.loader("consents_of", _consents).load(self.uuid)
        return [Consent.of(row) for row in rows]

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

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Case":
        """Return the case in a row."""
        return from_row(cls, row, row=row)

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Case"]:
        """Return the cases that the caller may read: the organisation's, or a person's own."""
        own = operation.scope.own_only(Permission.CASE_READ)
        async with operation.read() as reading:
            rows = [row for row in await cases_by_id(uuids) if own in (None, row["person_id"])]
            reading.saw(row["person_id"] for row in rows)
        return {row["id"]: cls.of(row) for row in rows}


async def list_cases(info: Info, wanted: CaseQuery, **page: Any) -> Connection[Case]:
    """Return a page of the cases that fit and that the caller may read, newest first."""
    own = info.context.operation.scope.own_only(Permission.CASE_READ)
    rows = cases_like(wanted, own)
    cases = listing("cases.newest", rows, subject=lambda row: row["person_id"])
    return await connect(info, cases, Case.of, **page)


async def list_cases_of(info: Info, person: UUID, **page: Any) -> Connection[Case]:
    """Return a page of a person's cases, newest first; the caller may read the person."""
    operation = info.context.operation
    if operation.scope.own_only(Permission.CASE_READ) not in (None, person):
        raise ForbiddenError(permission=str(Permission.CASE_READ))
    cases = owned_listing(operation, "person.cases", CASES_OF_PERSON, person, subject=person)
    return await connect(info, cases, Case.of, **page)


async def _designations(operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, list[Found]]:
    async with operation.read():
        return await designations_of(uuids)


async def _decisions(operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, Found]:
    async with operation.read():
        return await decisions_of(uuids)


async def _consents(operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, list[Found]]:
    async with operation.read():
        return await consents_of(uuids)
