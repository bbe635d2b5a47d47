# mypy: disable-error-code="untyped-decorator"
"""Volunteers and community workers are sent to cases and report."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.reports.add_report import ReportDraft, add_report
from cordee_core.reports.assign_volunteer import (
    AssignDraft,
    AssignmentEndDraft,
    assign_volunteer,
    end_assignment,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.field_work import FieldAssignment, FieldReport
from cordee_graphql.types.staff_enums import FieldReportKind


@strawberry.input(description="A volunteer or community worker who is sent to a case.")
class FieldAssignInput:
    """Who goes where, what for."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    member_id: strawberry.ID = strawberry.field(description="A member who may report.")
    task: str = strawberry.field(description="What for, at most 2,000 characters.")
    starts_on: date = strawberry.field(description="The first day.")
    ends_on: date | None = strawberry.field(
        default=None, description="The last day; absent while it goes on."
    )

    def draft(self) -> AssignDraft:
        """Return what the use case takes."""
        return AssignDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            member=uuid_of(self.member_id, "Member", "input", "memberId"),
            task=self.task,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
        )


@strawberry.input(description="An assignment that ends today.")
class FieldAssignmentEndInput:
    """The assignment as read."""

    assignment_id: strawberry.ID = strawberry.field(description="The assignment.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")

    def draft(self) -> AssignmentEndDraft:
        """Return what the use case takes."""
        assignment = uuid_of(self.assignment_id, "FieldAssignment", "input", "assignmentId")
        return AssignmentEndDraft(assignment=assignment, row_version=self.row_version)


@strawberry.input(description="A report or a visit.")
class FieldReportAddInput:
    """What was done or seen."""

    assignment_id: strawberry.ID = strawberry.field(
        description="The own assignment: one of `fieldAssignments`."
    )
    kind: FieldReportKind = strawberry.field(description="What it is.")
    text: str = strawberry.field(description="What to tell, at most 20,000 characters.")
    occurred_at: datetime | None = strawberry.field(
        default=None, description="When it took place, with a time zone; now by default."
    )

    def draft(self) -> ReportDraft:
        """Return what the use case takes."""
        return ReportDraft(
            assignment=uuid_of(self.assignment_id, "FieldAssignment", "input", "assignmentId"),
            kind=self.kind.value,
            text=self.text,
            occurred_at=self.occurred_at,
        )


@strawberry.type
class FieldAssignmentPayload(Payload):
    """Base of payloads about an assignment."""

    @strawberry.field(description="The assignment.")
    async def assignment(self, info: Info) -> FieldAssignment | None:
        """Return the assignment."""
        return await load_node(info, FieldAssignment, self.changed.get("assignment"))


@strawberry.type(description="The assignment.")
class FieldAssignPayload(FieldAssignmentPayload):
    """Payload of ``fieldAssign``."""


@strawberry.type(description="The assignment that ended.")
class FieldAssignmentEndPayload(FieldAssignmentPayload):
    """Payload of ``fieldAssignmentEnd``."""


@strawberry.type(description="The report.")
class FieldReportAddPayload(Payload):
    """Payload of ``fieldReportAdd``."""

    @strawberry.field(description="The report.")
    async def report(self, info: Info) -> FieldReport | None:
        """Return the report."""
        return await load_node(info, FieldReport, self.changed.get("report"))


@strawberry.type
class FieldWorkMutations:
    """Mutations of field work."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_ASSIGN,
            "Send a volunteer or community worker to a case: they may report on it and read what "
            "they wrote, nothing else of the case.",
        )
    )
    async def field_assign(
        self, info: Info, given: Annotated[FieldAssignInput, INPUT]
    ) -> FieldAssignPayload | None:
        """Assign a volunteer."""
        return await submit(info, FieldAssignPayload, "fieldAssign", assign_volunteer, given)

    @strawberry.mutation(description=needs(Permission.CASE_ASSIGN, "End an assignment today."))
    async def field_assignment_end(
        self, info: Info, given: Annotated[FieldAssignmentEndInput, INPUT]
    ) -> FieldAssignmentEndPayload | None:
        """End an assignment."""
        return await submit(
            info, FieldAssignmentEndPayload, "fieldAssignmentEnd", end_assignment, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.REPORT_WRITE,
            "Write a report or a visit, by an assignment of one's own; else `NOT_FOUND`. It is "
            "never changed afterwards.",
        )
    )
    async def field_report_add(
        self, info: Info, given: Annotated[FieldReportAddInput, INPUT]
    ) -> FieldReportAddPayload | None:
        """Add a report."""
        return await submit(info, FieldReportAddPayload, "fieldReportAdd", add_report, given)
