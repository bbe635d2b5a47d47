"""Calls of the definer functions: the only way to accounts, tokens and invitation codes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cordee_core.database.engine import fetch, fetch_one


@dataclass(frozen=True, slots=True)
class FoundToken:
    """Whom a token stands for, and the stamp of the tenant's access (None: it has none)."""

    tenant: UUID
    member: UUID
    stamp: UUID | None


async def find_token(digest: bytes) -> FoundToken | None:
    """Return what a token that holds stands for, by its hash."""
    row = await fetch_one("SELECT tenant_id, member_id, stamp FROM auth.authenticate($1)", digest)
    return None if row is None else FoundToken(row["tenant_id"], row["member_id"], row["stamp"])


async def use_context(signed: str) -> None:
    """Give the active transaction the signed context."""
    await fetch("SELECT set_config('cordee.context', $1, true)", signed)


async def issue_token(digest: bytes, member: UUID, expires: datetime) -> None:
    """Store a token of a member of this transaction's tenant, as its hash."""
    await fetch("SELECT auth.issue_token($1, $2, $3)", digest, member, expires)


async def revoke_token(digest: bytes, moment: datetime) -> bool:
    """Let a token of this tenant hold no longer than `moment`; return whether there is one."""
    row = await fetch_one("SELECT auth.revoke_token($1, $2) AS done", digest, moment)
    return bool(row and row["done"])


async def revoke_member_tokens(member: UUID) -> None:
    """Revoke all tokens of a member of this tenant."""
    await fetch("SELECT auth.revoke_member_tokens($1)", member)


async def account_for(email: str, fresh: UUID) -> UUID:
    """Return the account with that folded address, made with the id `fresh` where there is none."""
    row = await fetch_one("SELECT auth.account_for($1, $2) AS id", email, fresh)
    assert row is not None
    return UUID(str(row["id"]))


async def claim_slug(slug: str) -> bool:
    """Take a short name for this tenant; False where another one has it."""
    row = await fetch_one("SELECT auth.claim_slug($1) AS done", slug)
    return bool(row and row["done"])


async def register_invitation(digest: bytes, invitation: UUID, expires: datetime) -> None:
    """Store an invitation code of this tenant, as its hash."""
    await fetch("SELECT auth.register_invitation($1, $2, $3)", digest, invitation, expires)


async def find_invitation(digest: bytes) -> tuple[UUID, UUID] | None:
    """Return (tenant, invitation) of a code that still holds."""
    row = await fetch_one("SELECT tenant_id, invitation_id FROM auth.find_invitation($1)", digest)
    return None if row is None else (row["tenant_id"], row["invitation_id"])


async def consume_invitation(digest: bytes) -> bool:
    """Use a code up; False where somebody else just did."""
    row = await fetch_one("SELECT auth.consume_invitation($1) AS done", digest)
    return bool(row and row["done"])


async def member_with_plugins(member: UUID) -> tuple[dict[str, object], list[str]] | None:
    """Return an active member and the plugins its tenant enabled; None where there is none."""
    row = await fetch_one(
        "SELECT m.id, m.roles, m.display_name, m.person_id, m.language, t.language AS fallback,"
        " ARRAY(SELECT p.plugin FROM core.tenant_plugins p WHERE p.enabled) AS plugins,"
        " (SELECT coalesce(jsonb_agg(r.grants), '[]') FROM core.roles r"
        " WHERE r.id = ANY (m.own_roles)) AS own_grants"
        " FROM core.members m JOIN core.tenants t ON t.tenant_id = m.tenant_id"
        " WHERE m.id = $1 AND m.status = 'active'",
        member,
    )
    return None if row is None else (dict(row), list(row["plugins"]))
