"""A tenant signs up: the organisation, its plan, its first admin."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cordee_core.access.context import ContextKeys
from cordee_core.access.permissions import grants
from cordee_core.access.queries import account_for, claim_slug, issue_token
from cordee_core.access.scope import Scope
from cordee_core.access.tokens import TOKEN_PREFIX, TOKEN_TERM, new_secret
from cordee_core.clock import new_id
from cordee_core.database.rows import insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import SlugTakenError
from cordee_core.languages import LANGUAGES, Language
from cordee_core.members.tables import Member
from cordee_core.tenants.queries import plan_codes
from cordee_core.tenants.tables import Tenant
from cordee_core.validation import need_email, need_one_of, need_slug, need_text

if TYPE_CHECKING:
    from cordee_core.plugins.host import PluginHost


@dataclass(frozen=True, kw_only=True, slots=True)
class SignUpDraft:
    """What an organisation gives to subscribe."""

    name: str
    slug: str
    plan: str
    admin_name: str
    admin_email: str
    language: Language = "en"


def sign_up_scope(
    keys: ContextKeys, host: "PluginHost", language: Language, request_id: str | None = None
) -> Scope:
    """Return a scope for a tenant that does not exist yet: a fresh id, an admin's permissions."""
    return Scope(
        tenant=new_id(), keys=keys, host=host, permissions=grants(("admin",)),
        language=language, request_id=request_id,
    )  # fmt: skip


async def sign_up(uow: UnitOfWork, draft: SignUpDraft) -> Changed:
    """Make the tenant and its first admin; the admin's token is in ``uow.once["token"]``.

    Raises:
        SlugTakenError: another tenant has the short name.
        InvalidInputError: a value is missing or malformed, or the plan does not exist.
    """
    scope = uow.scope
    slug = need_slug(draft.slug, "input", "slug")
    name = need_text(draft.name, "input", "name")
    admin_name = need_text(draft.admin_name, "input", "adminName")
    email = need_email(draft.admin_email, "input", "adminEmail")
    need_one_of(draft.language, LANGUAGES, "input", "language")
    need_one_of(draft.plan, await plan_codes(), "input", "plan")
    if not await claim_slug(slug):
        raise SlugTakenError(path=("input", "slug"))
    moment, member = scope.clock(), scope.new_id()
    await insert(
        Tenant(
            tenant_id=scope.tenant, id=scope.tenant, slug=slug, name=name, plan_code=draft.plan,
            language=draft.language, time_zone="Europe/Paris", created_at=moment,
        )
    )  # fmt: skip
    await insert(
        Member(
            tenant_id=scope.tenant, id=member, account_id=await account_for(email, scope.new_id()),
            display_name=admin_name, email=email, roles=["admin"], status="active",
            created_at=moment,
        )
    )  # fmt: skip
    token, digest = new_secret(TOKEN_PREFIX)
    await issue_token(digest, member, moment + TOKEN_TERM)
    uow.once["token"] = token
    uow.touched("Tenant", scope.tenant)
    uow.touched("Member", member)
    return {"tenant": scope.tenant, "member": member}
