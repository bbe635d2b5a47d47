"""The two transports of an installation, with what they share."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec

from cordee_core.access.scope import Scope
from cordee_core.languages import Language
from cordee_graphql.streaming import Streamer
from cordee_graphql.trusted import TrustedDocuments
from cordee_server.http.ids import header
from cordee_server.streams.limits import Seats


class Authenticate(Protocol):
    """Finds out who acts."""

    async def __call__(
        self, authorization: str | None, language: Language | None, request_id: str
    ) -> Scope | None:
        """Return who it is, None where there is no token."""
        ...


@dataclass(frozen=True)
class Streams:
    """What connections that stay need of the process."""

    streamer: Streamer
    authenticate: Authenticate
    trusted: TrustedDocuments = field(default_factory=TrustedDocuments)
    origins: Sequence[str] = ()
    seats: Seats = field(default_factory=Seats)
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process stops: every connection is told to come again elsewhere."""

    def allows_origin(self, scope: Any) -> bool:
        """Return whether the page that opened the connection may: ours, or one of `origins`.

        What is no browser sends no origin (RFC 6455 §10.2).
        """
        origin = header(scope, b"origin")
        if origin is None or origin in self.origins:
            return True
        return bool(origin) and urlsplit(origin).netloc == (header(scope, b"host") or "")


def encode(value: Mapping[str, Any]) -> str:
    """Return `value` as JSON on one line; finished JSON in it is taken as it is."""
    return msgspec.json.encode(value).decode().replace("\n", "")


def seat_of(scope: Scope) -> str:
    """Return by what the seats of a member are counted."""
    return f"{scope.tenant}/{scope.member.id if scope.member else ''}"
