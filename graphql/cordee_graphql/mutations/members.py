# mypy: disable-error-code="untyped-decorator"
"""Members are invited and leave."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.members.end_membership import EndDraft, end_membership
from cordee_core.members.invite_member import InviteDraft, invite_member
from cordee_graphql.context import Info
from cordee_graphql.enums import Role
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.member import Invitation, Member


@strawberry.input(description="Somebody who is invited.")
class MemberInviteInput:
    """Whom, with which roles."""

    email: str = strawberry.field(description="E-mail address of the invited.")
    display_name: str = strawberry.field(description="How they are shown.")
    roles: list[Role] = strawberry.field(
        description="Shipped roles; at least one with `ownRoleIds`. `PERSON` stands alone and "
        "needs `personId`, `VOLUNTEER` stands alone and needs `supervisorId`."
    )
    person_id: strawberry.ID | None = strawberry.field(
        default=None, description="The person whose own access it is; with the role `PERSON` only."
    )
    own_role_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Roles of the organisation's own."
    )
    supervisor_id: strawberry.ID | None = strawberry.field(
        default=None, description="The named supervisor; needed with the role `VOLUNTEER`."
    )

    def draft(self) -> InviteDraft:
        """Return what the use case takes."""
        person, boss = self.person_id, self.supervisor_id
        return InviteDraft(
            email=self.email,
            display_name=self.display_name,
            roles=tuple(role.value for role in self.roles),
            person=None if person is None else uuid_of(person, "Person", "input", "personId"),
            own_roles=tuple(
                uuid_of(one, "OwnRole", "input", "ownRoleIds", place)
                for place, one in enumerate(self.own_role_ids)
            ),
            supervisor=None if boss is None else uuid_of(boss, "Member", "input", "supervisorId"),
        )


@strawberry.input(description="A membership that ends.")
class MembershipEndInput:
    """The member as read."""

    member_id: strawberry.ID = strawberry.field(description="The member.")
    row_version: int = strawberry.field(description="The member's `rowVersion` as you read it.")

    def draft(self) -> EndDraft:
        """Return what the use case takes."""
        member = uuid_of(self.member_id, "Member", "input", "memberId")
        return EndDraft(member=member, row_version=self.row_version)


@strawberry.type(description="The invitation and, once, its code.")
class MemberInvitePayload(Payload):
    """Payload of ``memberInvite``."""

    @strawberry.field(description="The invitation.")
    async def invitation(self, info: Info) -> Invitation | None:
        """Return the invitation."""
        return await load_node(info, Invitation, self.changed.get("invitation"))

    @strawberry.field(
        description="The code to hand over. Shown only now, only its hash is kept: null where "
        "the request repeats one with the same `Idempotency-Key`."
    )
    def code(self) -> str | None:
        """Return the code."""
        return self.once.get("code")


@strawberry.type(description="The membership that ended.")
class MembershipEndPayload(Payload):
    """Payload of ``membershipEnd``."""

    @strawberry.field(description="The former member.")
    async def member(self, info: Info) -> Member | None:
        """Return the member."""
        return await load_node(info, Member, self.changed.get("member"))


@strawberry.type
class MemberMutations:
    """Mutations of memberships."""

    @strawberry.mutation(
        description=needs(
            Permission.MEMBER_MANAGE,
            "Invite somebody. The code works once, for 7 days. Members and open invitations "
            "together stay within the plan: else `MEMBER_LIMIT_REACHED`.",
        )
    )
    async def member_invite(
        self, info: Info, given: Annotated[MemberInviteInput, INPUT]
    ) -> MemberInvitePayload | None:
        """Invite a member."""
        return await submit(info, MemberInvitePayload, "memberInvite", invite_member, given)

    @strawberry.mutation(
        description=needs(
            Permission.MEMBER_MANAGE,
            "End a membership at once; all its tokens are revoked. Not one's own, and not that of "
            "the referent of an open case.",
        )
    )
    async def membership_end(
        self, info: Info, given: Annotated[MembershipEndInput, INPUT]
    ) -> MembershipEndPayload | None:
        """End a membership."""
        return await submit(info, MembershipEndPayload, "membershipEnd", end_membership, given)
