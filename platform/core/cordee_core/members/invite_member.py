"""An admin invites somebody: a one-use code, kept as a hash for 7 days."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.queries import register_invitation
from cordee_core.access.tokens import CODE_PREFIX, INVITATION_TERM, new_secret
from cordee_core.database.rows import find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import MemberLimitError
from cordee_core.members.give_roles import check_roles, may_hand_out, need_own_roles
from cordee_core.members.queries import seats_taken
from cordee_core.members.set_profile import check_supervisor
from cordee_core.members.tables import Invitation
from cordee_core.people.tables import Person
from cordee_core.tenants.queries import lock_tenant
from cordee_core.validation import need_email, need_text


@dataclass(frozen=True, kw_only=True, slots=True)
class InviteDraft:
    """Whom, with which roles; `person` for a person's own access, `supervisor` of a volunteer."""

    email: str
    display_name: str
    roles: tuple[str, ...]
    person: UUID | None = None
    own_roles: tuple[UUID, ...] = ()
    supervisor: UUID | None = None


async def invite_member(uow: UnitOfWork, draft: InviteDraft) -> Changed:
    """Store the invitation; its code is in ``uow.once["code"]``, once.

    Raises:
        MemberLimitError: members and open invitations reached the plan's limit.
        InvalidInputError: a value is malformed, or the roles don't fit.
        PermissionNotHeldError: a role goes beyond what may be handed out.
        NotFoundError: person, role or supervisor is not one of the tenant's.
    """
    scope = uow.scope
    scope.require(Permission.MEMBER_MANAGE)
    email = need_email(draft.email, "input", "email")
    name = need_text(draft.display_name, "input", "displayName")
    own = await need_own_roles(scope, draft.own_roles)
    roles = check_roles(draft.roles, draft.person, own)
    may_hand_out(scope, roles)
    await check_supervisor(draft.supervisor, roles)
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
            roles=roles, own_roles=own, person_id=draft.person, supervisor_id=draft.supervisor,
            expires_at=moment + INVITATION_TERM, created_at=moment, created_by=scope.actor.id,
        )
    )  # fmt: skip
    await register_invitation(digest, invitation, moment + INVITATION_TERM)
    uow.once["code"] = code
    uow.touched("Invitation", invitation, person=draft.person)
    return {"invitation": invitation}
