"""An admin invites somebody: a one-use code, kept as a hash for 7 days."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import ROLES, Permission
from cordee_core.access.queries import register_invitation
from cordee_core.access.tokens import CODE_PREFIX, INVITATION_TERM, new_secret
from cordee_core.database.rows import find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import MemberLimitError
from cordee_core.members.queries import seats_taken
from cordee_core.members.tables import Invitation
from cordee_core.people.tables import Person
from cordee_core.tenants.queries import lock_tenant
from cordee_core.validation import need_email, need_one_of, need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class InviteDraft:
    """Whom, with which roles; `person` for a person's own access."""

    email: str
    display_name: str
    roles: tuple[str, ...]
    person: UUID | None = None


async def invite_member(uow: UnitOfWork, draft: InviteDraft) -> Changed:
    """Store the invitation; its code is in ``uow.once["code"]``, once.

    Raises:
        MemberLimitError: members and open invitations reached the plan's limit.
        InvalidInputError: a value is malformed, or the roles don't fit.
        NotFoundError: the person is not one of the tenant's.
    """
    scope = uow.scope
    scope.require(Permission.MEMBER_MANAGE)
    email = need_email(draft.email, "input", "email")
    name = need_text(draft.display_name, "input", "displayName")
    roles = check_roles(draft.roles, draft.person)
    if draft.person is not None:
        await find(Person, draft.person)
    moment = scope.clock()
    tenant = await lock_tenant()
    if await seats_taken(moment) >= tenant["member_limit"]:
        raise MemberLimitError(limit=tenant["member_limit"])
    code, digest = new_secret(CODE_PREFIX)
    invitation = scope.new_id()
    await insert(
        Invitation(
            tenant_id=scope.tenant, id=invitation, email=email, display_name=name,
            roles=roles, person_id=draft.person, expires_at=moment + INVITATION_TERM,
            created_at=moment, created_by=scope.actor.id,
        )
    )  # fmt: skip
    await register_invitation(digest, invitation, moment + INVITATION_TERM)
    uow.once["code"] = code
    uow.touched("Invitation", invitation, person=draft.person)
    return {"invitation": invitation}


def check_roles(roles: tuple[str, ...], person: UUID | None) -> list[str]:
    """Return the roles once each, sorted. Raises InvalidInputError where they don't fit."""
    path = ("input", "roles")
    found = sorted({need_one_of(role, ROLES, *path) for role in roles})
    if not found:
        raise problem(path, "at least one role is needed", "il faut au moins un rôle")
    if ("person" in found) != (person is not None) or ("person" in found and len(found) > 1):
        raise problem(
            path,
            "the role of person stands alone and names the person",
            "le rôle de personne accompagnée est seul et désigne la personne",
        )
    return found
