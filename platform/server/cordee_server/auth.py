"""Bearer tokens: what an ``Authorization`` header says, and who that is (RFC 6750 §2.1)."""

import re
from typing import TYPE_CHECKING

from cordee_core.access import tokens
from cordee_core.errors import UnauthenticatedError
from cordee_core.languages import Language

if TYPE_CHECKING:
    from cordee_core.access.context import ContextKeys
    from cordee_core.access.scope import Scope
    from cordee_core.database.engine import CordeeEngine
    from cordee_core.plugins.host import PluginHost

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]{16,256}=*)", re.IGNORECASE)


def bearer(authorization: str | None) -> str | None:
    """Return the token in an ``Authorization`` header, None where there is no such header.

    Raises:
        UnauthenticatedError: the header holds something else than a bearer token.
    """
    if authorization is None:
        return None
    found = _BEARER.fullmatch(authorization.strip())
    if found is None:
        raise UnauthenticatedError
    return found[1]


async def authenticate(
    engine: "CordeeEngine",
    host: "PluginHost",
    keys: "ContextKeys",
    authorization: str | None,
    language: Language | None,
    request_id: str,
) -> "Scope | None":
    """Return who sent an ``Authorization`` header, looked up now; None where there is none.

    Only the token's SHA-256 reaches the database. `language` is what the request asked for, if any.

    Raises:
        UnauthenticatedError: the token is unknown, revoked or expired, or is none.
    """
    token = bearer(authorization)
    if token is None:
        return None
    return await tokens.authenticate(
        engine, host, keys, token, language=language, request_id=request_id
    )


async def recognise(
    engine: "CordeeEngine",
    host: "PluginHost",
    keys: "ContextKeys",
    authorization: str | None,
    language: Language | None,
    request_id: str,
) -> "Scope | None":
    """Return who sent an ``Authorization`` header, remembered if possible; None without one.

    For one request only, which must not be answered before `confirmed` is true.

    Raises:
        UnauthenticatedError: the token is unknown, revoked or expired, or is none.
    """
    token = bearer(authorization)
    if token is None:
        return None
    return await tokens.recognise(
        engine, host, keys, token, language=language, request_id=request_id
    )


async def confirmed(engine: "CordeeEngine", scope: "Scope | None") -> bool:
    """Return whether a `recognise`-d caller was right when the request asked the database first.

    Where it was not, nothing was done or seen: answer anew with who `authenticate` says it is.
    """
    return await tokens.confirmed(engine, scope)
