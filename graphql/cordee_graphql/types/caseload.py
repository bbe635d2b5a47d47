"""Caseloads: what a member leads, weighted, and who could lead a case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases.queries import cases_by_id
from cordee_core.errors import NotFoundError
from cordee_core.languages import Text
from cordee_core.referents import model as core
from cordee_core.referents import tables
from cordee_core.referents.propose_referents import Candidate, Remark, propose_referents
from cordee_core.referents.queries import loads_of, norms_of
from cordee_graphql.context import Info
from cordee_graphql.enums import Stage
from cordee_graphql.ids import uuid_of
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import RowSource, column, maybe_localised_column, named, one
from cordee_graphql.planner.loading import made
from cordee_graphql.types.case import Case
from cordee_graphql.types.declaring import described, field, localised, maybe_localised
from cordee_graphql.types.member import Member
from cordee_graphql.types.staff_enums import LoadState, OverrideKind


@described
class LoadPart:
    """Cases of one weight in a caseload."""

    count: int = strawberry.field(description="How many cases.")
    weight: Decimal = strawberry.field(description="What each of them counts.")
    intensity: str | None = strawberry.field(
        description="The step of intensity; null for cases without one, which count 1."
    )
    texts: strawberry.Private[Text | None]
    label = maybe_localised("The step in words.", lambda self: self.texts)


@described
class CaseloadLoad:
    """A weighted count of cases against a norm, with the formula by which it comes about."""

    own: strawberry.Private[core.Load]
    formula = localised("The sum as it is calculated, and the norm.", lambda self: self.formulas)

    @property
    def formulas(self) -> Text:
        """The formula in every language."""
        return self.own.formulas()

    @field
    def total(self) -> Decimal:
        """The weighted count."""
        return self.own.total

    @field
    def recommended(self) -> Decimal:
        """What the norm recommends at most."""
        return self.own.recommended

    @field
    def maximum(self) -> Decimal:
        """What the norm allows at most, without an override."""
        return self.own.maximum

    @field
    def state(self) -> LoadState:
        """How the count stands against the norm."""
        return LoadState(self.own.state)

    @field
    def parts(self) -> list[LoadPart]:
        """What it is made of, the heaviest first."""
        return [
            LoadPart(count=one.count, weight=one.weight, intensity=one.intensity, texts=one.label)
            for one in self.own.parts
        ]


@described
class CaseloadLine:
    """A case that somebody leads, with what is due in it first."""

    source = RowSource(table=tables.CaseloadLine, needs=Permission.CASE_READ, subject="person_id")
    stage: Stage = column("Where the case stands.")
    due_at: datetime | None = column("When the earliest open obligation is due; null without one.")
    rule: str | None = column("The rule by which that is due.")
    row: strawberry.Private[Mapping[str, Any]]
    label = maybe_localised_column("What is due.", "label", text=lambda self: self.row["label"])
    case = one("The case.", Case, "case_id")
    referent = named("Who leads it.", Member, "referent_id")


@described
class CaseIntensity:
    """A step of intensity of a case, as it was set."""

    source = RowSource(table=tables.Intensity)
    intensity: str = column("Code of the step in the case's model.")
    reason: str = column("Why.")
    set_at: datetime = column("When.")
    row: strawberry.Private[Mapping[str, Any]]
    set_by = named("Who set it.", Member, "set_by")


@described
class StaffOverride:
    """A guard about who works on a case that somebody overrode."""

    source = RowSource(table=tables.Override)
    kind: OverrideKind = column("What stood in the way.")
    subject: str = column("Which trainings, or the formula of the caseload.")
    reason: str = column("Why it was overridden.")
    overridden_at: datetime = column("When.")
    row: strawberry.Private[Mapping[str, Any]]
    member = named("Who took it on.", Member, "member_id")
    overridden_by = named("Who overrode it.", Member, "overridden_by")


@described
class CandidateRemark:
    """One thing that speaks for a member as referent, or against."""

    own: strawberry.Private[Remark]
    text = localised("In words.", lambda self: self.own.text)

    @field
    def code(self) -> str:
        """Its code, as `speaks`."""
        return self.own.code


@described
class ReferentCandidate:
    """A member who could lead a case: what fits, what does not. A proposal, no decision."""

    own: strawberry.Private[Candidate]

    @field
    def member(self) -> Member:
        """The member."""
        found: Member = made(Member, self.own.member)
        return found

    @field
    def load(self) -> CaseloadLoad:
        """What the member would lead with this case, against the norm of its model."""
        return CaseloadLoad(own=self.own.load)

    @field
    def reasons(self) -> list[CandidateRemark]:
        """What speaks for the member."""
        return [CandidateRemark(own=one) for one in self.own.reasons]

    @field
    def mismatches(self) -> list[CandidateRemark]:
        """What does not fit."""
        return [CandidateRemark(own=one) for one in self.own.mismatches]

    @field
    def blocked(self) -> bool:
        """Whether the member can't be designated, whatever the reason."""
        return self.own.blocked

    @field
    def needs_override(self) -> bool:
        """Whether designation needs a reason to override what does not fit."""
        return self.own.overridable


@described
class InterestConflict(Node):
    """A member's conflict of interest with a person or a case."""

    source = RowSource(
        table=tables.InterestConflict, needs=Permission.CASE_READ, subject="person_id"
    )
    note: str = column("What it is.")
    declared_at: datetime = column("When it was declared.")
    ended_at: datetime | None = column("When it was over.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    member = named("Whose conflict it is.", Member, "member_id")
    declared_by = named("Who declared it.", Member, "declared_by")
    case = one("The case, where it is with one.", Case, "case_id")
    person = one("The person whom it is about.", "cordee_graphql.types.person:Person", "person_id")


async def candidates_of(info: Info, gid: str) -> list[ReferentCandidate]:
    """Return who could lead a case, the best match first.

    Raises:
        NotFoundError: there is no such case.
    """
    operation = info.context.operation
    operation.scope.require(Permission.CASE_ASSIGN)
    case = uuid_of(gid, "Case", "caseId")
    async with operation.read() as reading:
        rows = await cases_by_id([case])
        if not rows:
            raise NotFoundError(path=("caseId",))
        reading.saw([rows[0]["person_id"]])
        found = await propose_referents(operation.scope, rows[0])
    return [ReferentCandidate(own=one) for one in found]


async def load_of(operation: Operation, member: UUID) -> core.Load | None:
    """Return what a member leads; None where the organisation has no model yet."""
    found: core.Load | None = await operation.loader("member_loads", _loads).load(member)
    return found


async def _loads(operation: Operation, members: Sequence[UUID]) -> Mapping[UUID, core.Load]:
    tenant = operation.scope.tenant
    async with operation.read():
        parts, norms = await loads_of(tenant, members), await norms_of(tenant, members)
    return {one: core.Load(parts[one], *norms[one]) for one in members if one in norms}
