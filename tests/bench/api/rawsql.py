"""The limit: the same facts by one hand-written statement through asyncpg, without HTTP or GraphQL.

Each request is BEGIN, the signed context, the statement, COMMIT, on a pooled connection. Nothing is
looked up, journalled or limited.
"""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from driver import Run
from seeding import Caller, Cluster
from workloads import Question

from cordee_core.access.context import sign
from cordee_core.clock import new_id
from cordee_core.database.roles import APP

STATEMENTS = Path(__file__).parent / "sql"


def statement(work: str) -> str:
    """Return the statement that answers `work` as one JSON text."""
    return (STATEMENTS / f"{work}.sql").read_text(encoding="utf-8")


def _arguments(one: Question) -> tuple[Any, ...]:
    if one.work == "q1":
        return (one.case,)
    if one.work == "q2":
        return (one.referent, one.first)
    if one.work == "q4":
        return (one.first,)
    if one.work == "m1":
        text = "Entretien : point sur la situation, prochaines étapes convenues avec la personne."
        return (one.caller.tenant, new_id(), one.case, text, datetime.now(UTC), one.caller.member)
    return ()


class RawSql:
    """A pool of eight connections that runs the statements as the application's role."""

    def __init__(self, cluster: Cluster, database: str) -> None:
        self._url, self._keys = cluster.url(APP, database), cluster.keys
        self._pool: Any = None

    async def open(self) -> None:
        """Connect."""
        self._pool = await asyncpg.create_pool(self._url, min_size=8, max_size=8, reset=_no_reset)

    async def close(self) -> None:
        """Disconnect."""
        await self._pool.close()

    async def ask(self, text: str, question: Question) -> bytes:
        """Return the JSON that answers `question`."""
        async with self._pool.acquire() as connection, connection.transaction():
            context = self._signed(question.caller)
            await connection.fetchval("SELECT set_config('cordee.context', $1, true)", context)
            answer = await connection.fetchval(text, *_arguments(question))
        return str(answer).encode()

    async def drive(self, work: str, asked: Sequence[Question], seconds: float, start: int) -> Run:
        """Ask for `seconds`, eight at a time."""
        text, run = statement(work), Run()
        source = itertools.islice(itertools.cycle(asked), start % len(asked), None)
        began = time.perf_counter()
        alive: Callable[[], bool] = lambda: time.perf_counter() < began + seconds  # noqa: E731
        await asyncio.gather(*(self._worker(text, source, run, alive) for _ in range(8)))
        run.seconds = time.perf_counter() - began
        return run

    async def _worker(
        self, text: str, source: Iterator[Question], run: Run, alive: Callable[[], bool]
    ) -> None:
        while alive():
            sent = time.perf_counter()
            answer = await self.ask(text, next(source))
            run.size += len(answer)
            run.requests += 1
            run.latencies.append(time.perf_counter() - sent)

    def _signed(self, caller: Caller) -> str:
        expires = datetime.now(UTC) + timedelta(seconds=60)
        return sign(
            self._keys, tenant=caller.tenant, member=caller.member, purpose="case_management",
            expires=expires,
        )  # fmt: skip


async def _no_reset(_connection: Any) -> None:
    """Leave the connection as it is: the transaction's end took the context away."""
