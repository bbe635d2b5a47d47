"""Somebody accepts an invitation: account, membership and a token, shown once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from cordee_core.access.context import ContextKeys
from cordee_core.access.queries import account_for, consume_invitation, find_invitation, issue_token
from cordee_core.access.scope import Scope
from cordee_core.access.tokens import TOKEN_PREFIX, TOKEN_TERM, digest, new_secret
from cordee_core.database.engine import CordeeEngine
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import InvitationInvalidError, MemberLimitError
from cordee_core.languages import Language
from cordee_core.members.give_roles import keep_an_admin
from cordee_core.members.queries import member_of_account, seats_taken
from cordee_core.members.tables import Invitation, Member
from cordee_core.people.protect_person import give_access
from cordee_core.tenants.queries import lock_tenant
from cordee_core.validation import maybe_text

if TYPE_CHECKING:
    from cordee_core.plugins.host import PluginHost


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptDraft:
    """The code, and the name somebody wants to be shown under if not the invited one."""

    code: str
    display_name: str | None = None


async def accept_scope(
    engine: CordeeEngine,
    keys: ContextKeys,
    host: "PluginHost",
    code: str,
    language: Language,
    request_id: str | None = None,
) -> Scope:
    """Return a scope of the tenant whose invitation `code` opens, without any permission.

    Raises:
        InvitationInvalidError: the code is unknown, used or older than 7 days.
    """
    async with engine.transaction():
        found = await find_invitation(digest(code))
    if found is None:
        raise InvitationInvalidError(path=("input", "code"))
    return Scope(tenant=found[0], keys=keys, host=host, language=language, request_id=request_id)


async def accept_invitation(uow: UnitOfWork, draft: AcceptDraft) -> Changed:
    """Use the code up and make or renew the membership; the token is in ``uow.once["token"]``.

    A member who is invited again gets the roles of the invitation and a further token.

    Raises:
        InvitationInvalidError: the code does not hold any more.
        MemberLimitError: the plan's limit was reached meanwhile.
        LastAdminError: the last admin would hold other roles.
    """
    moment = uow.scope.clock()
    found = await find_invitation(digest(draft.code))
    if found is None or not await consume_invitation(digest(draft.code)):
        raise InvitationInvalidError(path=("input", "code"))
    invitation = await find(Invitation, found[1], lock=True)
    tenant = await lock_tenant()
    if await seats_taken(moment) > tenant["member_limit"]:
        raise MemberLimitError(limit=tenant["member_limit"])
    name = maybe_text(draft.display_name, "input", "displayName") or invitation["display_name"]
    member = await _join(uow, invitation, name)
    if invitation["person_id"] is not None:  # the own record stays open however it is protected
        await give_access(uow.scope, invitation["person_id"], member, "own")
    await Invitation.update(
        {Invitation.accepted_at: moment, Invitation.member_id: member}
    ).where(Invitation.id == invitation["id"])  # fmt: skip
    token, stored = new_secret(TOKEN_PREFIX)
    await issue_token(stored, member, moment + TOKEN_TERM)
    uow.once["token"] = token
    uow.touched("Member", member, person=invitation["person_id"])
    return {"member": member}


async def _join(uow: UnitOfWork, invitation: Found, name: str) -> UUID:
    scope = uow.scope
    account = await account_for(invitation["email"], scope.new_id())
    known = await member_of_account(account)
    if known is not None:
        await keep_an_admin(known, invitation["roles"])
        values = {"roles": invitation["roles"], "own_roles": invitation["own_roles"],
                  "person_id": invitation["person_id"], "status": "active",
                  "supervisor_id": invitation["supervisor_id"], "display_name": name}  # fmt: skip
        await change(Member, known["id"], known["row_version"], values)
        return UUID(str(known["id"]))
    member = scope.new_id()
    await insert(
        Member(
            tenant_id=scope.tenant, id=member, account_id=account, display_name=name,
            email=invitation["email"], roles=invitation["roles"],
            own_roles=invitation["own_roles"], person_id=invitation["person_id"],
            supervisor_id=invitation["supervisor_id"], status="active", created_at=scope.clock(),
        )
    )  # fmt: skip
    return member
