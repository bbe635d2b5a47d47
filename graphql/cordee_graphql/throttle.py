"""Token buckets: how much a client may ask for in a time."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cordee_core.errors import RateLimitedError


@dataclass(frozen=True)
class Budget:
    """The size of each bucket and how fast it fills: points, and points per second."""

    capacity: int = 100_000
    restore: int = 10_000


@dataclass(frozen=True)
class Throttle:
    """The state of a bucket after a request took its cost, or was refused it."""

    budget: Budget
    available: int
    granted: bool
    retry_after: int = 0

    def status(self) -> dict[str, int]:
        """Return what ``extensions.cost.throttleStatus`` shows."""
        return {
            "maximumAvailable": self.budget.capacity,
            "currentlyAvailable": self.available,
            "restoreRate": self.budget.restore,
        }

    def headers(self) -> dict[str, str]:
        """Return the ``RateLimit-…`` headers, and ``Retry-After`` where it was refused."""
        full = math.ceil((self.budget.capacity - self.available) / self.budget.restore)
        found = {
            "RateLimit-Limit": str(self.budget.capacity),
            "RateLimit-Remaining": str(self.available),
            "RateLimit-Reset": str(full),
        }
        if not self.granted:
            found["Retry-After"] = str(self.retry_after)
        return found

    def check(self) -> None:
        """Raise `RateLimitedError` where the request was refused."""
        if not self.granted:
            raise RateLimitedError(retry_after=self.retry_after)


def throttle(budget: Budget, available: float, cost: int, *, granted: bool) -> Throttle:
    """Return the state of a bucket that holds `available` points after `cost` was asked for."""
    missing = max(0.0, cost - available)
    wait = 0 if granted else max(1, math.ceil(missing / budget.restore))
    return Throttle(budget, max(0, math.floor(available)), granted, wait)


class Buckets(Protocol):
    """Where the buckets are kept."""

    async def take(self, key: str, cost: int) -> Throttle:
        """Take `cost` points from the bucket `key` if it holds as many."""
        ...

    async def give_back(self, key: str, points: int) -> None:
        """Put `points` back that a request did not need."""
        ...


class LocalBuckets:
    """Buckets of this process alone, the most recently used first to stay."""

    def __init__(
        self,
        budget: Budget | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        most: int = 10_000,
    ) -> None:
        self.budget = budget or Budget()
        self._clock, self._most = clock, most
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def _level(self, key: str, now: float) -> float:
        level, since = self._levels.pop(key, (float(self.budget.capacity), now))
        return min(self.budget.capacity, level + (now - since) * self.budget.restore)

    def _keep(self, key: str, level: float, now: float) -> None:
        self._levels[key] = (level, now)
        while len(self._levels) > self._most:
            self._levels.popitem(last=False)

    async def take(self, key: str, cost: int) -> Throttle:
        """Take `cost` points from the bucket `key` if it holds as many."""
        now = self._clock()
        level = self._level(key, now)
        granted = level >= cost
        self._keep(key, level - cost if granted else level, now)
        return throttle(self.budget, level - cost if granted else level, cost, granted=granted)

    async def give_back(self, key: str, points: int) -> None:
        """Put `points` back that a request did not need."""
        now = self._clock()
        self._keep(key, min(self.budget.capacity, self._level(key, now) + points), now)
