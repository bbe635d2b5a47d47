"""A transaction: opened by one message, ended by one, and its connection given back clean.

BEGIN, COMMIT and ROLLBACK are sent as text: the driver's own transaction object would send each
setting by itself.
"""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, cast

import asyncpg
from asyncpg.exceptions import PostgresError
from piccolo.engine.postgres import PostgresTransaction

from cordee_core.access.memory import LAPSED, Proof
from cordee_core.database.committed import Change, tell
from cordee_core.database.opening import opening
from cordee_core.errors import UnauthenticatedError

if TYPE_CHECKING:
    from cordee_core.database.engine import CordeeEngine

Row = asyncpg.Record


class LockedConnection:
    """A connection whose statements run one after the other, until its transaction ends."""

    __slots__ = ("_ended", "_lock", "raw")

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self._lock = asyncio.Lock()
        self._ended = False

    def _check(self) -> None:
        if self._ended:
            raise RuntimeError("this transaction has ended; a task must not outlive it")

    async def fetch(self, query: str, *args: object) -> list[Row]:
        """Run one statement and return its rows.

        Raises:
            RuntimeError: the transaction has ended.
        """
        async with self._lock:
            self._check()
            rows: list[Row] = await self.raw.fetch(query, *args)
            return rows

    async def execute(self, query: str, *args: object) -> str:
        """Run one statement (without `args` several) and return the command tag.

        Raises:
            RuntimeError: the transaction has ended.
        """
        async with self._lock:
            self._check()
            tag: str = await self.raw.execute(query, *args)
            return tag

    async def last(self, query: str | None) -> str:
        """Wait for the statement that runs, refuse every further one; return the tag of `query`."""
        async with self._lock:
            self._ended = True
            tag: str = "" if query is None else await self.raw.execute(query)
            return tag


class CordeeTransaction(PostgresTransaction):
    """A transaction with local settings; entered inside another one, a savepoint of it.

    It opens only where `proof` holds, and once it has the advisory `lock`.
    """

    __slots__ = ("_inner", "_lock", "_proof", "_savepoint", "_settings", "changes", "raw")

    def __init__(
        self,
        engine: "CordeeEngine",
        settings: Mapping[str, str],
        proof: Proof | None = None,
        lock: int | None = None,
    ) -> None:
        super().__init__(engine)
        self._settings, self._proof, self._lock = settings, proof, lock
        self._savepoint: str | None = None
        self._inner = asyncio.Lock()
        self.changes: set[Change] = set()

    async def __aenter__(self) -> Self:
        if self._outer is not None:
            await self._enter_nested(self._outer)
        else:
            await self.open()
        self.context = self.engine.current_transaction.set(self)
        return self

    async def open(self) -> None:
        """Begin, without making it the transaction of this task.

        Raises:
            UnauthenticatedError: what is remembered of the caller holds no longer.
        """
        proof = self._proof
        if proof is not None and proof.holds is False:
            raise UnauthenticatedError
        text = opening(self._settings, proof=proof, lock=self._lock)
        self.raw = await self.get_connection()  # type: ignore[no-untyped-call]
        try:
            await self.raw.execute(text)
        except PostgresError as error:
            if proof is None or getattr(error, "sqlstate", None) != LAPSED:
                await self._release(broken=True)
                raise
            await self._give_up(proof)
        except BaseException:
            await self._release(broken=True)
            raise
        if proof is not None:
            proof.holds = True
        self.connection = LockedConnection(self.raw)

    async def _give_up(self, proof: Proof) -> None:
        proof.lapse()
        finished = False
        try:
            await self.raw.execute("ROLLBACK")
            finished = True
        finally:
            await self._release(broken=not finished)
        raise UnauthenticatedError

    @property
    def _outer(self) -> "CordeeTransaction | None":
        return cast("CordeeTransaction | None", self._parent)

    @property
    def outermost(self) -> "CordeeTransaction":
        """The transaction that commits; itself, where it is no savepoint."""
        return self if self._outer is None else self._outer.outermost

    async def _enter_nested(self, parent: "CordeeTransaction") -> None:
        """Open a savepoint; blocks of sibling tasks wait, for savepoints end in reverse order."""
        if self._settings:
            raise RuntimeError("a nested block acts for whom the outer one acts")
        await parent._inner.acquire()
        try:
            self.connection = parent.connection
            self._savepoint = f"nested_{self.get_savepoint_id()}"
            await self.connection.execute(f"SAVEPOINT {self._savepoint}")
        except BaseException:
            parent._inner.release()
            raise

    def get_savepoint_id(self) -> int:
        """Return a number that no other savepoint of the outermost transaction has."""
        if self._parent is not None:
            number: int = self._parent.get_savepoint_id()
            return number
        return super().get_savepoint_id()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Literal[False]:
        self.reset()
        if self._outer is None:
            await self.close(error)
            return False
        try:
            end = "ROLLBACK TO SAVEPOINT" if error else "RELEASE SAVEPOINT"
            await self.connection.execute(f"{end} {self._savepoint}")
        finally:
            self._outer._inner.release()
        return False

    async def close(self, error: BaseException | None = None) -> bool:
        """Commit, or roll back because of `error`, and give the connection back.

        False where a statement had failed, so that COMMIT rolled back too.
        """
        finished = False
        try:
            ended = self._committed or self._rolled_back
            end = None if ended else "ROLLBACK" if error else "COMMIT"
            tag = await self.connection.last(end)
            if error is not None:
                await self.raw.reset()
            finished = True
        finally:
            await self._release(broken=not finished)
        if error is None:
            tell(self.changes)
        return bool(tag == end)

    async def commit(self) -> None:
        """Commit before the block ends."""
        await self.raw.execute("COMMIT")
        self._committed = True

    async def rollback(self) -> None:
        """Roll back before the block ends."""
        await self.raw.execute("ROLLBACK")
        self._rolled_back = True

    def reset(self) -> None:
        """Clear the context variable; harmless where the transaction was entered elsewhere."""
        try:
            self.engine.current_transaction.reset(self.context)
        except ValueError:
            self.engine.current_transaction.set(self._parent)

    async def _release(self, *, broken: bool) -> None:
        """Give the connection back; one whose state is unknown is closed first."""
        pool = self.engine.pool
        if pool is None:
            await self.raw.close()
            return
        if broken:
            self.raw.terminate()
        await pool.release(self.raw)  # type: ignore[no-untyped-call]
