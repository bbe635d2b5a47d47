# mypy: disable-error-code="untyped-decorator"
"""Conferences about a case: called, and held."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.supervision.call_conference import (
    AttendeeDraft,
    ConferenceDraft,
    DecisionDraft,
    HeldDraft,
    call_conference,
    hold_conference,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.supervision import Conference


@strawberry.input(description="A conference that is called.")
class ConferenceCallInput:
    """When, about what; the person is invited, or why not."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    starts_at: datetime = strawberry.field(description="When, with a time zone.")
    agenda: list[str] = strawberry.field(description="What about: at least one point.")
    person_invited: bool = strawberry.field(description="Whether the person is invited.")
    not_invited_reason: str | None = strawberry.field(
        default=None, description="Why the person is not invited; needed then, and only then."
    )

    def draft(self) -> ConferenceDraft:
        """Return what the use case takes."""
        return ConferenceDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            starts_at=self.starts_at,
            agenda=tuple(self.agenda),
            person_invited=self.person_invited,
            not_invited_reason=self.not_invited_reason,
        )


@strawberry.input(description="Somebody expected at a conference: a member, or a name.")
class ConferenceAttendeeInput:
    """Who, and what they disagree with."""

    member_id: strawberry.ID | None = strawberry.field(
        default=None, description="The member, or else a name."
    )
    name: str | None = strawberry.field(
        default=None, description="The name of somebody who is no member."
    )
    organisation: str | None = strawberry.field(
        default=None, description="The organisation of somebody of elsewhere."
    )
    attended: bool = strawberry.field(default=True, description="Whether they were there.")
    dissent: str | None = strawberry.field(default=None, description="What they disagree with.")


@strawberry.input(description="A decision of a conference.")
class ConferenceDecisionInput:
    """What, who, by when."""

    decision: str = strawberry.field(description="What was decided, at most 5,000 characters.")
    member_id: strawberry.ID = strawberry.field(description="Who does it.")
    due_on: date = strawberry.field(description="By when.")


@strawberry.input(description="How a conference went.")
class ConferenceHoldInput:
    """The conference as read, attendance and decisions."""

    conference_id: strawberry.ID = strawberry.field(description="The conference.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")
    attendees: list[ConferenceAttendeeInput] = strawberry.field(description="Who was expected.")
    decisions: list[ConferenceDecisionInput] = strawberry.field(
        default_factory=list, description="What was decided."
    )

    def draft(self) -> HeldDraft:
        """Return what the use case takes."""
        return HeldDraft(
            conference=uuid_of(self.conference_id, "Conference", "input", "conferenceId"),
            row_version=self.row_version,
            attendees=tuple(
                AttendeeDraft(
                    member=(
                        None
                        if one.member_id is None
                        else uuid_of(
                            one.member_id, "Member", "input", "attendees", place, "memberId"
                        )
                    ),
                    name=one.name,
                    organisation=one.organisation,
                    attended=one.attended,
                    dissent=one.dissent,
                )
                for place, one in enumerate(self.attendees)
            ),
            decisions=tuple(
                DecisionDraft(
                    decision=one.decision,
                    member=uuid_of(
                        one.member_id, "Member", "input", "decisions", place, "memberId"
                    ),
                    due_on=one.due_on,
                )
                for place, one in enumerate(self.decisions)
            ),
        )


@strawberry.type
class ConferencePayload(CasePayload):
    """Base of payloads about a conference."""

    @strawberry.field(description="The conference.")
    async def conference(self, info: Info) -> Conference | None:
        """Return the conference."""
        return await load_node(info, Conference, self.changed.get("conference"))


@strawberry.type(description="The conference and its case.")
class ConferenceCallPayload(ConferencePayload):
    """Payload of ``conferenceCall``."""


@strawberry.type(description="The conference as it went, and its case.")
class ConferenceHoldPayload(ConferencePayload):
    """Payload of ``conferenceHold``."""


@strawberry.type
class ConferenceMutations:
    """Mutations of conferences."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Call a conference about a case. The person is invited, or the reason why not is kept.",
        )
    )
    async def conference_call(
        self, info: Info, given: Annotated[ConferenceCallInput, INPUT]
    ) -> ConferenceCallPayload | None:
        """Call a conference."""
        return await submit(info, ConferenceCallPayload, "conferenceCall", call_conference, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Note how a conference went: attendance, also of other organisations, dissent, "
            "decisions. Each decision becomes an action of the plan that is being written, else an "
            "obligation.",
        )
    )
    async def conference_hold(
        self, info: Info, given: Annotated[ConferenceHoldInput, INPUT]
    ) -> ConferenceHoldPayload | None:
        """Hold a conference."""
        return await submit(info, ConferenceHoldPayload, "conferenceHold", hold_conference, given)
