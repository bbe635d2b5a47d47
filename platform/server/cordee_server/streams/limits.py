"""How much of one process the connections that stay may take."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cordee_core.errors import LimitExceededError


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """The most of each, in one process; times in seconds."""

    connections: int = 1_000
    waiting: int = 100
    """Connections whose client has not said who it is."""
    member_connections: int = 10
    member_operations: int = 50
    operations: int = 20
    """Operations at once on one connection."""
    queue: int = 64
    """Answers that wait for a client to read them."""
    init_seconds: float = 5.0
    ping_seconds: float = 20.0
    """Of silence, after which the client is asked whether it is there; of as many again, it is
    not."""
    slow_seconds: float = 10.0
    """How long a full queue may stay full."""


@dataclass(slots=True)
class Seats:
    """What is taken now."""

    limits: StreamLimits = field(default_factory=StreamLimits)
    _taken: Counter[str] = field(default_factory=Counter)

    def taken(self, kind: str) -> int:
        """Return how many seats of a kind are taken, of all members together."""
        return sum(number for key, number in self._taken.items() if key.startswith(f"{kind}:"))

    @contextmanager
    def take(self, kind: str, of: str = "") -> Iterator[None]:
        """Hold one seat of a kind (a field of the limits), counted by `of`, inside the block.

        Raises:
            LimitExceededError: none is free.
        """
        key, maximum = f"{kind}:{of}", int(getattr(self.limits, kind))
        if self._taken[key] >= maximum:
            raise LimitExceededError(limit=kind, value=self._taken[key] + 1, maximum=maximum)
        self._taken[key] += 1
        try:
            yield
        finally:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]
