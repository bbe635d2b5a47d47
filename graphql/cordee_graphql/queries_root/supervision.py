"""Field work, supervision, ethics consultation, conferences."""

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.reports.queries import assignments_like, reports_like
from cordee_core.supervision.queries import all_sessions, consultations_of
from cordee_graphql.connection import After, Before, Connection, First, Last
from cordee_graphql.context import Info
from cordee_graphql.planner.declare import by_id
from cordee_graphql.planner.loading import made
from cordee_graphql.types.declaring import field
from cordee_graphql.types.field_work import (
    FieldAssignment,
    FieldReport,
    own_author,
    page_of,
)
from cordee_graphql.types.lists import root_pages
from cordee_graphql.types.supervision import (
    Conference,
    EthicsConsultation,
    SupervisionRatio,
    SupervisionSession,
    ratios,
)


@strawberry.type
class SupervisionQueries:
    """Root fields about how those who work are helped, and about field work."""

    @field
    async def field_assignments(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[FieldAssignment] | None:
        """Who goes to which case, newest first; a narrow scope shows the own ones.

        Null with `FORBIDDEN` without `report.read`.
        """
        paging = {"first": first, "after": after, "last": last, "before": before}
        rows = assignments_like(own_author(info.context.operation))
        return await page_of(info, FieldAssignment, rows, paging)

    @field
    async def field_reports(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[FieldReport] | None:
        """Reports and visits, newest first; a narrow scope shows the own ones.

        Null with `FORBIDDEN` without `report.read`.
        """
        paging = {"first": first, "after": after, "last": last, "before": before}
        rows = reports_like(own_author(info.context.operation))
        return await page_of(info, FieldReport, rows, paging)

    supervision_sessions = root_pages(
        "Supervision sessions, newest first. Null with `FORBIDDEN` without `supervision.manage`.",
        SupervisionSession,
        "supervisionSessions",
        lambda *_: all_sessions(),
        Permission.SUPERVISION_MANAGE,
    )

    @field
    async def supervision_ratios(self, info: Info) -> list[SupervisionRatio] | None:
        """How many members each supervisor supervises, and who is due.

        Null with `FORBIDDEN` without `supervision.manage`.
        """
        return await ratios(info.context.operation)

    @field
    async def ethics_consultations(self, info: Info) -> list[EthicsConsultation] | None:
        """The newest 100 consultations in which the member asked or advises.

        Null with `FORBIDDEN` without `ethics.consult`.
        """
        operation = info.context.operation
        operation.scope.require(Permission.ETHICS_CONSULT)
        async with operation.read():
            rows = await consultations_of(operation.scope.actor.id)
        return [made(EthicsConsultation, row) for row in rows]

    conference = by_id("A conference by its id.", Conference)
