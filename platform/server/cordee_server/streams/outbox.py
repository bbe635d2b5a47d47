"""Answers on their way to one client, in order and never too many of them."""

import asyncio
from collections.abc import Awaitable, Callable


class SlowClientError(Exception):
    """The client does not read what it asked for."""


class Outbox:
    """A bounded queue and who empties it.

    Whoever puts waits while it is full: a subscription reads no further in the database than its
    client reads on the wire. A client that lets it stay full is given up.
    """

    def __init__(self, send: Callable[[str], Awaitable[None]], size: int, patience: float) -> None:
        self._send, self._patience = send, patience
        self._queue: asyncio.Queue[str | None] = asyncio.Queue(size)

    async def put(self, text: str) -> None:
        """Queue `text`. Raises SlowClientError where there is no room for too long."""
        try:
            async with asyncio.timeout(self._patience):
                await self._queue.put(text)
        except TimeoutError:
            raise SlowClientError from None

    async def close(self) -> None:
        """Let `run` end once all that is queued was sent."""
        await self._queue.put(None)

    async def run(self, idle: float | None = None, filler: str = "") -> None:
        """Send what is queued until it is closed; `filler` after each `idle` seconds of nothing.

        Raises:
            SlowClientError: one text could not be sent for too long.
        """
        while True:
            try:
                async with asyncio.timeout(idle):
                    text = await self._queue.get()
            except TimeoutError:
                text = filler
            if text is None:
                return
            try:
                async with asyncio.timeout(self._patience):
                    await self._send(text)
            except TimeoutError:
                raise SlowClientError from None
