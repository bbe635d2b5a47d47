"""Bearer tokens: opaque, shown once, kept as SHA-256; one token is one membership."""

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from cordee_core.access import queries
from cordee_core.access.context import ContextKeys
from cordee_core.access.permissions import grants
from cordee_core.access.scope import Actor, Scope
from cordee_core.database.engine import CordeeEngine
from cordee_core.errors import UnauthenticatedError
from cordee_core.languages import Language

if TYPE_CHECKING:
    from cordee_core.plugins.host import PluginHost

TOKEN_PREFIX = "cdt_"  # noqa: S105 (a mark by which leak scanners know our tokens)
CODE_PREFIX = "cdi_"
TOKEN_TERM = timedelta(days=90)
INVITATION_TERM = timedelta(days=7)


def new_secret(prefix: str) -> tuple[str, bytes]:
    """Return a new secret of 256 random bits and its SHA-256, which is what is stored."""
    secret = prefix + secrets.token_urlsafe(32)
    return secret, digest(secret)


def digest(secret: str) -> bytes:
    """Return the SHA-256 of a token or code."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


async def authenticate(
    engine: CordeeEngine,
    host: "PluginHost",
    keys: ContextKeys,
    token: str,
    *,
    language: Language | None = None,
    request_id: str | None = None,
) -> Scope:
    """Return who acts with `token`; looked up anew for each request, so a revocation holds at once.

    The language is the one asked for, else the member's, else the tenant's.

    Raises:
        UnauthenticatedError: the token is unknown, revoked or expired, or its member left.
    """
    async with engine.transaction():
        found = await queries.find_token(digest(token))
        if found is None:
            raise UnauthenticatedError
        tenant, member = found
        scope = Scope(tenant=tenant, keys=keys, host=host)
        await queries.use_context(scope.signed())
        row = await queries.member_with_plugins(member)
    if row is None:
        raise UnauthenticatedError
    return _scope(scope, cast("dict[str, Any]", row[0]), row[1], language, request_id)


def _scope(
    scope: Scope,
    row: dict[str, Any],
    plugins: list[str],
    language: Language | None,
    request: str | None,
) -> Scope:
    return Scope(
        tenant=scope.tenant,
        keys=scope.keys,
        host=scope.host,
        member=Actor(
            id=row["id"], roles=tuple(row["roles"]), display_name=row["display_name"],
            person_id=row["person_id"],
        ),
        permissions=grants(row["roles"]),
        enabled=frozenset(plugins) & frozenset(scope.host.manifests),
        language=language or row["language"] or row["fallback"],
        request_id=request,
    )  # fmt: skip
