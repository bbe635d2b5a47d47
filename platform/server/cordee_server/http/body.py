"""Request bodies that come too slowly, and those that nobody reads to the end.

Hypercorn waits for a body as long as it takes; who reads one here gives up after a while.

A server that answers while the client still sends has its queue of body parts fill up and the
connection stuck, or closes it so that the client never sees the answer (RFC 9112 §9.6). So what is
left of a body is read and thrown away before the answer goes out.
"""

import asyncio
import time
from typing import Any

from cordee_core.errors import RequestTooSlowError

PAUSE_SECONDS = 10.0
"""Longest silence while a body arrives."""
WHOLE_SECONDS = 30.0
"""Longest time for a whole body."""
_SECONDS = 5.0
_BYTES = 64 << 20


class Body:
    """The body of one request as it comes in."""

    def __init__(self, receive: Any) -> None:
        self._receive = receive
        self._ended = False
        self._until = time.monotonic() + WHOLE_SECONDS

    async def receive(self) -> Any:
        """Return the next message and note when the body has ended.

        Raises:
            RequestTooSlowError: the client pauses for too long, or takes too long for all of it.
        """
        if self._ended:
            return await self._receive()
        try:
            async with asyncio.timeout(min(PAUSE_SECONDS, self._until - time.monotonic())):
                message = await self._receive()
        except TimeoutError:
            self._ended = True
            raise RequestTooSlowError from None
        self._ended = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def drain(self) -> None:
        """Throw away what is left of the body, for a while and up to an amount."""
        left = _BYTES
        try:
            async with asyncio.timeout(_SECONDS):
                while not self._ended and left > 0:
                    left -= len((await self.receive()).get("body", b""))
        except (TimeoutError, RequestTooSlowError):
            return
