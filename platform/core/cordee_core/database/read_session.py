"""One read transaction per operation, opened at the first query, journalled before the answer."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from uuid import UUID

from asyncpg.exceptions import InFailedSQLTransactionError

from cordee_core.access.scope import Scope
from cordee_core.database.engine import CordeeEngine, CordeeTransaction, fetch
from cordee_core.database.unit_of_work import journal


class ReadSession:
    """Queries of one operation under one signed context, whoever of its resolvers runs them."""

    def __init__(self, engine: CordeeEngine, scope: Scope, action: str) -> None:
        self._engine = engine
        self._scope = scope
        self._action = action
        self._lock = asyncio.Lock()
        self._transaction: CordeeTransaction | None = None
        self._subjects: set[UUID] = set()

    def saw(self, persons: Iterable[UUID | None]) -> None:
        """Note whose personal record is being read."""
        self._subjects.update(one for one in persons if one is not None)

    @asynccontextmanager
    async def active(self) -> AsyncIterator[None]:
        """Make the read transaction the one of this task; siblings may do the same meanwhile."""
        transaction = await self._opened()
        token = self._engine.adopt(transaction)
        try:
            yield
        finally:
            self._engine.current_transaction.reset(token)

    async def _opened(self) -> CordeeTransaction:
        async with self._lock:
            if self._transaction is None:
                with self._alone():
                    opened = self._engine.transaction(cordee__context=self._scope.signed())
                    await opened.__aenter__()
                    opened.reset()
                self._transaction = opened
            return self._transaction

    async def finish(self) -> None:
        """Write one journal entry of what was read, commit, give the connection back.

        What was read before a query failed is journalled all the same. The entry commits
        asynchronously: a crash may cost the last moments of the record of reads.
        """
        async with self._lock:
            transaction, self._transaction = self._transaction, None
            subjects, self._subjects = self._subjects, set()
            if transaction is None:
                return
            aborted = await self._end(transaction, subjects)
            if aborted:
                with self._alone():
                    again = self._engine.transaction(cordee__context=self._scope.signed())
                    async with again:
                        await journal(self._scope, "read", self._action, subjects=subjects)

    async def _end(self, transaction: CordeeTransaction, subjects: set[UUID]) -> bool:
        """Journal and commit; return whether that failed because a query had failed before."""
        error: BaseException | None = None
        token = self._engine.adopt(transaction)
        try:
            if subjects:
                await fetch("SELECT set_config('synchronous_commit', 'off', true)")
                await journal(self._scope, "read", self._action, subjects=subjects)
        except InFailedSQLTransactionError as caught:
            error = caught
        except BaseException as caught:
            error = caught
            raise
        finally:
            self._engine.current_transaction.reset(token)
            await _close(self._engine, transaction, error)
        return error is not None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Leave whatever transaction this task is in."""
        token = self._engine.adopt(None)
        try:
            yield
        finally:
            self._engine.current_transaction.reset(token)


async def _close(
    engine: CordeeEngine, transaction: CordeeTransaction, error: BaseException | None
) -> None:
    transaction.context = engine.adopt(transaction)
    await transaction.__aexit__(type(error) if error else None, error, None)
