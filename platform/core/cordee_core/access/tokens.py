"""Bearer tokens: opaque, shown once, kept as SHA-256; one token is one membership."""

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from cordee_core.access import queries
from cordee_core.access.context import ContextKeys
from cordee_core.access.permissions import grants
from cordee_core.access.scope import Actor, Scope
from cordee_core.database.engine import CordeeEngine
from cordee_core.database.transaction import CordeeTransaction
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
    """Return who acts with `token`, looked up now.

    The language is the one asked for, else the member's, else the tenant's.

    Raises:
        UnauthenticatedError: the token is unknown, revoked or expired, or its member left.
    """
    hashed = digest(token)
    async with engine.transaction():
        found = await queries.find_token(hashed)
        if found is None:
            raise UnauthenticatedError
        scope = Scope(tenant=found.tenant, keys=keys, host=host)
        await queries.use_context(scope.signed())
        row = await queries.member_with_plugins(found.member)
    if row is None:
        raise UnauthenticatedError
    known = _scope(scope, cast("dict[str, Any]", row[0]), row[1])
    if found.stamp is not None:
        engine.memory.keep(hashed, known, found.stamp)
    return replace(known, language=language or known.language, request_id=request_id)


async def recognise(
    engine: CordeeEngine,
    host: "PluginHost",
    keys: ContextKeys,
    token: str,
    *,
    language: Language | None = None,
    request_id: str | None = None,
) -> Scope:
    """Return who acts with `token`, as it was remembered; looked up where it is not.

    What was remembered is verified by the first transaction of the request, which raises
    UnauthenticatedError where it holds no longer: see `confirmed`.

    Raises:
        UnauthenticatedError: the token is unknown, revoked or expired, or its member left.
    """
    found = engine.memory.recall(digest(token))
    if found is None or found[0].host is not host or found[0].keys is not keys:
        return await authenticate(
            engine, host, keys, token, language=language, request_id=request_id
        )
    known, proof = found
    return replace(known, language=language or known.language, request_id=request_id, proof=proof)


async def confirmed(engine: CordeeEngine, scope: Scope | None) -> bool:
    """Return whether `scope` was right when its request first asked the database; ask if it didn't.

    Where it was not, the request did and saw nothing: it may be answered again from the start.
    """
    proof = scope.proof if scope is not None else None
    if proof is None:
        return True
    if proof.holds is None:
        try:
            async with CordeeTransaction(engine, {}, proof):
                pass
        except UnauthenticatedError:
            return False
    return proof.holds is True


def _scope(scope: Scope, row: dict[str, Any], plugins: list[str]) -> Scope:
    return Scope(
        tenant=scope.tenant,
        keys=scope.keys,
        host=scope.host,
        member=Actor(
            id=row["id"], roles=tuple(row["roles"]), display_name=row["display_name"],
            person_id=row["person_id"],
        ),
        permissions=grants(row["roles"], row["own_grants"]),
        enabled=frozenset(plugins) & frozenset(scope.host.manifests),
        language=row["language"] or row["fallback"],
    )  # fmt: skip
