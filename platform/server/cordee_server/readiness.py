"""Whether this process may serve, and what it lacks."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

Check = Callable[[], Awaitable[Sequence[str]]]
"""Returns what is wrong, each in one line; nothing where all is well."""

WAIT = 1.0
"""Least seconds between two examinations of a process that is not ready."""
WAIT_READY = 5.0
"""The same for one that is ready."""


@dataclass
class Readiness:
    """What the last examination found.

    `required` says what stands against serving, `optional` what it serves without.
    """

    required: Check
    optional: Check
    clock: Callable[[], float] = time.monotonic
    problems: tuple[str, ...] = ("starting",)
    degraded: tuple[str, ...] = ()
    stopping: bool = False
    """Set at SIGTERM: what comes in is still served, but nobody should send more."""
    _examined: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def ready(self) -> bool:
        """Whether requests are served."""
        return not self.problems

    async def examine(self) -> bool:
        """Look again, unless somebody did a moment ago; return whether the process is ready."""
        async with self._lock:
            wait = WAIT_READY if self.ready else WAIT
            if self.clock() - self._examined >= wait:
                self.problems = tuple(await self.required())
                self.degraded = tuple(await self.optional()) if self.ready else ()
                self._examined = self.clock()
        return self.ready

    def report(self) -> dict[str, object]:
        """Return what ``/readyz`` answers."""
        problems = [*self.problems, "stopping"] if self.stopping else list(self.problems)
        return {
            "status": "not ready" if problems else "ready",
            "problems": problems,
            "degraded": list(self.degraded),
        }
