# mypy: disable-error-code="untyped-decorator"
"""Cases are opened and moved on."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
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

    programme_id: strawberry.ID = strawberry.field(description="An active programme.")
    request_source: RequestSource = strawberry.field(description="Who asked for support.")
    requested_on: date = strawberry.field(description="When they asked; not in the future.")
    request_detail: str | None = strawberry.field(
        default=None, description="More about the request, at most 2,000 characters."
    )
    person_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose case it is, unless it is about a household or a group."
    )
    household_person_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="The persons of the household that it is about."
    )
    household_id: strawberry.ID | None = strawberry.field(
        default=None, description="The household, where it is recorded."
    )
    group_label: str | None = strawberry.field(
        default=None, description="What the group without names is called."
    )
    group_size: int | None = strawberry.field(
        default=None, description="How many people are in the group."
    )
    model_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The model under which the case is led; needed where the programme runs under "
        "several.",
    )
    team_id: strawberry.ID | None = strawberry.field(
        default=None, description="The team that takes the case."
    )

    def draft(self) -> CaseDraft:
        """Return what the use case takes."""
        team, model, person = self.team_id, self.model_id, self.person_id
        home = self.household_id
        return CaseDraft(
            person=None if person is None else uuid_of(person, "Person", "input", "personId"),
            household=tuple(
                uuid_of(one, "Person", "input", "householdPersonIds", place)
                for place, one in enumerate(self.household_person_ids)
            ),
            household_id=None
            if home is None
            else uuid_of(home, "Household", "input", "householdId"),
            group_label=self.group_label,
            group_size=self.group_size,
            programme=uuid_of(self.programme_id, "Programme", "input", "programmeId"),
            request_source=self.request_source.value,
            requested_on=self.requested_on,
            request_detail=self.request_detail,
            team=None if team is None else uuid_of(team, "Team", "input", "teamId"),
            model=None if model is None else uuid_of(model, "Model", "input", "modelId"),
        )


@strawberry.input(description="A case that goes to another stage.")
class CaseMoveInput:
    """The case as read, and the stage."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    row_version: int = strawberry.field(description="The case's `rowVersion` as you read it.")
    stage: Stage = strawberry.field(description="Where it goes.")
    reason: str | None = strawberry.field(
        default=None, description="Why; needed with `ON_HOLD`, at most 2,000 characters."
    )

    def draft(self) -> MoveDraft:
        """Return what the use case takes."""
        return MoveDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            row_version=self.row_version,
            target=self.stage.value,
            reason=self.reason,
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
