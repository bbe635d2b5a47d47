"""What a request asks of the database: statements, round trips and CPU, without HTTP.

    .venv/bin/python tests/bench/measure_lane.py [ROUNDS] [--show]

Each request looks its token up, is executed and written as JSON, as the server does it. A round
trip is one message to PostgreSQL that waits for its answer. CPU is that of this process and of
PostgreSQL, per request, in milliseconds; medians over the rounds. ``--show`` prints the statements.
"""

import asyncio
import re
import secrets
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg
import typer
from measure_planner import CASE, CASELOAD, fill, postgres_cpu

from cordee_core.access.context import ContextKeys
from cordee_core.database.engine import CordeeEngine, bind
from cordee_core.database.lint import declared_classes
from cordee_core.database.migrate import migrate
from cordee_core.database.provision import provision
from cordee_core.database.roles import APP, LOGIN_ROLES, MIGRATOR
from cordee_core.database.tables import DECLARED
from cordee_core.embedded.place import temporary_data
from cordee_core.embedded.postgres import EmbeddedPostgres
from cordee_core.features import install
from cordee_core.plugins.host import PluginHost
from cordee_graphql.backend import Database
from cordee_graphql.context import Context
from cordee_graphql.operation import Operation
from cordee_graphql.planner.executor import written
from cordee_graphql.schema import CordeeSchema, build_schema
from cordee_graphql.throttle import Budget, LocalBuckets
from cordee_server.auth import confirmed, recognise

EACH = 100
NOTE = (Path(__file__).parent / "api/documents/ours/m1.graphql").read_text(encoding="utf-8")


class Bench:
    """Asks one schema on one database as one member."""

    def __init__(
        self, engine: CordeeEngine, host: PluginHost, keys: ContextKeys, schema: CordeeSchema
    ) -> None:
        self.engine, self.host, self.keys, self.schema = engine, host, keys, schema
        self.token = ""
        self.key: str | None = None

    async def ask(self, query: str, variables: dict[str, Any]) -> None:
        """Answer one request."""
        caller = await recognise(
            self.engine, self.host, self.keys, f"Bearer {self.token}", "en", "request-1"
        )
        operation = Operation(
            Database(self.engine), caller, splice=True, request_id="request-1",
            key=self.key and secrets.token_hex(8), body_hash=bytes(32),
        )  # fmt: skip
        result = await self.schema.execute(query, variables, Context(operation))
        assert await confirmed(self.engine, caller)
        assert not result.errors, result.errors
        written({"data": result.data})


async def sent(bench: Bench, query: str, variables: dict[str, Any]) -> list[str]:
    """Return what one request sends to PostgreSQL once all is prepared."""
    found: list[str] = []
    for _ in range(3):
        await bench.ask(query, variables)
    pool: Any = bench.engine.pool
    async with pool.acquire() as connection:
        raw = connection._con
    note = lambda one: found.append(re.sub(r"\s+", " ", one.query))  # noqa: E731
    raw.add_query_logger(note)
    await bench.ask(query, variables)
    raw.remove_query_logger(note)
    return found


async def measure(bench: Bench, it: Any, data: Path, rounds: int, *, show: bool) -> None:
    """Say what each kind of request costs."""
    note = {"case": it.gid("Case"), "text": "Entretien : prochaines étapes convenues."}
    kinds = {
        "case page": (CASE, {"id": it.gid("Case")}, None),
        "caseload of 50": (CASELOAD, {"n": 50}, None),
        "note added": (NOTE, note, None),
        "note added, with a key": (NOTE, note, "yes"),
    }
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
    for turn in range(rounds + 1):
        for name, (query, variables, bench.key) in kinds.items():
            mine, theirs = time.process_time(), postgres_cpu(data)
            for _ in range(EACH):
                await bench.ask(query, variables)
            mine, theirs = time.process_time() - mine, postgres_cpu(data) - theirs
            if turn:
                costs[name].append((1000 * mine / EACH, 1000 * theirs / EACH))
    for name, (query, variables, bench.key) in kinds.items():
        statements = await sent(bench, query, variables)
        mine, theirs = (statistics.median(each) for each in zip(*costs[name], strict=True))
        typer.echo(
            f"{name:24} round trips {len(statements):2}   process {mine:6.2f} ms"
            f"   PostgreSQL {theirs:6.2f} ms"
        )
        for one in statements if show else ():
            typer.echo(f"    {one[:300]}")


async def main() -> None:
    """Fill a database of its own and measure."""
    show = "--show" in sys.argv
    rounds = next((int(one) for one in sys.argv[1:] if one.isdigit()), 5)
    host = install(PluginHost.discover(strict=True))
    passwords = {role: secrets.token_urlsafe(12) for role in LOGIN_ROLES}
    keys = ContextKeys({"k1": secrets.token_bytes(32)})
    with temporary_data() as data, EmbeddedPostgres(data, fast=True) as superuser:
        await provision(superuser, passwords)
        where = superuser.rpartition("@")[2].partition("/")[0]
        url = "postgresql://{}:{}@{}/cordee"
        await migrate(
            url.format(MIGRATOR, passwords[MIGRATOR], where), context_keys=keys, host=host
        )
        declared_classes()
        engine = CordeeEngine(url.format(APP, passwords[APP], where))
        await engine.start_connection_pool(max_size=1)
        bind(engine, list(DECLARED.values()))
        it = await fill(engine, host, keys)
        owner = await asyncpg.connect(f"{superuser.rpartition('/')[0]}/cordee")
        await owner.execute("VACUUM ANALYZE")  # else the plans are those of an empty database
        await owner.close()
        buckets = LocalBuckets(Budget(10**12, 10**9))
        bench = Bench(engine, host, keys, build_schema(host, buckets=buckets))
        bench.token = it.tenancy.tokens["referent"]
        await measure(bench, it, data, rounds, show=show)
        await engine.close_connection_pool()


if __name__ == "__main__":
    asyncio.run(main())
