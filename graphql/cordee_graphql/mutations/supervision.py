# mypy: disable-error-code="untyped-decorator"
"""Supervision sessions and ethics consultation."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.supervision.consult_ethics import (
    AdviceDraft,
    DecisionDraft,
    QuestionDraft,
    advise_ethics,
    ask_ethics,
    decide_ethics,
)
from cordee_core.supervision.record_session import PointDraft, SessionDraft, record_session
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.supervision import EthicsConsultation, SupervisionSession


@strawberry.input(description="What was discussed in a session, and the action agreed.")
class SupervisionPointInput:
    """A point of a session."""

    discussed: str = strawberry.field(description="What, at most 5,000 characters.")
    case_id: strawberry.ID | None = strawberry.field(
        default=None, description="The case, where it was about one."
    )
    action: str | None = strawberry.field(
        default=None, description="The action agreed; it needs `memberId` and `dueOn`."
    )
    member_id: strawberry.ID | None = strawberry.field(default=None, description="Who does it.")
    due_on: date | None = strawberry.field(default=None, description="By when.")

    def point(self, *path: str | int) -> PointDraft:
        """Return what the use case takes."""
        case, member = self.case_id, self.member_id
        return PointDraft(
            discussed=self.discussed,
            case=None if case is None else uuid_of(case, "Case", *path, "caseId"),
            action=self.action,
            member=None if member is None else uuid_of(member, "Member", *path, "memberId"),
            due_on=self.due_on,
        )


@strawberry.input(description="A supervision session that was held.")
class SupervisionRecordInput:
    """When, with whom, about what."""

    held_on: date = strawberry.field(description="On which day; not in the future.")
    participant_ids: list[strawberry.ID] = strawberry.field(
        description="Members who took part, beside the supervisor."
    )
    points: list[SupervisionPointInput] = strawberry.field(
        default_factory=list, description="What was discussed and agreed."
    )
    supervisor_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who supervised; who records it by default."
    )

    def draft(self) -> SessionDraft:
        """Return what the use case takes."""
        boss = self.supervisor_id
        return SessionDraft(
            held_on=self.held_on,
            participants=tuple(
                uuid_of(one, "Member", "input", "participantIds", place)
                for place, one in enumerate(self.participant_ids)
            ),
            points=tuple(
                one.point("input", "points", place) for place, one in enumerate(self.points)
            ),
            supervisor=None if boss is None else uuid_of(boss, "Member", "input", "supervisorId"),
        )


@strawberry.input(description="A question to advisers, in words that name nobody.")
class EthicsAskInput:
    """The question and the advisers."""

    question: str = strawberry.field(description="The question, at most 5,000 characters.")
    adviser_ids: list[strawberry.ID] = strawberry.field(description="Members who are asked.")
    case_id: strawberry.ID | None = strawberry.field(
        default=None, description="The case it arose in; shown to nobody but you."
    )

    def draft(self) -> QuestionDraft:
        """Return what the use case takes."""
        case = self.case_id
        return QuestionDraft(
            question=self.question,
            advisers=tuple(
                uuid_of(one, "Member", "input", "adviserIds", place)
                for place, one in enumerate(self.adviser_ids)
            ),
            case=None if case is None else uuid_of(case, "Case", "input", "caseId"),
        )


@strawberry.input(description="Advice in an ethics consultation.")
class EthicsAdviseInput:
    """What an adviser answers."""

    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    advice: str = strawberry.field(description="The advice, at most 5,000 characters.")

    def draft(self) -> AdviceDraft:
        """Return what the use case takes."""
        found = uuid_of(self.consultation_id, "EthicsConsultation", "input", "consultationId")
        return AdviceDraft(consultation=found, advice=self.advice)


@strawberry.input(description="What was decided after an ethics consultation.")
class EthicsDecideInput:
    """The decision of the one who asked."""

    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")
    decision: str = strawberry.field(description="The decision, at most 5,000 characters.")

    def draft(self) -> DecisionDraft:
        """Return what the use case takes."""
        found = uuid_of(self.consultation_id, "EthicsConsultation", "input", "consultationId")
        return DecisionDraft(
            consultation=found, row_version=self.row_version, decision=self.decision
        )


@strawberry.type(description="The session.")
class SupervisionRecordPayload(Payload):
    """Payload of ``supervisionRecord``."""

    @strawberry.field(description="The session.")
    async def session(self, info: Info) -> SupervisionSession | None:
        """Return the session."""
        return await load_node(info, SupervisionSession, self.changed.get("session"))


@strawberry.type
class EthicsPayload(Payload):
    """Base of payloads about an ethics consultation."""

    @strawberry.field(description="The consultation.")
    async def consultation(self, info: Info) -> EthicsConsultation | None:
        """Return the consultation."""
        return await load_node(info, EthicsConsultation, self.changed.get("consultation"))


@strawberry.type(description="The consultation that was opened.")
class EthicsAskPayload(EthicsPayload):
    """Payload of ``ethicsAsk``."""


@strawberry.type(description="The consultation with the advice.")
class EthicsAdvisePayload(EthicsPayload):
    """Payload of ``ethicsAdvise``."""


@strawberry.type(description="The consultation with the decision.")
class EthicsDecidePayload(EthicsPayload):
    """Payload of ``ethicsDecide``."""


@strawberry.type
class SupervisionMutations:
    """Mutations of supervision and ethics consultation."""

    @strawberry.mutation(
        description=needs(
            Permission.SUPERVISION_MANAGE,
            "Record a supervision session: who took part, the cases discussed, the actions agreed.",
        )
    )
    async def supervision_record(
        self, info: Info, given: Annotated[SupervisionRecordInput, INPUT]
    ) -> SupervisionRecordPayload | None:
        """Record a session."""
        return await submit(
            info, SupervisionRecordPayload, "supervisionRecord", record_session, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.ETHICS_CONSULT,
            "Put a question of conscience to advisers. They are not told of whom.",
        )
    )
    async def ethics_ask(
        self, info: Info, given: Annotated[EthicsAskInput, INPUT]
    ) -> EthicsAskPayload | None:
        """Ask."""
        return await submit(info, EthicsAskPayload, "ethicsAsk", ask_ethics, given)

    @strawberry.mutation(
        description=needs(Permission.ETHICS_CONSULT, "Give advice, as an adviser who was asked.")
    )
    async def ethics_advise(
        self, info: Info, given: Annotated[EthicsAdviseInput, INPUT]
    ) -> EthicsAdvisePayload | None:
        """Advise."""
        return await submit(info, EthicsAdvisePayload, "ethicsAdvise", advise_ethics, given)

    @strawberry.mutation(
        description=needs(Permission.ETHICS_CONSULT, "Note what was decided, as the one who asked.")
    )
    async def ethics_decide(
        self, info: Info, given: Annotated[EthicsDecideInput, INPUT]
    ) -> EthicsDecidePayload | None:
        """Decide."""
        return await submit(info, EthicsDecidePayload, "ethicsDecide", decide_ethics, given)
