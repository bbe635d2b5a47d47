"""Whether a background process may work: before it begins, and all the time for its probes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from cordee_core.database.outage import TROUBLES, describe
from cordee_core.database.provision import connect
from cordee_core.database.selfcheck import check_role, check_schema
from cordee_core.errors import OperatorError, UnreachableError

log = structlog.get_logger(__name__)

PAUSE = 3.0
"""Seconds between two examinations."""


async def _nothing() -> Sequence[str]:
    return ()


@dataclass(slots=True)
class Gate:
    """What was last found.

    Without `required` the process does not begin; it goes on without `useful`, but is not ready.
    """

    required: Callable[[], Awaitable[Sequence[OperatorError]]]
    useful: Callable[[], Awaitable[Sequence[str]]] = _nothing
    problems: tuple[str, ...] = ("starting",)
    begun: bool = False
    stopping: bool = False

    @property
    def ready(self) -> bool:
        """Whether the process does its work."""
        return self.begun and not self.stopping and not self.problems

    def report(self) -> dict[str, object]:
        """Return what ``/readyz`` answers."""
        waiting = ("stopping",) if self.stopping else () if self.begun else ("starting",)
        return {
            "status": "ready" if self.ready else "not ready",
            "problems": list(self.problems or waiting),
        }

    async def examine(self) -> bool:
        """Look again, log what is new, and return whether the process may begin or go on."""
        wrong = [line_of(error) for error in await self.required()]
        found = (*wrong, *(() if wrong else await self.useful()))
        for problem in found:
            if problem not in self.problems:
                log.error("not ready", problem=problem)
        self.problems = found
        return not wrong

    async def watch(self, stop: asyncio.Event) -> None:
        """Examine every few seconds until `stop`."""
        while not await _set(stop, PAUSE):
            await self.examine()

    async def admitted(self, stop: asyncio.Event) -> bool:
        """Return True once the process may begin, False when it is to stop before that."""
        while not await self.examine():
            if await _set(stop, PAUSE):
                return False
        return not stop.is_set()


async def _set(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


async def database_problems(url: str, role: str) -> list[OperatorError]:
    """Return why this process must not work with the database at `url` as `role`."""
    try:
        connection = await connect(url)
    except UnreachableError as error:
        return [error]
    try:
        return await check_role(connection, role) or await check_schema(connection)
    except TROUBLES as error:
        lost = UnreachableError(describe(error))
        lost.__cause__ = error
        return [lost]
    finally:
        with suppress(*TROUBLES):
            await connection.close(timeout=1)


def line_of(error: OperatorError) -> str:
    """Return the line for probes; unlike the error's own text, it says no server's address."""
    return describe(error.__cause__) if isinstance(error, UnreachableError) else str(error)
