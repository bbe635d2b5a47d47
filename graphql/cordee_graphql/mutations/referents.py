# mypy: disable-error-code="untyped-decorator"
"""Referents: designation, handover, acknowledgement, whole caseloads."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.referents.acknowledge_handover import AcknowledgeDraft, acknowledge_handover
from cordee_core.referents.designate_referent import DesignationDraft, designate_referent
from cordee_core.referents.reassign_caseload import CaseMove, ReassignDraft, reassign_caseload
from cordee_core.referents.set_intensity import IntensityDraft, set_intensity
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.caseload import CaseloadLoad, load_of
from cordee_graphql.types.member import Member
from cordee_graphql.types.staff_enums import ConflictAnswer

_OVERRIDE = (
    "Why the member takes it on although a training is missing or the maximum is passed; needs the "
    "permission `caseload.override`. Kept with the designation."
)


@strawberry.input(description="A member who becomes the referent of a case.")
class ReferentDesignateInput:
    """The case as read, the member, and how it is handed over."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    row_version: int = strawberry.field(description="The case's `rowVersion` as you read it.")
    member_id: strawberry.ID = strawberry.field(description="A member who may lead cases.")
    reason: str | None = strawberry.field(
        default=None, description="Why; needed where another referent hands over."
    )
    note: str | None = strawberry.field(
        default=None, description="What the receiver must know, at most 5,000 characters."
    )
    handed_on: date | None = strawberry.field(
        default=None, description="The day of the handover, not in the future; today by default."
    )
    overlap_until: date | None = strawberry.field(
        default=None, description="The last day on which the former referent reads along."
    )
    conflict_answer: ConflictAnswer = strawberry.field(
        default=ConflictAnswer.NOT_ASKED,
        description="What the member said of conflicts of interest.",
    )
    override_reason: str | None = strawberry.field(default=None, description=_OVERRIDE)

    def draft(self) -> DesignationDraft:
        """Return what the use case takes."""
        return DesignationDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            row_version=self.row_version,
            member=uuid_of(self.member_id, "Member", "input", "memberId"),
            reason=self.reason,
            note=self.note,
            on=self.handed_on,
            overlap_until=self.overlap_until,
            conflict_answer=self.conflict_answer.value,
            override_reason=self.override_reason,
        )


@strawberry.input(description="A handover that is acknowledged.")
class HandoverAcknowledgeInput:
    """The case, and the answer about conflicts of interest."""

    case_id: strawberry.ID = strawberry.field(description="The case that was received.")
    no_conflict: bool = strawberry.field(
        description="True where the receiver has no conflict of interest. Else declare it first."
    )

    def draft(self) -> AcknowledgeDraft:
        """Return what the use case takes."""
        case = uuid_of(self.case_id, "Case", "input", "caseId")
        return AcknowledgeDraft(case=case, no_conflict=self.no_conflict)


@strawberry.input(description="One case of a caseload that is handed over.")
class CaseHandoverInput:
    """The case, who takes it over, the note."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    member_id: strawberry.ID = strawberry.field(description="Who takes it over.")
    note: str = strawberry.field(description="The handover note, at most 5,000 characters.")


@strawberry.input(description="A whole caseload that is handed over.")
class CaseloadReassignInput:
    """Whose caseload, why, and each case of it."""

    member_id: strawberry.ID = strawberry.field(description="The member whose caseload moves.")
    reason: str = strawberry.field(description="Why, at most 2,000 characters.")
    moves: list[CaseHandoverInput] = strawberry.field(
        description="Every open case that the member leads, each once; all move or none."
    )
    overlap_until: date | None = strawberry.field(
        default=None, description="The last day on which the member reads along."
    )
    override_reason: str | None = strawberry.field(default=None, description=_OVERRIDE)

    def draft(self) -> ReassignDraft:
        """Return what the use case takes."""
        return ReassignDraft(
            member=uuid_of(self.member_id, "Member", "input", "memberId"),
            reason=self.reason,
            moves=tuple(
                CaseMove(
                    case=uuid_of(one.case_id, "Case", "input", "moves", place, "caseId"),
                    member=uuid_of(one.member_id, "Member", "input", "moves", place, "memberId"),
                    note=one.note,
                )
                for place, one in enumerate(self.moves)
            ),
            overlap_until=self.overlap_until,
            override_reason=self.override_reason,
        )


@strawberry.input(description="The step of intensity of a case.")
class CaseIntensitySetInput:
    """The case, the step and why."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    intensity: str = strawberry.field(description="Code of a step of the case's model.")
    reason: str = strawberry.field(description="Why, at most 2,000 characters.")

    def draft(self) -> IntensityDraft:
        """Return what the use case takes."""
        case = uuid_of(self.case_id, "Case", "input", "caseId")
        return IntensityDraft(case=case, intensity=self.intensity, reason=self.reason)


@strawberry.type(description="The case with its referent, and what the referent leads now.")
class ReferentDesignatePayload(CasePayload):
    """Payload of ``referentDesignate``."""

    @strawberry.field(
        description="What the new referent leads with this case. `ABOVE_RECOMMENDED` is a warning."
    )
    async def load(self, info: Info) -> CaseloadLoad | None:
        """Return the load."""
        member = self.changed.get("member")
        found = None if member is None else await load_of(info.context.operation, member)
        return None if found is None else CaseloadLoad(own=found)


@strawberry.type(description="The case, its handover acknowledged.")
class HandoverAcknowledgePayload(CasePayload):
    """Payload of ``handoverAcknowledge``."""


@strawberry.type(description="The case with its step of intensity.")
class CaseIntensitySetPayload(CasePayload):
    """Payload of ``caseIntensitySet``."""


@strawberry.type(description="The member, who leads no case any more.")
class CaseloadReassignPayload(Payload):
    """Payload of ``caseloadReassign``."""

    @strawberry.field(description="The member whose caseload moved.")
    async def member(self, info: Info) -> Member | None:
        """Return the member."""
        return await load_node(info, Member, self.changed.get("member"))


@strawberry.type
class ReferentMutations:
    """Mutations of referents."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_ASSIGN,
            "Make a member the one referent of a case. A former referent's designation ends at the "
            "same moment. Of two at once, one wins and the other gets `STALE_OBJECT`. Refused with "
            "`CONFLICT_OF_INTEREST`, `CONDUCT_NOT_ACCEPTED`, `MEMBER_LEFT`; with "
            "`TRAINING_MISSING` and `CASELOAD_FULL` unless overridden.",
        )
    )
    async def referent_designate(
        self, info: Info, given: Annotated[ReferentDesignateInput, INPUT]
    ) -> ReferentDesignatePayload | None:
        """Designate a referent."""
        return await submit(
            info, ReferentDesignatePayload, "referentDesignate", designate_referent, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.CASE_MOVE,
            "Acknowledge, as the referent who received a case, that the handover took place.",
        )
    )
    async def handover_acknowledge(
        self, info: Info, given: Annotated[HandoverAcknowledgeInput, INPUT]
    ) -> HandoverAcknowledgePayload | None:
        """Acknowledge a handover."""
        return await submit(
            info, HandoverAcknowledgePayload, "handoverAcknowledge", acknowledge_handover, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.CASE_ASSIGN,
            "Hand a whole caseload over, with a note for each case: every case or none. Norms and "
            "conflicts count as for each designation; who left takes nothing (`MEMBER_LEFT`).",
        )
    )
    async def caseload_reassign(
        self, info: Info, given: Annotated[CaseloadReassignInput, INPUT]
    ) -> CaseloadReassignPayload | None:
        """Reassign a caseload."""
        return await submit(
            info, CaseloadReassignPayload, "caseloadReassign", reassign_caseload, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.CASE_DECIDE,
            "Set the step of intensity of a case, which decides what it counts in a caseload.",
        )
    )
    async def case_intensity_set(
        self, info: Info, given: Annotated[CaseIntensitySetInput, INPUT]
    ) -> CaseIntensitySetPayload | None:
        """Set the intensity."""
        return await submit(info, CaseIntensitySetPayload, "caseIntensitySet", set_intensity, given)
