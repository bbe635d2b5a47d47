"""Does what is to be done from time to time, in one process of the installation."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from cordee_core.clock import Clock, now
from cordee_core.database.engine import CordeeEngine
from cordee_worker import queries
from cordee_worker.leader import Lease

log = structlog.get_logger(__name__)

NAME = "scheduler"
KEPT = timedelta(days=7)
"""How long an idempotency key is kept."""

_STEP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job of the relay's role: done when the scheduler starts to lead, then `every` so often.

    It must be safe to run twice, and runs in one transaction of its own.
    """

    name: str
    every: timedelta
    run: Callable[[CordeeEngine, datetime], Awaitable[None]]


async def prune_idempotency_keys(engine: CordeeEngine, moment: datetime) -> None:
    """Delete idempotency keys that are older than they are kept."""
    await queries.prune_idempotency_keys(engine, moment - KEPT)


PERIODIC: Sequence[Periodic] = (
    Periodic("prune_idempotency_keys", timedelta(hours=1), prune_idempotency_keys),
)


@dataclass(slots=True)
class Scheduler:
    """The leading scheduler: one `step` does every job whose time has come."""

    engine: CordeeEngine
    lease: Lease
    jobs: Sequence[Periodic] = PERIODIC
    clock: Clock = now
    monotonic: Callable[[], float] = time.monotonic
    _next: dict[str, float] = field(default_factory=dict[str, float])

    async def step(self) -> float:
        """Do what is due and return how long to wait for the next step, in seconds."""
        token = await self.lease.hold()
        if token is None:
            self._next.clear()
            return _STEP_SECONDS
        for job in self.jobs:
            if self.monotonic() >= self._next.get(job.name, 0.0):
                await self._do(job, token)
        return _STEP_SECONDS

    async def _do(self, job: Periodic, token: int) -> None:
        async with self.engine.transaction():
            if not await self.lease.leads(token):
                return
            await job.run(self.engine, self.clock())
        self._next[job.name] = self.monotonic() + job.every.total_seconds()
        log.debug("periodic job done", operation=job.name)
