"""One read transaction per operation, opened at the first query, journalled before the answer."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from uuid import UUID

from asyncpg.exceptions import InFailedSQLTransactionError

from cordee_core.access.scope import Scope
from cordee_core.database.engine import CordeeEngine, Row
from cordee_core.database.records import entry_of, recorded
from cordee_core.database.transaction import CordeeTransaction
from cordee_core.database.unit_of_work import acting, journal


class ReadSession:
    """Queries of one operation under one signed context, whoever of its resolvers runs them."""

    def __init__(self, engine: CordeeEngine, scope: Scope, action: str) -> None:
        self._engine = engine
        self._scope = scope
        self._action = action
        self._lock = asyncio.Lock()
        self._transaction: CordeeTransaction | None = None
        self._subjects: set[UUID] = set()
        self._recorded = False

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

    async def send(self, statement: str, values: Sequence[object], *, alone: bool) -> Row | None:
        """Return the first row of a planned statement: ``answer``, and whose records are in it.

        Where nothing else is read in the operation (`alone`) the statement journals that by
        itself and names nobody. To be called while the session is `active`.
        """
        connection = (await self._opened()).connection
        if not alone or self._subjects:
            rows = await connection.fetch(statement, *values)
        else:
            entry = entry_of(self._scope, self._action)
            rows = await connection.fetch(recorded(statement, len(values)), *values, *entry)
            self._recorded = bool(rows) and rows[0]["answer"] is not None
        return rows[0] if rows else None

    async def undo(self) -> None:
        """End the transaction as if nothing had been read: what was sent is not shown to anybody.

        Only for who reads alone; what is read afterwards is read in a transaction of its own.
        """
        async with self._lock:
            transaction, self._transaction = self._transaction, None
            self._recorded = False
            if transaction is not None:
                await transaction.rollback()
                await transaction.close()

    async def _opened(self) -> CordeeTransaction:
        if self._transaction is not None:
            return self._transaction
        async with self._lock:
            if self._transaction is None:
                with self._alone():
                    opened = acting(self._engine, self._scope, quick=True)
                await opened.open()
                self._transaction = opened
            return self._transaction

    async def finish(self) -> None:
        """Write one journal entry of what was read, commit, give the connection back.

        What was read before a query failed is journalled all the same. The entry commits
        asynchronously: a crash may cost the last moments of the record of reads.

        Raises:
            RuntimeError: the entry that a statement wrote by itself was undone; nobody may see
                its answer.
        """
        async with self._lock:
            transaction, self._transaction = self._transaction, None
            subjects, self._subjects = self._subjects, set()
            recorded, self._recorded = self._recorded, False
            if transaction is None:
                return
            ended_well = await self._end(transaction, subjects)
            if recorded and not ended_well:
                raise RuntimeError("the journal lost a read: something else was read beside it")
            if subjects and not ended_well:
                with self._alone():
                    async with acting(self._engine, self._scope, quick=True):
                        await journal(self._scope, "read", self._action, subjects=subjects)

    async def _end(self, transaction: CordeeTransaction, subjects: set[UUID]) -> bool:
        """Journal and commit; return False where a query had failed before."""
        error: BaseException | None = None
        token = self._engine.adopt(transaction)
        try:
            if subjects:
                await journal(self._scope, "read", self._action, subjects=subjects)
        except InFailedSQLTransactionError as caught:
            error = caught
        except BaseException as caught:
            error = caught
            raise
        finally:
            self._engine.current_transaction.reset(token)
            committed = await transaction.close(error)
        return committed and error is None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Leave whatever transaction this task is in."""
        token = self._engine.adopt(None)
        try:
            yield
        finally:
            self._engine.current_transaction.reset(token)
