"""Wake-ups: which subscriptions should look again, told within the process."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol
from uuid import UUID

Changed = frozenset[UUID] | None
"""The cases that changed; None where nobody knows, so that everything is to be looked at."""

RELIABLE_SECONDS = 25.0
"""Longest rest of a subscription while wake-ups come; the token is checked at least as often."""
POLL_SECONDS = 5.0
"""The same while wake-ups may be lost."""
SETTLE_SECONDS = 0.05
"""What happens within this time after a wake-up is read together with it."""
_MOST_CASES = 200


class Listening:
    """One subscription's ear: collects what changed until it is asked."""

    def __init__(self, hub: "Hub", case: UUID | None) -> None:
        self._hub, self._case = hub, case
        self._changed: set[UUID] | None = set()
        self._woken = asyncio.Event()

    def hear(self, cases: Iterable[UUID] | None) -> None:
        """Note that `cases` changed; None stands for any."""
        if cases is None or self._changed is None:
            self._changed = None
        elif self._case is not None:
            if self._case not in cases:
                return
        else:
            self._changed.update(cases)
            if len(self._changed) > _MOST_CASES:
                self._changed = None
        self._woken.set()

    async def wait(self) -> Changed:
        """Return which cases changed, once some did; None after a while without word."""
        try:
            async with asyncio.timeout(self._hub.patience):
                await self._woken.wait()
            await asyncio.sleep(SETTLE_SECONDS)
        except TimeoutError:
            self._changed = None
        changed, self._changed = self._changed, set()
        self._woken.clear()
        return None if changed is None else frozenset(changed)


class WakeUps(Protocol):
    """Where subscriptions hear that cases changed."""

    def listen(self, tenant: UUID, case: UUID | None) -> AbstractAsyncContextManager[Listening]:
        """Hear of one case of `tenant`, or of all, inside the block."""
        ...


class Hub:
    """The ears of this process, by tenant.

    `reliable` says whether every change in the installation is told here; one process alone never
    knows what the others do.
    """

    def __init__(self, *, reliable: bool = False) -> None:
        self.reliable = reliable
        self._ears: dict[UUID, set[Listening]] = defaultdict(set)

    @property
    def patience(self) -> float:
        """How long a subscription waits before it looks without having heard anything."""
        return RELIABLE_SECONDS if self.reliable else POLL_SECONDS

    @property
    def tenants(self) -> frozenset[UUID]:
        """The tenants of whom somebody wants to hear."""
        return frozenset(self._ears)

    @asynccontextmanager
    async def listen(self, tenant: UUID, case: UUID | None) -> AsyncIterator[Listening]:
        """Hear of one case of `tenant`, or of all, inside the block."""
        ear = Listening(self, case)
        self._ears[tenant].add(ear)
        try:
            yield ear
        finally:
            self._ears[tenant].discard(ear)
            if not self._ears[tenant]:
                del self._ears[tenant]

    def tell(self, changes: Iterable[tuple[UUID, UUID]]) -> None:
        """Wake who listens to one of `changes` (tenant, case)."""
        for tenant, case in changes:
            self.wake(tenant, {case})

    def wake(self, tenant: UUID, cases: Iterable[UUID] | None) -> None:
        """Wake who listens to the cases of `tenant`, None standing for any."""
        for ear in tuple(self._ears.get(tenant, ())):
            ear.hear(cases)

    def wake_all(self) -> None:
        """Wake everybody: what was told meanwhile may be lost."""
        for tenant in self.tenants:
            self.wake(tenant, None)
