"""Piccolo's PostgreSQL engine, made safe: what is fixed here is listed in ``docs/adr/0003``.

A failing BEGIN, COMMIT or ROLLBACK gives the connection back to the pool and clears the context
variable; nested blocks are savepoints; concurrent queries of one transaction wait for each
other; a query outside a transaction is refused, because it would have no tenant.
"""

from collections.abc import Sequence
from contextvars import Token
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import asyncpg
import msgspec
from piccolo.engine.postgres import PostgresEngine
from piccolo.querystring import QueryString
from piccolo.table import Table

from cordee_core.access.memory import Memory
from cordee_core.database.encoding import encode_json
from cordee_core.database.transaction import CordeeTransaction, LockedConnection
from cordee_core.errors import ConfigurationError

Row = asyncpg.Record
_OPTIONS = {"sslmode": "ssl"}
_PREPARED = {"max_cacheable_statement_size": 128 * 1024, "max_cached_statement_lifetime": 0}
"""A page of the API is one long statement that takes longer to plan than to run."""


class CordeeEngine(PostgresEngine):
    """The one engine of a process and event loop. Connects only when its pool is started."""

    def __init__(self, url: str) -> None:
        super().__init__(config=parse_url(url))
        self.memory = Memory()
        """Whom the tokens of this process's callers stand for."""

    async def check_version(self) -> None:
        """Do nothing: Piccolo would connect here, synchronously and at import."""

    def get_version_sync(self) -> float:
        """Return the oldest version Cordée runs on; Piccolo asks when it makes DDL."""
        return 15.0

    async def start_connection_pool(self, **options: Any) -> None:
        """Open the pool; JSON columns come and go as Python values, statements stay prepared.

        A connection comes back as it went, without a round trip: what its transaction set ended
        with it, and one whose transaction failed is reset or closed before.
        """
        usual = {"min_size": 1, "max_size": 10, "reset": _leave, **_PREPARED}
        await super().start_connection_pool(**{**usual, **options}, init=_codecs)

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


async def _leave(_connection: Any) -> None:
    pass


async def _codecs(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=encode_json, decoder=msgspec.json.decode, schema="pg_catalog"
    )


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
