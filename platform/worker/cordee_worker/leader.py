"""Who leads, and the steps a leader takes until it is asked to stop.

A lease is a row with a term and a fencing token that grows with each new holder. A leader's work
asks, in its own transaction, whether its token still leads: one that was paused changes nothing.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import structlog

from cordee_core.database.engine import CordeeEngine
from cordee_worker import queries

TERM = timedelta(seconds=10)

log = structlog.get_logger(__name__)


class Lease:
    """This process's claim to lead under a name."""

    def __init__(self, engine: CordeeEngine, name: str, *, term: timedelta = TERM) -> None:
        self.engine = engine
        self.name = name
        self._term = term
        self._holder = str(uuid4())
        self._token: int | None = None
        self._renew_at = 0.0

    async def hold(self) -> int | None:
        """Return the fencing token while this process leads, None while another does."""
        if self._token is None or time.monotonic() >= self._renew_at:
            async with self.engine.transaction():
                self._token = await queries.hold_lease(
                    self.engine, self.name, self._holder, self._term
                )
            self._renew_at = time.monotonic() + self._term.total_seconds() / 3
        return self._token

    async def leads(self, token: int) -> bool:
        """Tell, in the active transaction, whether `token` leads until that transaction ends."""
        if await queries.still_leads(self.engine, self.name, token):
            return True
        self._token = None
        return False

    async def release(self) -> None:
        """Let another process lead at once."""
        self._token = None
        async with self.engine.transaction():
            await queries.release_lease(self.engine, self.name, self._holder)


async def lead(lease: Lease, step: Callable[[], Awaitable[float]], stop: asyncio.Event) -> None:
    """Take `step` after `step` until `stop`; each returns the seconds to wait before the next.

    PostgreSQL may go away and come back: what goes wrong is logged once, and the steps go on.
    """
    trouble: type[Exception] | None = None
    while not stop.is_set():
        pause = 1.0
        try:
            pause = await step()
            if trouble is not None:
                log.info("step succeeds again")
            trouble = None
        # asyncpg raises more than its own classes when a connection breaks.
        except Exception as error:
            if type(error) is not trouble:
                log.warning("step failed, going on", exc_info=error)
            trouble = type(error)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
    with suppress(Exception):
        await lease.release()
