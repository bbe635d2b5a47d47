"""Piccolo's PostgreSQL engine, made safe: what is fixed here is listed in ``docs/adr/0003``.

A failing BEGIN, COMMIT or ROLLBACK gives the connection back to the pool and clears the context
variable; nested blocks are savepoints; concurrent queries of one transaction wait for each
other; a query outside a transaction is refused, because it would have no tenant.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import Token
from types import TracebackType
from typing import Any, Literal, Self, cast
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import asyncpg
import msgspec
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.querystring import QueryString
from piccolo.table import Table

from cordee_core.database.committed import Change, tell
from cordee_core.errors import ConfigurationError

Row = asyncpg.Record
_JSON = msgspec.json.Encoder(decimal_format="number", uuid_format="canonical")
_OPTIONS = {"sslmode": "ssl"}
_PREPARED = {"max_cacheable_statement_size": 128 * 1024, "max_cached_statement_lifetime": 0}
"""A page of the API is one long statement that takes longer to plan than to run."""


class LockedConnection:
    """A connection whose statements run one after the other, until its transaction ends."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self._lock = asyncio.Lock()
        self._ended = False

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Any]:
        """Give the connection to one task. Raises RuntimeError once the transaction has ended."""
        async with self._lock:
            if self._ended:
                raise RuntimeError("this transaction has ended; a task must not outlive it")
            yield self.raw

    @asynccontextmanager
    async def last_turn(self) -> AsyncIterator[None]:
        """Wait for the statement that runs, then refuse every further one."""
        async with self._lock:
            self._ended = True
            yield

    async def fetch(self, query: str, *args: object) -> list[Row]:
        """Run one statement and return its rows."""
        async with self.turn() as raw:
            rows: list[Row] = await raw.fetch(query, *args)
            return rows

    async def execute(self, query: str, *args: object) -> str:
        """Run one statement (without `args` several) and return the command tag."""
        async with self.turn() as raw:
            tag: str = await raw.execute(query, *args)
            return tag


class CordeeTransaction(PostgresTransaction):
    """A transaction with local settings; entered inside another one, a savepoint of it."""

    __slots__ = ("_inner", "_savepoint", "_settings", "changes", "raw")

    def __init__(self, engine: "CordeeEngine", settings: dict[str, str]) -> None:
        super().__init__(engine)
        self._settings = settings
        self._savepoint: str | None = None
        self._inner = asyncio.Lock()
        self.changes: set[Change] = set()

    async def __aenter__(self) -> Self:
        if self._outer is not None:
            await self._enter_nested(self._outer)
            return self
        self.raw = await self.get_connection()  # type: ignore[no-untyped-call]
        try:
            self.connection = LockedConnection(self.raw)
            self.transaction = self.raw.transaction()
            await self.begin()  # type: ignore[no-untyped-call]
            for name, value in self._settings.items():
                await self.raw.fetchval("SELECT set_config($1, $2, true)", name, value)
        except BaseException:
            await self._release(broken=True)
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

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
        self.context = self.engine.current_transaction.set(self)

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
        if self._outer is not None:
            try:
                end = "ROLLBACK TO SAVEPOINT" if error else "RELEASE SAVEPOINT"
                await self.connection.execute(f"{end} {self._savepoint}")
            finally:
                self._outer._inner.release()
            return False
        finished = False
        try:
            async with self.connection.last_turn():
                if not (self._committed or self._rolled_back):
                    finish = self.rollback if error else self.commit
                    await finish()  # type: ignore[no-untyped-call]
            finished = True
        finally:
            await self._release(broken=not finished)
        if error is None:
            tell(self.changes)
        return False

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
        await asyncio.shield(pool.release(self.raw))  # type: ignore[no-untyped-call]


class CordeeEngine(PostgresEngine):
    """The one engine of a process and event loop. Connects only when its pool is started."""

    def __init__(self, url: str) -> None:
        super().__init__(config=parse_url(url))

    async def check_version(self) -> None:
        """Do nothing: Piccolo would connect here, synchronously and at import."""

    def get_version_sync(self) -> float:
        """Return the oldest version Cordée runs on; Piccolo asks when it makes DDL."""
        return 15.0

    async def start_connection_pool(self, **options: Any) -> None:
        """Open the pool; JSON columns come and go as Python values, statements stay prepared."""
        await super().start_connection_pool(
            **{"min_size": 1, "max_size": 10, **_PREPARED, **options}, init=_codecs
        )

    def transaction(self, **settings: str) -> CordeeTransaction:  # type: ignore[override]
        """Return a transaction with these transaction-local settings (``__`` stands for a dot)."""
        named = {name.replace("__", "."): value for name, value in settings.items()}
        return CordeeTransaction(self, named)

    @property
    def active(self) -> CordeeTransaction:
        """The transaction of this task. Raises RuntimeError where there is none."""
        current = cast("CordeeTransaction | None", self.current_transaction.get())
        if current is None:
            raise RuntimeError("a query outside a unit of work would have no tenant")
        return current

    def adopt(self, transaction: CordeeTransaction | None) -> Token[Any]:
        """Make `transaction` the one of this task; undo it with ``current_transaction.reset``."""
        return self.current_transaction.set(transaction)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[Row]:
        """Run a Piccolo query in the active transaction."""
        query, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.fetch(query, *args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Row]:
        """Refuse: schema changes are migrations."""
        raise RuntimeError("schema changes are SQL migrations")

    async def fetch(self, query: str, *args: object) -> list[Row]:
        """Run raw SQL in the active transaction and return its rows."""
        connection: LockedConnection = self.active.connection
        return await connection.fetch(query, *args)


def parse_url(url: str) -> dict[str, Any]:
    """Return asyncpg's connection arguments for a ``postgresql://`` URL; never logs it."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ConfigurationError("a database URL reads postgresql://user:password@host:port/name")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(options.keys() - _OPTIONS.keys()):
        raise ConfigurationError(f"a database URL has no option {unknown[0]} (only sslmode)")
    return {
        "host": parts.hostname or "127.0.0.1",
        "port": parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": parts.path.strip("/"),
        **{_OPTIONS[name]: value for name, value in options.items()},
    }


async def _codecs(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=encode_json, decoder=msgspec.json.decode, schema="pg_catalog"
    )


def encode_json(value: object) -> str:
    """Return `value` as JSON text; a string is JSON already (Piccolo encodes before asyncpg)."""
    return value if isinstance(value, str) else _JSON.encode(value).decode()


_bound: list[CordeeEngine] = []


def bind(engine: CordeeEngine, tables: Sequence[type[Table]]) -> None:
    """Make `engine` the one that `tables` and `fetch` use in this process."""
    for table in tables:
        table._meta._db = engine
    _bound[:] = [engine]


def engine() -> CordeeEngine:
    """Return the bound engine. Raises RuntimeError before `bind`."""
    if not _bound:
        raise RuntimeError("no engine is bound")
    return _bound[0]


def note_change(tenant: UUID, case: UUID) -> None:
    """Have the listeners of this process told of a case once the active transaction commits."""
    engine().active.outermost.changes.add((tenant, case))


async def fetch(query: str, *args: object) -> list[Row]:
    """Run raw SQL in the active transaction of the bound engine."""
    return await engine().fetch(query, *args)


async def fetch_one(query: str, *args: object) -> Row | None:
    """Return the first row of raw SQL, or None."""
    rows = await fetch(query, *args)
    return rows[0] if rows else None
