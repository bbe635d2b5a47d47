"""Sends what is due in the outbox to Redis, for as long as nobody has done it.

Rows are marked as sent and committed before they are sent: a crash in between, or a Redis that
forgets, costs a wait of 30 seconds, never a message.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import redis
import structlog

from cordee_core.clock import Clock, now
from cordee_core.database.engine import CordeeEngine
from cordee_worker import queries
from cordee_worker.broker import message_for
from cordee_worker.leader import Lease
from cordee_worker.queries import Due

log = structlog.get_logger(__name__)

NAME = "relay"
_BUSY_SECONDS = 0.1
_IDLE_SECONDS = 1.0


@dataclass(slots=True)
class Relay:
    """The leading relay: one `step` sends one batch, fair between tenants."""

    engine: CordeeEngine
    broker: Any
    lease: Lease
    clock: Clock = now
    resend_after: timedelta = timedelta(seconds=30)
    per_tenant: int = 50
    """How many messages of one tenant may be under way at once."""
    most: int = 500
    _away: bool = False

    async def step(self) -> float:
        """Send what is due and return how long to wait for the next step, in seconds."""
        token = await self.lease.hold()
        if token is None or not await self._reachable():
            return _IDLE_SECONDS
        due = await self._take(token)
        unsent = due[await asyncio.to_thread(self._send, due) :]
        if unsent:
            async with self.engine.transaction():
                await queries.give_back(self.engine, unsent)
        return _BUSY_SECONDS if due and not unsent else _IDLE_SECONDS

    async def _take(self, token: int) -> list[Due]:
        moment = self.clock()
        due: list[Due] = []
        async with self.engine.transaction():
            if await self.lease.leads(token):
                due = await queries.take_due(
                    self.engine, moment=moment, unanswered=moment - self.resend_after,
                    per_tenant=self.per_tenant, most=self.most,
                )  # fmt: skip
        return due

    def _send(self, due: Sequence[Due]) -> int:
        """Send messages in order and return how many left before Redis went away."""
        for sent, one in enumerate(due):
            try:
                self.broker.enqueue(message_for(one.tenant, one.message, one.queue))
            except redis.RedisError as error:
                self._lost(error)
                return sent
        return len(due)

    async def _reachable(self) -> bool:
        """Tell whether Redis answers; asked only after it did not."""
        if self._away:
            try:
                await asyncio.to_thread(self.broker.client.ping)
            except redis.RedisError:
                return False
            log.info("redis is back")
            self._away = False
        return True

    def _lost(self, error: redis.RedisError) -> None:
        log.warning("redis is away", exc_info=error)
        self._away = True
