"""Token buckets in Redis, shared by all web processes; in this process while Redis is away.

A process spends a share of a bucket, a tenth of it, without waiting for Redis, and settles soon
afterwards for all buckets together: Redis takes the share off, or what was spent of it where the
bucket is less than half full; then each request asks. So a client can get ahead of its budget by
one share for each process, and what it took too much is missing afterwards. What a process tells
of a bucket is what Redis said at most `LIFETIME` seconds and a moment ago, less what was spent here
since; of one that it has not seen, that it is full.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from cordee_graphql.throttle import Budget, LocalBuckets, Throttle, throttle

# For each bucket: put back what the process still held (less than nothing: what it owes), fill up
# for the time that passed, take. One step, whoever else asks meanwhile. A bucket that would be full
# again is forgotten.
_TAKE = """
local capacity, restore = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local found = {}
for place, key in ipairs(KEYS) do
  local cost, held = tonumber(ARGV[3 * place]), tonumber(ARGV[3 * place + 1])
  local share = tonumber(ARGV[3 * place + 2])
  local kept = redis.call('HMGET', key, 'level', 'at')
  local level = tonumber(kept[1]) or capacity
  level = level + math.max(0, now - (tonumber(kept[2]) or now)) * restore + held
  level = math.min(capacity, level)
  local granted = 0
  if level >= cost then
    level = level - cost
    granted = 1
    if level - share < capacity / 2 then share = 0 end
  else
    share = 0
  end
  level = level - share
  redis.call('HSET', key, 'level', tostring(level), 'at', string.format('%.6f', now))
  redis.call('PEXPIRE', key, math.ceil((capacity - level) / restore * 1000) + 1000)
  found[3 * place - 2], found[3 * place - 1], found[3 * place] = granted, math.floor(level), share
end
return found
"""
LIFETIME = 5.0
"""Seconds after which a process settles again, whatever is left of its share."""
_PART = 10
"""A share is one of so many parts of a bucket."""
_PAUSE = 2.0
"""Seconds without asking Redis after it failed."""
_REST = 0.05
"""Seconds over which is gathered what Redis is to be told."""


@dataclass(slots=True)
class _Share:
    """Points of a bucket that this process may spend; what Redis said of the rest, and when.

    `owed` is what Redis has not taken off the bucket yet.
    """

    points: float
    level: float
    at: float
    owed: float = 0.0


class RedisBuckets:
    """Buckets shared through Redis."""

    def __init__(
        self,
        redis: "Redis",
        budget: Budget | None = None,
        *,
        prefix: str = "cordee:bucket:",
        clock: Callable[[], float] = time.monotonic,
        most: int = 10_000,
    ) -> None:
        self.budget = budget or Budget()
        self.share = self.budget.capacity // _PART
        self._redis, self._prefix, self._clock, self._most = redis, prefix, clock, most
        self._script: Any = redis.register_script(_TAKE)
        self._local = LocalBuckets(self.budget)
        self._not_before = 0.0
        self._shares: OrderedDict[str, _Share] = OrderedDict()
        self._said: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """What Redis said of buckets of which nothing is held, and when."""
        self._surplus: dict[str, float] = {}
        self._unsettled: set[str] = set()
        self._settling: asyncio.Task[None] | None = None

    async def take(self, key: str, cost: int) -> Throttle:
        """Take `cost` points from the bucket `key` if it holds as many."""
        now = self._clock()
        held = self._shares.get(key)
        if held is None and cost <= self.share:
            held = self._claimed(key, now)
        if held is not None and held.points >= cost:
            held.points -= cost
            if now - held.at >= LIFETIME:
                self._settle_soon(key)
            return throttle(self.budget, self._level(held, now), cost, granted=True)
        back = self._put_down(key)
        self._note(key, float("-inf"))  # until it is answered, everybody asks
        found = await self._ask({key: (cost, back, self.share)})
        if found is None:
            return await self._local.take(key, cost)
        granted, level, share = found[key]
        self._keep(key, share, level)
        return throttle(self.budget, level + share, cost, granted=bool(granted))

    async def give_back(self, key: str, points: int) -> None:
        """Put `points` back that a request did not need: into the share, the rest into Redis.

        Nothing is waited for; what goes to Redis goes together with that of other requests.
        """
        held = self._shares.get(key)
        if held is not None:
            fits = min(float(points), max(0.0, self.share - held.points))
            held.points += fits
            points -= int(fits)
        self._owe(key, points)

    async def aclose(self) -> None:
        """Give back what this process still holds."""
        if self._settling is not None:
            self._settling.cancel()
        for key in list(self._shares):
            self._surplus[key] = self._put_down(key)
        await self._settle(list(self._surplus))

    def _level(self, held: _Share, now: float) -> float:
        restored = (now - held.at) * self.budget.restore
        return min(self.budget.capacity, held.level + restored + held.points)

    def _claimed(self, key: str, now: float) -> _Share | None:
        """Return a share that Redis is told of afterwards; None where the bucket may be low."""
        level, at = self._said.get(key, (self.budget.capacity, now))
        level = min(self.budget.capacity, level + (now - at) * self.budget.restore) - self.share
        if now < self._not_before or level < self.budget.capacity / 2:
            return None
        self._said.pop(key, None)
        held = self._shares[key] = _Share(self.share, level, now, owed=self.share)
        self._settle_soon(key)
        self._forget()
        return held

    def _keep(self, key: str, points: float, level: float) -> None:
        """Keep what Redis said of a bucket, and the share that it gave.

        What a request that asked at the same time got is put to it.
        """
        more = self._put_down(key)
        if not points:
            self._note(key, level)
            self._owe(key, more)
            return
        self._said.pop(key, None)
        self._shares[key] = _Share(points + more, level, self._clock())
        self._forget()

    def _note(self, key: str, level: float) -> None:
        self._said[key] = (level, self._clock())
        while len(self._said) > self._most:
            self._said.popitem(last=False)

    def _forget(self) -> None:
        while len(self._shares) > self._most:
            old = next(iter(self._shares))
            self._owe(old, self._put_down(old))

    def _put_down(self, key: str) -> float:
        """Return what this process holds of the bucket `key`, and hold nothing any more.

        It is less than nothing where it spent what Redis does not know of.
        """
        held = self._shares.pop(key, None)
        return self._surplus.pop(key, 0.0) + (held.points - held.owed if held is not None else 0.0)

    def _owe(self, key: str, points: float) -> None:
        if points:
            self._surplus[key] = self._surplus.get(key, 0.0) + points
            self._settle_soon(key)

    def _settle_soon(self, key: str) -> None:
        self._unsettled.add(key)
        if self._settling is None:
            self._settling = asyncio.create_task(self._settle_later())

    async def _settle_later(self) -> None:
        try:
            await asyncio.sleep(_REST)
        finally:
            self._settling = None
        unsettled, self._unsettled = self._unsettled, set()
        await self._settle(unsettled)

    async def _settle(self, keys: Collection[str]) -> None:
        """Tell Redis what was spent; go on with a whole share where it leaves one."""
        sent: dict[str, tuple[float, float, float]] = {}
        for key in keys:
            held, back = self._shares.get(key), self._surplus.pop(key, 0.0)
            if held is None:
                sent[key] = (0, back, 0)
            else:
                sent[key] = (0, back + held.points - held.owed, self.share)
                held.owed, held.at = held.points, self._clock()
        found = await self._ask(sent) if sent else {}
        for key, (_, back, share) in sent.items():
            if found is None:
                self._shares.pop(key, None)
                await self._local.take(key, max(0, -int(back)))
            else:
                self._settled(key, found[key], asked=bool(share))

    def _settled(self, key: str, said: tuple[int, int, int], *, asked: bool) -> None:
        """Go on with the share that Redis gave, less what was spent since it was told."""
        _, level, share = said
        held = self._shares.get(key)
        if held is None:
            self._owe(key, share)  # it was put down meanwhile
            if self._said.get(key) is None:
                self._note(key, level)
        elif share:
            held.points += share - held.owed
            held.owed, held.level = 0.0, level
        elif asked:
            self._keep(key, 0, level)

    async def _ask(
        self, asked: Mapping[str, tuple[float, float, float]]
    ) -> dict[str, tuple[int, int, int]] | None:
        """Return, for each bucket, whether its cost was granted, its level and the share given.

        `asked` has the cost, what is put back and the share wanted. None while Redis is away.
        """
        if self._clock() < self._not_before:
            return None
        numbers = [int(one) for each in asked.values() for one in each]
        try:
            found = await self._script(
                [self._prefix + key for key in asked],
                [self.budget.capacity, self.budget.restore, *numbers],
            )
        except (RedisError, OSError, TimeoutError):
            self._not_before = self._clock() + _PAUSE
            return None
        return dict(zip(asked, zip(*[iter(map(int, found))] * 3, strict=True), strict=True))


def connect(url: str) -> "Redis":
    """Return a client that gives up soon: limits must not slow requests down when Redis is away."""
    client: Redis = Redis.from_url(url, socket_timeout=0.25, socket_connect_timeout=0.25)
    return client
