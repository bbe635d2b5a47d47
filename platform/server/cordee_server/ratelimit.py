"""Token buckets in Redis, shared by all web processes; in this process while Redis is away."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from cordee_graphql.throttle import Budget, LocalBuckets, Throttle, throttle

# Read, fill up for the time that passed, take: one step, whoever else asks meanwhile. A bucket that
# would be full again is forgotten.
_TAKE = """
local capacity, restore, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local kept = redis.call('HMGET', KEYS[1], 'level', 'at')
local level = tonumber(kept[1]) or capacity
level = math.min(capacity, level + math.max(0, now - (tonumber(kept[2]) or now)) * restore)
local granted = 0
if level >= cost then
  level = math.min(capacity, level - cost)
  granted = 1
end
redis.call('HSET', KEYS[1], 'level', tostring(level), 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - level) / restore * 1000) + 1000)
return {granted, math.floor(level)}
"""
_PAUSE = 2.0
"""Seconds without asking Redis after it failed."""


class RedisBuckets:
    """Buckets shared through Redis."""

    def __init__(
        self,
        redis: "Redis",
        budget: Budget | None = None,
        *,
        prefix: str = "cordee:bucket:",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.budget = budget or Budget()
        self._redis, self._prefix, self._clock = redis, prefix, clock
        self._take: Any = redis.register_script(_TAKE)
        self._local = LocalBuckets(self.budget)
        self._not_before = 0.0
        self._pending: set[asyncio.Task[None]] = set()

    async def take(self, key: str, cost: int) -> Throttle:
        """Take `cost` points from the bucket `key` if it holds as many."""
        found = await self._ask(key, cost)
        if found is None:
            return await self._local.take(key, cost)
        granted, level = found
        return throttle(self.budget, level, cost, granted=bool(granted))

    async def give_back(self, key: str, points: int) -> None:
        """Put `points` back that a request did not need; the request does not wait for it."""
        task = asyncio.create_task(self._give_back(key, points))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def _give_back(self, key: str, points: int) -> None:
        if await self._ask(key, -points) is None:
            await self._local.give_back(key, points)

    async def _ask(self, key: str, cost: int) -> tuple[int, int] | None:
        if self._clock() < self._not_before:
            return None
        arguments = [self.budget.capacity, self.budget.restore, cost]
        try:
            granted, level = await self._take(keys=[self._prefix + key], args=arguments)
        except (RedisError, OSError, TimeoutError):
            self._not_before = self._clock() + _PAUSE
            return None
        return int(granted), int(level)


def connect(url: str) -> "Redis":
    """Return a client that gives up soon: limits must not slow requests down when Redis is away."""
    client: Redis = Redis.from_url(url, socket_timeout=0.25, socket_connect_timeout=0.25)
    return client
