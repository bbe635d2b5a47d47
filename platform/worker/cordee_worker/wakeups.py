"""Tells all processes, through Redis, which cases a commit of this one changed.

Whoever hears it reads what is new in PostgreSQL. So only ids travel, and a word may be lost.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from cordee_core.database.committed import Change

CHANNEL = "cordee:cases:"
"""Before the tenant's id. A message is the cases' ids with commas, or `MANY`."""
MANY = "*"
_MOST_CASES = 100
_MOST_PENDING = 1_000


class Publisher:
    """A listener of commits (`cordee_core.database.committed`).

    `otherwise` is called with what Redis did not take.
    """

    def __init__(
        self, redis: "Redis", otherwise: Callable[[frozenset[Change]], None] | None = None
    ) -> None:
        self._redis: Any = redis
        self._otherwise = otherwise
        self._pending: set[asyncio.Task[None]] = set()

    def __call__(self, changes: frozenset[Change]) -> None:
        """Publish `changes`; the commit's caller does not wait for it."""
        if len(self._pending) >= _MOST_PENDING:
            return
        task = asyncio.get_running_loop().create_task(self._publish(changes))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def _publish(self, changes: frozenset[Change]) -> None:
        cases: dict[UUID, list[str]] = defaultdict(list)
        for tenant, case in changes:
            cases[tenant].append(str(case))
        try:
            for tenant, ids in cases.items():
                text = ",".join(ids) if len(ids) <= _MOST_CASES else MANY
                await self._redis.publish(f"{CHANNEL}{tenant}", text)
        except (RedisError, OSError, TimeoutError):
            if self._otherwise is not None:
                self._otherwise(changes)


def connect_for_wakeups(url: str) -> "Redis":
    """Return a client that gives up soon: a word that comes late is worth nothing."""
    client: Redis = Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
    return client
