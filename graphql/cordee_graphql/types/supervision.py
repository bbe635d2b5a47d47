"""Supervision, ethics consultation and conferences."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.supervision import tables
from cordee_core.supervision.queries import (
    Supervisee,
    advised_by,
    consultations_by_id,
    supervisees,
)
from cordee_graphql.context import Info
from cordee_graphql.nodes import Node, load_node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import RowSource, column, many, named, one
from cordee_graphql.planner.loading import made
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.case import Case
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.member import Member, member_named


@described
class SupervisionParticipant:
    """Somebody who took part in a supervision session."""

    source = RowSource(table=tables.Participant)
    row: strawberry.Private[Mapping[str, Any]]
    member = named("Who.", Member, "member_id")


@described
class SupervisionPoint:
    """What was discussed in a supervision session, and the action agreed."""

    source = RowSource(table=tables.Point)
    discussed: str = column("What was discussed.")
    action: str | None = column("The action agreed, if one was.")
    due_on: date | None = column("By when.")
    row: strawberry.Private[Mapping[str, Any]]
    case = one("The case that was discussed, if it was about one.", Case, "case_id")
    member = named("Who does it.", Member, "member_id")


@described
class SupervisionSession(Node):
    """A supervisor met those who are supervised. Never changed afterwards."""

    source = RowSource(table=tables.SupervisionSession, needs=Permission.SUPERVISION_MANAGE)
    held_on: date = column("On which day.")
    recorded_at: datetime = column("When it was recorded.")
    row: strawberry.Private[Mapping[str, Any]]
    supervisor = named("Who supervised.", Member, "supervisor_id")
    participants = many("Who took part.", SupervisionParticipant, "session_id")
    points = many("What was discussed and agreed.", SupervisionPoint, "session_id")


@described
class SupervisionRhythm:
    """When a member was supervised, and when it is due by the models of the cases that it leads."""

    own: strawberry.Private[Supervisee]

    @field
    async def member(self, info: Info) -> Member | None:
        """The member."""
        return await member_named(info, self.own.member)

    @field
    def last_on(self) -> date | None:
        """The day of the last session; null where there was none."""
        return self.own.last

    @field
    def every_days(self) -> int | None:
        """The strictest rhythm of those models, in days; null where none counts."""
        return self.own.every

    @field
    def due_on(self) -> date | None:
        """The day by which the next session is due."""
        return self.own.due

    @field
    def late(self, info: Info) -> bool:
        """Whether it is overdue."""
        return self.own.late(info.context.operation.scope.clock().date())


@described
class SupervisionRatio:
    """How many members one supervisor supervises."""

    supervisor_id: strawberry.Private[UUID]
    members: list[SupervisionRhythm] = strawberry.field(description="Who is supervised.")

    @field
    async def supervisor(self, info: Info) -> Member | None:
        """The supervisor."""
        return await member_named(info, self.supervisor_id)

    @field
    def count(self) -> int:
        """How many they are."""
        return len(self.members)


async def ratios(operation: Operation) -> list[SupervisionRatio]:
    """Return the ratio of each supervisor, the most first."""
    operation.scope.require(Permission.SUPERVISION_MANAGE)
    async with operation.read():
        rows = await supervisees(operation.scope.tenant)
    found: dict[UUID, list[SupervisionRhythm]] = {}
    for row in rows:
        found.setdefault(row.supervisor, []).append(SupervisionRhythm(own=row))
    ranked = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [SupervisionRatio(supervisor_id=boss, members=list(team)) for boss, team in ranked]


@described
class EthicsAdvice:
    """An adviser of an ethics consultation and, once given, the advice."""

    source = RowSource(table=tables.EthicsAdvice)
    advice: str | None = column("The advice; null until it is given.")
    advised_at: datetime | None = column("When it was given.")
    row: strawberry.Private[Mapping[str, Any]]
    adviser = named("Who advises.", Member, "member_id")


@described
class EthicsConsultation(Node):
    """A question of conscience. Only who asked and the advisers read it; no person is named."""

    # Without a permission of its own on the planned road: `load` knows who may read it.
    question: str = strawberry.field(description="The question.")
    asked_at: datetime = strawberry.field(description="When it was asked.")
    decision: str | None = strawberry.field(description="What the one who asked decided.")
    decided_at: datetime | None = strawberry.field(description="When.")
    row_version: int = strawberry.field(description="Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    asked_by = named("Who asked.", Member, "asked_by")
    advices = many("The advisers and what they said.", EthicsAdvice, "consultation_id")

    @field
    async def case(self, info: Info) -> Case | None:
        """The case it arose in; null for everybody but the one who asked."""
        if self.row["asked_by"] != info.context.operation.scope.actor.id:
            return None
        return await load_node(info, Case, self.row["case_id"])

    @classmethod
    async def load(
        cls, operation: Operation, uuids: Sequence[UUID]
    ) -> Mapping[UUID, "EthicsConsultation"]:
        """Return those that the caller asked or advises in."""
        operation.scope.require(Permission.ETHICS_CONSULT)
        me = operation.scope.actor.id
        async with operation.read():
            rows = await consultations_by_id(uuids)
            advisers = await advised_by(uuids)
        return {
            row["id"]: made(cls, row)
            for row in rows
            if me == row["asked_by"] or me in advisers[row["id"]]
        }


@described
class ConferenceAttendee:
    """Who was expected at a conference; somebody of elsewhere stands by name."""

    source = RowSource(table=tables.Attendee)
    name: str = column("The name.")
    organisation: str | None = column("The organisation, of somebody of elsewhere.")
    attended: bool = column("Whether they were there.")
    dissent: str | None = column("What they disagree with.")
    row: strawberry.Private[Mapping[str, Any]]
    member = named("The member, where it is one.", Member, "member_id")


@described
class ConferenceDecision:
    """What a conference decided; it became an action of the open plan, or an obligation."""

    source = RowSource(table=tables.ConferenceDecision)
    decision: str = column("What was decided.")
    due_on: date = column("By when.")
    row: strawberry.Private[Mapping[str, Any]]
    member = named("Who does it.", Member, "member_id")
    action = one(
        "The action of the plan that it became.",
        "cordee_graphql.types.plan:PlanAction",
        "action_id",
    )
    obligation = one(
        "The obligation that it became where no plan was being written.",
        "cordee_graphql.types.obligation:Obligation",
        "obligation_id",
    )


@described
class Conference(BelowCase, Node):
    """Those around a case meet."""

    source = RowSource(table=tables.Conference, needs=Permission.CASE_READ, below=True)
    starts_at: datetime = column("When.")
    agenda: list[str] = column("What about.")
    person_invited: bool = column("Whether the person is invited.")
    not_invited_reason: str | None = column("Why the person is not invited.")
    called_at: datetime = column("When it was called.")
    held_at: datetime | None = column("When it was noted how it went.")
    row_version: int = column("Raised by each change.")
    called_by = named("Who called it.", Member, "called_by")
    attendees = many("Who was expected, and who came.", ConferenceAttendee, "conference_id")
    decisions = many("What was decided.", ConferenceDecision, "conference_id")
