"""Who may be given which roles: nobody hands out more than they may, somebody stays admin."""

from collections.abc import Collection, Iterable
from uuid import UUID

from cordee_core.access.permissions import ROLES, Grants, within
from cordee_core.access.permissions import grants as grants_of
from cordee_core.access.scope import Scope
from cordee_core.database.rows import Found, find
from cordee_core.errors import LastAdminError, PermissionNotHeldError
from cordee_core.members.queries import other_admins, own_roles_of
from cordee_core.members.tables import OwnRole
from cordee_core.validation import need_one_of, problem


def check_roles(
    roles: tuple[str, ...], person: UUID | None, own: Collection[UUID] = ()
) -> list[str]:
    """Return the roles once each, sorted. Raises InvalidInputError where they don't fit."""
    path = ("input", "roles")
    found = sorted({need_one_of(role, ROLES, *path) for role in roles})
    if not found and not own:
        raise problem(path, "at least one role is needed", "il faut au moins un rôle")
    together = len(found) + len(own)
    if ("person" in found) != (person is not None) or ("person" in found and together > 1):
        raise problem(
            path,
            "the role of person stands alone and names the person",
            "le rôle de personne accompagnée est seul et désigne la personne",
        )
    if "volunteer" in found and together > 1:
        raise problem(path, "the role of volunteer stands alone", "le rôle de bénévole est seul")
    return found


async def keep_an_admin(member: Found, roles: Collection[str]) -> None:
    """Return if somebody is admin once `member` holds `roles`; the tenant is locked before.

    Raises:
        LastAdminError: nobody would be.
    """
    if "admin" not in roles and "admin" in member["roles"] and not await other_admins(member["id"]):
        raise LastAdminError(path=("input", "memberId"))


async def need_own_roles(scope: Scope, roles: Iterable[UUID]) -> list[UUID]:
    """Return the roles of the tenant's own, once each, that the acting member may hand out.

    Raises:
        NotFoundError: the tenant has no such role.
        PermissionNotHeldError: one goes beyond what it was copied from and what is held.
    """
    wanted = list(dict.fromkeys(roles))
    known = {row["id"]: row for row in await own_roles_of(wanted)}
    for role in wanted:
        row = known.get(role) or await find(OwnRole, role)
        origin = ROLES.get(row["based_on"], {})
        may_give(scope, grants_of((), [row["grants"]]), origin, "ownRoleIds")
    return wanted


async def held_by(members: Iterable[Found]) -> dict[UUID, Grants]:
    """Return what each member's roles grant, shipped and own ones together; one statement."""
    rows = list(members)
    wanted = {role for row in rows for role in row["own_roles"]}
    own = {row["id"]: row["grants"] for row in await own_roles_of(wanted)} if wanted else {}
    return {
        row["id"]: grants_of(row["roles"], [own[role] for role in row["own_roles"] if role in own])
        for row in rows
    }


def may_hand_out(scope: Scope, roles: Iterable[str]) -> None:
    """Return if the actor may hand out these shipped roles: an admin any, others what they hold.

    Raises:
        PermissionNotHeldError: one grants more than the actor holds.
    """
    if "admin" not in scope.actor.roles:
        for role in roles:
            may_give(scope, ROLES[role], {}, "roles")


def may_give(scope: Scope, wanted: Grants, origin: Grants, *path: str) -> None:
    """Return if `wanted` stays within the role it was copied from and what the actor holds.

    Raises:
        PermissionNotHeldError: something goes beyond both.
    """
    beyond = [
        str(one)
        for one, reach in wanted.items()
        if not within(reach, origin.get(one)) and not within(reach, scope.permissions.get(one))
    ]
    if beyond:
        raise PermissionNotHeldError(path=("input", *path), permissions=", ".join(beyond))
