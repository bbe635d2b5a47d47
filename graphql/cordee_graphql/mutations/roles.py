# mypy: disable-error-code="untyped-decorator"
"""Roles: shipped ones are copied, the copies changed; members are given roles."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.members.manage_roles import (
    MemberRolesDraft,
    RoleChangeDraft,
    RoleCopyDraft,
    change_role,
    copy_role,
    set_member_roles,
)
from cordee_graphql.context import Info
from cordee_graphql.enums import Role
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, TextInput, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.member import Member
from cordee_graphql.types.staff import OwnRole
from cordee_graphql.types.staff_enums import PermissionReach


@strawberry.input(description="A shipped role that is copied.")
class RoleCopyInput:
    """Which role, under which name."""

    role: Role = strawberry.field(description="The role; not `ADMIN`, `VOLUNTEER` or `PERSON`.")
    code: str = strawberry.field(
        description="Code of the copy: lower-case letters, digits, underscores; unique."
    )
    title: TextInput = strawberry.field(description="Its name.")

    def draft(self) -> RoleCopyDraft:
        """Return what the use case takes."""
        return RoleCopyDraft(role=self.role.value, code=self.code, title=self.title.texts())


@strawberry.input(description="A permission that a role grants.")
class RoleGrantInput:
    """The permission and how far it reaches."""

    permission: str = strawberry.field(description="The permission, as `case.read`.")
    reach: PermissionReach = strawberry.field(
        default=PermissionReach.TENANT,
        description="How far it reaches: `TEAM` for `person.read` and `case.read`, `SELF` for "
        "`report.read` and `report.write`, else the organisation only.",
    )


@strawberry.input(description="What a role of the organisation's own grants.")
class RoleUpdateInput:
    """The role as read, and all that it grants."""

    role_id: strawberry.ID = strawberry.field(description="The role.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")
    grants: list[RoleGrantInput] = strawberry.field(description="All that it grants from now on.")
    title: TextInput | None = strawberry.field(default=None, description="Another name.")

    def draft(self) -> RoleChangeDraft:
        """Return what the use case takes."""
        return RoleChangeDraft(
            role=uuid_of(self.role_id, "OwnRole", "input", "roleId"),
            row_version=self.row_version,
            grants=tuple((one.permission, str(one.reach.value)) for one in self.grants),
            title=None if self.title is None else self.title.texts(),
        )


@strawberry.input(description="The roles of a member.")
class MemberRolesSetInput:
    """The member as read, and all roles."""

    member_id: strawberry.ID = strawberry.field(description="The member; not oneself.")
    row_version: int = strawberry.field(description="The member's `rowVersion` as you read it.")
    roles: list[Role] = strawberry.field(description="All shipped roles held from now on.")
    own_role_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="All roles of the organisation's own held from now on."
    )

    def draft(self) -> MemberRolesDraft:
        """Return what the use case takes."""
        return MemberRolesDraft(
            member=uuid_of(self.member_id, "Member", "input", "memberId"),
            row_version=self.row_version,
            roles=tuple(role.value for role in self.roles),
            own_roles=tuple(
                uuid_of(one, "OwnRole", "input", "ownRoleIds", place)
                for place, one in enumerate(self.own_role_ids)
            ),
        )


@strawberry.type
class RolePayload(Payload):
    """Base of payloads about a role."""

    @strawberry.field(description="The role.")
    async def role(self, info: Info) -> OwnRole | None:
        """Return the role."""
        return await load_node(info, OwnRole, self.changed.get("role"))


@strawberry.type(description="The copy.")
class RoleCopyPayload(RolePayload):
    """Payload of ``roleCopy``."""


@strawberry.type(description="The role as it is now.")
class RoleUpdatePayload(RolePayload):
    """Payload of ``roleUpdate``."""


@strawberry.type(description="The member with these roles.")
class MemberRolesSetPayload(Payload):
    """Payload of ``memberRolesSet``."""

    @strawberry.field(description="The member.")
    async def member(self, info: Info) -> Member | None:
        """Return the member."""
        return await load_node(info, Member, self.changed.get("member"))


@strawberry.type
class RoleMutations:
    """Mutations of roles."""

    @strawberry.mutation(
        description=needs(
            Permission.MEMBER_MANAGE, "Copy a shipped role, so that the copy can be changed."
        )
    )
    async def role_copy(
        self, info: Info, given: Annotated[RoleCopyInput, INPUT]
    ) -> RoleCopyPayload | None:
        """Copy a role."""
        return await submit(info, RoleCopyPayload, "roleCopy", copy_role, given)

    @strawberry.mutation(
        description=needs(
            Permission.MEMBER_MANAGE,
            "Set what a role of the organisation's own grants. It holds at once for whoever has "
            "it. Nothing beyond the copied role and what you hold: else `PERMISSION_NOT_HELD`.",
        )
    )
    async def role_update(
        self, info: Info, given: Annotated[RoleUpdateInput, INPUT]
    ) -> RoleUpdatePayload | None:
        """Change a role."""
        return await submit(info, RoleUpdatePayload, "roleUpdate", change_role, given)

    @strawberry.mutation(
        description=needs(
            Permission.MEMBER_MANAGE,
            "Give a member these roles and no others. Nobody changes their own; the last "
            "administrator stays one (`LAST_ADMIN`).",
        )
    )
    async def member_roles_set(
        self, info: Info, given: Annotated[MemberRolesSetInput, INPUT]
    ) -> MemberRolesSetPayload | None:
        """Set the roles of a member."""
        return await submit(info, MemberRolesSetPayload, "memberRolesSet", set_member_roles, given)
