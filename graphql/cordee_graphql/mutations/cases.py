# mypy: disable-error-code="untyped-decorator"
"""Cases are opened, given a referent and moved on."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases.designate_referent import DesignationDraft, designate_referent
from cordee_core.cases.move_case import MoveDraft, move_case
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_graphql.context import Info
from cordee_graphql.enums import RequestSource, Stage
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.case import Case


@strawberry.input(description="A request for support that becomes a case.")
class CaseOpenInput:
    """Who asks, for whom, in which programme."""

    person_id: strawberry.ID = strawberry.field(description="Whose case it is.")
    programme_id: strawberry.ID = strawberry.field(description="An active programme.")
    request_source: RequestSource = strawberry.field(description="Who asked for support.")
    requested_on: date = strawberry.field(description="When they asked; not in the future.")
    request_detail: str | None = strawberry.field(
        default=None, description="More about the request, at most 2,000 characters."
    )
    team_id: strawberry.ID | None = strawberry.field(
        default=None, description="The team that takes the case."
    )

    def draft(self) -> CaseDraft:
        """Return what the use case takes."""
        team = self.team_id
        return CaseDraft(
            person=uuid_of(self.person_id, "Person", "input", "personId"),
            programme=uuid_of(self.programme_id, "Programme", "input", "programmeId"),
            request_source=self.request_source.value,
            requested_on=self.requested_on,
            request_detail=self.request_detail,
            team=None if team is None else uuid_of(team, "Team", "input", "teamId"),
        )


@strawberry.input(description="A member who becomes the referent of a case.")
class ReferentDesignateInput:
    """The case as read, and the member."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    row_version: int = strawberry.field(description="The case's `rowVersion` as you read it.")
    member_id: strawberry.ID = strawberry.field(description="A member who may lead cases.")
    reason: str | None = strawberry.field(
        default=None, description="Why; needed where another referent hands over."
    )

    def draft(self) -> DesignationDraft:
        """Return what the use case takes."""
        return DesignationDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            row_version=self.row_version,
            member=uuid_of(self.member_id, "Member", "input", "memberId"),
            reason=self.reason,
        )


@strawberry.input(description="A case that goes to another stage.")
class CaseMoveInput:
    """The case as read, and the stage."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    row_version: int = strawberry.field(description="The case's `rowVersion` as you read it.")
    stage: Stage = strawberry.field(description="Where it goes.")

    def draft(self) -> MoveDraft:
        """Return what the use case takes."""
        return MoveDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            row_version=self.row_version,
            target=self.stage.value,
        )


@strawberry.type
class CasePayload(Payload):
    """Base of payloads about a case."""

    @strawberry.field(description="The case as it is now.")
    async def case(self, info: Info) -> Case | None:
        """Return the case."""
        return await load_node(info, Case, self.changed.get("case"))


@strawberry.type(description="The opened case.")
class CaseOpenPayload(CasePayload):
    """Payload of ``caseOpen``."""


@strawberry.type(description="The case with its referent.")
class ReferentDesignatePayload(CasePayload):
    """Payload of ``referentDesignate``."""


@strawberry.type(description="The case in its new stage.")
class CaseMovePayload(CasePayload):
    """Payload of ``caseMove``."""


@strawberry.type
class CaseMutations:
    """Mutations of cases."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_OPEN,
            "Open a case at intake, in an active programme. A person has one open case in a "
            "programme: else `DUPLICATE_CASE`.",
        )
    )
    async def case_open(
        self, info: Info, given: Annotated[CaseOpenInput, INPUT]
    ) -> CaseOpenPayload | None:
        """Open a case."""
        return await submit(info, CaseOpenPayload, "caseOpen", open_case, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_ASSIGN,
            "Make a member the one referent of a case. A former referent's designation ends at the "
            "same moment. Of two at once, one wins and the other gets `STALE_OBJECT`.",
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
            "Move a case to another stage. What stands against it comes back as one "
            "`TRANSITION_BLOCKED` that lists everything.",
        )
    )
    async def case_move(
        self, info: Info, given: Annotated[CaseMoveInput, INPUT]
    ) -> CaseMovePayload | None:
        """Move a case."""
        return await submit(info, CaseMovePayload, "caseMove", move_case, given)
