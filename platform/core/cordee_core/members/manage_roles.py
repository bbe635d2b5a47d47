"""Roles: a tenant copies a shipped one and changes the copy; members are given roles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import REACHES, ROLES, Grants, Permission, Reach
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.members.give_roles import (
    check_roles,
    keep_an_admin,
    may_give,
    may_hand_out,
    need_own_roles,
)
from cordee_core.members.queries import has_role_code
from cordee_core.members.set_profile import check_supervisor
from cordee_core.members.tables import Member, OwnRole
from cordee_core.tenants.queries import lock_tenant
from cordee_core.validation import need_name, need_one_of, need_text, problem

TO_COPY = tuple(role for role in ROLES if role not in ("admin", "volunteer", "person"))
"""The roles that may be copied: an admin's is one whole, the others are as narrow as they are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleCopyDraft:
    """Which shipped role is copied, under which code and name."""

    role: str
    code: str
    title: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleChangeDraft:
    """A role of the tenant's own as read, and what it grants from now on."""

    role: UUID
    row_version: int
    grants: tuple[tuple[str, str], ...]
    title: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberRolesDraft:
    """The member as read, and all roles held from now on."""

    member: UUID
    row_version: int
    roles: tuple[str, ...]
    own_roles: tuple[UUID, ...] = ()


async def copy_role(uow: UnitOfWork, draft: RoleCopyDraft) -> Changed:
    """Make a role of the tenant's own that grants what a shipped one does.

    Raises:
        InvalidInputError: the code is taken or malformed, or that role is not copied.
    """
    scope, moment = uow.scope, uow.scope.clock()
    scope.require(Permission.MEMBER_MANAGE)
    need_one_of(draft.role, TO_COPY, "input", "role")
    code = need_name(draft.code, "input", "code")
    if "." in code or code in ROLES or await has_role_code(code):
        raise problem(
            ("input", "code"), "this code is taken or has a dot", "ce code est pris ou a un point"
        )
    role = scope.new_id()
    await insert(
        OwnRole(
            tenant_id=scope.tenant, id=role, code=code, title=_title(draft.title),
            based_on=draft.role, grants=dict(ROLES[draft.role]), created_at=moment,
            created_by=scope.actor.id, changed_at=moment,
        )
    )  # fmt: skip
    uow.touched("OwnRole", role)
    return {"role": role}


async def change_role(uow: UnitOfWork, draft: RoleChangeDraft) -> Changed:
    """Set what a role of the tenant's own grants; it holds for whoever has it at once.

    Raises:
        InvalidInputError: a permission does not exist, or does not reach that way.
        PermissionNotHeldError: something goes beyond the copied role and the one who changes it.
        StaleObjectError: the role changed since it was read.
        NotFoundError: there is no such role.
    """
    scope = uow.scope
    scope.require(Permission.MEMBER_MANAGE)
    role = await find(OwnRole, draft.role, lock=True)
    found = _grants(draft.grants)
    may_give(scope, found, ROLES.get(role["based_on"], {}), "grants")
    values = {
        "grants": {str(one): str(reach) for one, reach in found.items()},
        "title": role["title"] if draft.title is None else _title(draft.title),
        "changed_at": scope.clock(),
    }
    await change(OwnRole, draft.role, draft.row_version, values)
    uow.touched("OwnRole", draft.role, fields=("grants",))
    return {"role": draft.role}


async def set_member_roles(uow: UnitOfWork, draft: MemberRolesDraft) -> Changed:
    """Give a member these roles and no others.

    Raises:
        InvalidInputError: it is the own membership, or the roles don't fit.
        PermissionNotHeldError: an own role goes beyond what it was copied from and what is held.
        LastAdminError: nobody else is admin.
        StaleObjectError: the member changed since it was read.
        NotFoundError: there is no such member or role.
    """
    scope = uow.scope
    scope.require(Permission.MEMBER_MANAGE)
    await lock_tenant()
    member = await find(Member, draft.member, lock=True)
    if draft.member == scope.actor.id:
        raise problem(
            ("input", "memberId"),
            "nobody changes their own roles",
            "on ne change pas ses propres rôles",
        )
    own = await need_own_roles(scope, draft.own_roles)
    roles = check_roles(draft.roles, member["person_id"], own)
    may_hand_out(scope, set(roles) - set(member["roles"]))
    await check_supervisor(member["supervisor_id"], roles)
    await keep_an_admin(member, roles)
    values = {"roles": roles, "own_roles": own}
    await change(Member, draft.member, draft.row_version, values)
    uow.touched("Member", draft.member, fields=("roles",))
    return {"member": draft.member}


def _grants(given: Iterable[tuple[str, str]]) -> Grants:
    found: dict[Permission, Reach] = {}
    for place, (name, reach) in enumerate(given):
        path = ("input", "grants", place)
        need_one_of(name, [str(one) for one in Permission], *path, "permission")
        permission = Permission(name)
        allowed = REACHES.get(permission, (Reach.TENANT,))
        if reach not in [str(one) for one in allowed]:
            raise problem(
                (*path, "reach"),
                f"this permission reaches: {', '.join(allowed)}",
                f"cette permission a pour portée : {', '.join(allowed)}",
            )
        found[permission] = Reach(reach)
    if not found:
        raise problem(("input", "grants"), "a role grants something", "un rôle donne quelque chose")
    return found


def _title(title: Mapping[str, str]) -> dict[str, str]:
    return {
        language: need_text(words, "input", "title", language) for language, words in title.items()
    }
