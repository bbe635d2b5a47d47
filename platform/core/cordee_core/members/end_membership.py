"""A member leaves: no token of theirs holds any more."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.queries import revoke_member_tokens, revoke_token
from cordee_core.access.tokens import digest
from cordee_core.database.rows import change, find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.members.give_roles import keep_an_admin
from cordee_core.members.queries import leads_cases, supervises
from cordee_core.members.tables import Member
from cordee_core.tenants.queries import lock_tenant
from cordee_core.validation import problem


@dataclass(frozen=True, kw_only=True, slots=True)
class EndDraft:
    """The member and the row version that was read."""

    member: UUID
    row_version: int


async def end_membership(uow: UnitOfWork, draft: EndDraft) -> Changed:
    """End a membership at once.

    Raises:
        InvalidInputError: the member still leads cases, or is the one who asks.
        LastAdminError: nobody else is admin.
        StaleObjectError: the row changed since it was read.
    """
    uow.scope.require(Permission.MEMBER_MANAGE)
    await lock_tenant()
    member = await find(Member, draft.member, lock=True)
    path = ("input", "memberId")
    if draft.member == uow.scope.actor.id:
        raise problem(
            path, "nobody ends their own membership", "on ne met pas fin à sa propre adhésion"
        )
    if await leads_cases(draft.member):
        raise problem(
            path,
            "this member is still referent of a case: designate another one first",
            "ce membre est encore référent d'un suivi : désignez d'abord quelqu'un d'autre",
        )
    if await supervises(draft.member):
        raise problem(
            path,
            "this member still supervises somebody: name another supervisor first",
            "ce membre supervise encore quelqu'un : nommez d'abord un autre superviseur",
        )
    await keep_an_admin(member, ())
    await change(Member, draft.member, draft.row_version, {"status": "left"})
    await revoke_member_tokens(draft.member)
    uow.touched("Member", draft.member, fields=("status",))
    return {"member": draft.member}


async def sign_out(uow: UnitOfWork, token: str) -> Changed:
    """Revoke the token that is used; the next request with it is refused."""
    await revoke_token(digest(token), uow.scope.clock())
    uow.touched("Member", uow.scope.actor.id)
    return {"member": uow.scope.actor.id}
