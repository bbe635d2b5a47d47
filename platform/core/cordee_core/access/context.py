"""The signed context that PostgreSQL verifies before it shows a row (``ctx.claims()``)."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

_BLOCK = 64


@dataclass(frozen=True, slots=True)
class ContextKeys:
    """The secret keys of an installation by key id; the last one signs, all of them verify."""

    keys: Mapping[str, bytes] = field(repr=False)

    @property
    def current(self) -> tuple[str, bytes]:
        """The key id and key that sign now."""
        return list(self.keys.items())[-1]


def pads(key: bytes) -> tuple[bytes, bytes]:
    """Return the inner and the outer pad of `key` as HMAC defines them (RFC 2104)."""
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def sign(
    keys: ContextKeys, *, tenant: UUID, member: UUID | None, purpose: str, expires: datetime
) -> str:
    """Return ``tenant|member|purpose|expiry|key id|hmac``, valid until `expires` in seconds."""
    kid, key = keys.current
    message = f"{tenant}|{member or ''}|{purpose}|{int(expires.timestamp())}|{kid}"
    return f"{message}|{hmac.digest(key, message.encode(), 'sha256').hex()}"
