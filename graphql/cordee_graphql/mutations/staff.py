# mypy: disable-error-code="untyped-decorator"
"""What members bring: languages, a supervisor, trainings; the code of conduct."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.members.conduct import (
    AcceptConductDraft,
    ConductDraft,
    accept_conduct,
    publish_conduct,
)
from cordee_core.members.queries import conduct_in_force
from cordee_core.members.set_profile import ProfileDraft, set_profile
from cordee_core.members.training import (
    RequirementDraft,
    TrainingDraft,
    record_training,
    require_training,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, TextInput, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.member import Member
from cordee_graphql.types.staff import Conduct
from cordee_graphql.types.staff_enums import TrainingKind, TrainingSubject


@strawberry.input(description="What a member brings.")
class MemberProfileSetInput:
    """The member as read, languages and supervisor."""

    member_id: strawberry.ID = strawberry.field(description="The member.")
    row_version: int = strawberry.field(description="The member's `rowVersion` as you read it.")
    languages: list[str] = strawberry.field(
        description="Languages that the member speaks (ISO 639), the best first."
    )
    supervisor_id: strawberry.ID | None = strawberry.field(
        default=None, description="The named supervisor; a volunteer has one."
    )

    def draft(self) -> ProfileDraft:
        """Return what the use case takes."""
        boss = self.supervisor_id
        return ProfileDraft(
            member=uuid_of(self.member_id, "Member", "input", "memberId"),
            row_version=self.row_version,
            languages=tuple(self.languages),
            supervisor=None if boss is None else uuid_of(boss, "Member", "input", "supervisorId"),
        )


@strawberry.input(description="A training or qualification that a member proved.")
class TrainingRecordInput:
    """Who, what, until when."""

    member_id: strawberry.ID = strawberry.field(description="The member.")
    kind: TrainingKind = strawberry.field(description="What it is.")
    code: str = strawberry.field(
        description="Its code, by which methods and instruments ask for it."
    )
    title: str = strawberry.field(description="What it is called, at most 200 characters.")
    obtained_on: date = strawberry.field(description="When it was obtained; not in the future.")
    expires_on: date | None = strawberry.field(
        default=None, description="The last day on which it holds; absent where it does for life."
    )

    def draft(self) -> TrainingDraft:
        """Return what the use case takes."""
        return TrainingDraft(
            member=uuid_of(self.member_id, "Member", "input", "memberId"),
            kind=self.kind.value,
            code=self.code,
            title=self.title,
            obtained_on=self.obtained_on,
            expires_on=self.expires_on,
        )


@strawberry.input(description="A training that a method or an instrument asks for.")
class TrainingRequireInput:
    """What asks for which training."""

    subject: TrainingSubject = strawberry.field(description="What asks for it.")
    subject_code: str = strawberry.field(description="Code of the method or instrument.")
    training: str = strawberry.field(description="Code of the training.")
    required: bool = strawberry.field(
        default=True, description="False where it is no longer asked for."
    )

    def draft(self) -> RequirementDraft:
        """Return what the use case takes."""
        return RequirementDraft(
            subject=self.subject.value,
            subject_code=self.subject_code,
            training=self.training,
            required=self.required,
        )


@strawberry.input(description="A new version of the code of conduct.")
class ConductPublishInput:
    """Its text."""

    text: TextInput = strawberry.field(description="What it says, at most 50,000 characters.")

    def draft(self) -> ConductDraft:
        """Return what the use case takes."""
        return ConductDraft(text=self.text.texts())


@strawberry.input(description="A version of the code of conduct that is accepted.")
class ConductAcceptInput:
    """The version."""

    version: int = strawberry.field(description="The version that you read: the one in force.")

    def draft(self) -> AcceptConductDraft:
        """Return what the use case takes."""
        return AcceptConductDraft(version=self.version)


@strawberry.type
class StaffMemberPayload(Payload):
    """Base of payloads about what a member brings."""

    @strawberry.field(description="The member.")
    async def member(self, info: Info) -> Member | None:
        """Return the member."""
        return await load_node(info, Member, self.changed.get("member"))


@strawberry.type(description="The member with languages and supervisor.")
class MemberProfileSetPayload(StaffMemberPayload):
    """Payload of ``memberProfileSet``."""


@strawberry.type(description="The member with the training.")
class TrainingRecordPayload(StaffMemberPayload):
    """Payload of ``trainingRecord``."""


@strawberry.type(description="Whether the requirement was set.")
class TrainingRequirePayload(Payload):
    """Payload of ``trainingRequire``."""

    @strawberry.field(description="True where the requirement stands as asked.")
    def done(self) -> bool:
        """Return whether it was done."""
        return bool(self.changed)


@strawberry.type
class ConductPayload(Payload):
    """Base of payloads about the code of conduct."""

    @strawberry.field(description="The code of conduct in force.")
    async def conduct(self, info: Info) -> Conduct | None:
        """Return the code of conduct."""
        if "conduct" not in self.changed:
            return None
        async with info.context.operation.read():
            found = await conduct_in_force()
        return None if found is None else Conduct.of(found)


@strawberry.type(description="The code of conduct as it was published.")
class ConductPublishPayload(ConductPayload):
    """Payload of ``conductPublish``."""


@strawberry.type(description="The code of conduct that was accepted.")
class ConductAcceptPayload(ConductPayload):
    """Payload of ``conductAccept``."""


@strawberry.type
class StaffMutations:
    """Mutations of what members bring."""

    @strawberry.mutation(
        description=needs(Permission.MEMBER_MANAGE, "Set languages and supervisor of a member.")
    )
    async def member_profile_set(
        self, info: Info, given: Annotated[MemberProfileSetInput, INPUT]
    ) -> MemberProfileSetPayload | None:
        """Set what a member brings."""
        return await submit(info, MemberProfileSetPayload, "memberProfileSet", set_profile, given)

    @strawberry.mutation(
        description=needs(
            Permission.MEMBER_MANAGE, "Record a training or qualification with its expiry."
        )
    )
    async def training_record(
        self, info: Info, given: Annotated[TrainingRecordInput, INPUT]
    ) -> TrainingRecordPayload | None:
        """Record a training."""
        return await submit(info, TrainingRecordPayload, "trainingRecord", record_training, given)

    @strawberry.mutation(
        description=needs(
            Permission.PROGRAMME_MANAGE,
            "Set whether a method or an instrument asks for a training. Who leads a case of a "
            "programme with it has that training, or is designated with a reason.",
        )
    )
    async def training_require(
        self, info: Info, given: Annotated[TrainingRequireInput, INPUT]
    ) -> TrainingRequirePayload | None:
        """Require a training."""
        return await submit(
            info, TrainingRequirePayload, "trainingRequire", require_training, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.MEMBER_MANAGE,
            "Publish a version of the code of conduct; every member accepts it before the next "
            "designation.",
        )
    )
    async def conduct_publish(
        self, info: Info, given: Annotated[ConductPublishInput, INPUT]
    ) -> ConductPublishPayload | None:
        """Publish a code of conduct."""
        return await submit(info, ConductPublishPayload, "conductPublish", publish_conduct, given)

    @strawberry.mutation(
        description=needs(
            Permission.MEMBER_READ, "Accept the code of conduct in force, for oneself."
        )
    )
    async def conduct_accept(
        self, info: Info, given: Annotated[ConductAcceptInput, INPUT]
    ) -> ConductAcceptPayload | None:
        """Accept the code of conduct."""
        return await submit(info, ConductAcceptPayload, "conductAccept", accept_conduct, given)
