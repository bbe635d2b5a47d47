"""Request bodies that nobody reads to the end.

A server that answers while the client still sends has its queue of body parts fill up and the
connection stuck, or closes it so that the client never sees the answer (RFC 9112 §9.6). So what is
left of a body is read and thrown away before the answer goes out.
"""

import asyncio
from typing import Any

_SECONDS = 5.0
_BYTES = 64 << 20


class Body:
    """The body of one request as it comes in."""

    def __init__(self, receive: Any) -> None:
        self._receive = receive
        self._ended = False

    async def receive(self) -> Any:
        """Return the next message and note when the body has ended."""
        message = await self._receive()
        self._ended = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def drain(self) -> None:
        """Throw away what is left of the body, for a while and up to an amount."""
        left = _BYTES
        try:
            async with asyncio.timeout(_SECONDS):
                while not self._ended and left > 0:
                    left -= len((await self.receive()).get("body", b""))
        except TimeoutError:
            return
