"""Feeds: what a subscription gives, read from the database a batch at a time.

A feed knows how far it has come. Waking it up is somebody else's business (`wakeups`); it reads
what is new in PostgreSQL, so that a lost wake-up only delays.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

from cordee_graphql.operation import Operation

BATCH = 50
"""Most elements that are read, executed and journalled together."""


@dataclass(frozen=True, slots=True)
class Item:
    """One element of a subscription and the cursor after which it goes on."""

    value: Any
    cursor: str


class Feed(ABC):
    """What one subscription gives; `case` is the one whose changes wake it, None any case."""

    case: UUID | None = None
    more: bool = False
    """Whether the last batch was full: there may be more to read at once."""

    @abstractmethod
    async def read(self, operation: Operation, changed: frozenset[UUID] | None) -> Sequence[Item]:
        """Return what is new, at most `BATCH` elements, and note whose records are in it.

        `changed` names the cases that woke the feed; with None it looks at everything. Who reads
        may have changed since the last batch, so permissions are asked each time.
        """

    def __aiter__(self) -> AsyncIterator[NoReturn]:
        """Refuse: a feed is read by `streaming`. (It only has to look like a source of events.)"""
        raise TypeError("a feed is read a batch at a time")
