"""What follows when a case changes its stage: told to the features that have something to do.

A lower floor can't call a higher one: whoever owns obligations, plans, designations or the circle
registers a consequence (``features.install``). It runs in the same unit of work, after the stage
changed: what it raises undoes the change.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from cordee_core.database.rows import Found
from cordee_core.database.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Move:
    """A change of stage: the case as it was before, where it came from and where it is now."""

    case: Found
    source: str
    target: str
    moment: datetime


Consequence = Callable[[UnitOfWork, Move], Awaitable[None]]

_REGISTERED: dict[str, Consequence] = {}


def register(name: str, consequence: Consequence) -> None:
    """Have `consequence` follow each change of stage; registered again, it takes the place."""
    _REGISTERED[name] = consequence


async def follow(uow: UnitOfWork, move: Move) -> None:
    """Run all consequences of a move, in the order of their names."""
    for name in sorted(_REGISTERED):
        await _REGISTERED[name](uow, move)
