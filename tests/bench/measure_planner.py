"""CPU of one request on both roads, with the planner and without: case page and caseload page.

    .venv/bin/python tests/bench/measure_planner.py [ROUNDS]

Rounds of the roads alternate. CPU is that of this process (execution and JSON, no HTTP) and of
PostgreSQL, per request, in milliseconds; medians over the rounds.
"""

import asyncio
import importlib.util
import secrets
import statistics
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import typer

from cordee_core.access.context import ContextKeys
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.database.engine import CordeeEngine, bind
from cordee_core.database.lint import declared_classes
from cordee_core.database.migrate import migrate
from cordee_core.database.provision import provision
from cordee_core.database.roles import APP, LOGIN_ROLES, MIGRATOR
from cordee_core.database.tables import DECLARED
from cordee_core.embedded.place import temporary_data
from cordee_core.embedded.postgres import EmbeddedPostgres
from cordee_core.features import install
from cordee_core.notes.add_note import NoteDraft, add_note
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_core.plugins.host import PluginHost
from cordee_graphql.backend import Database
from cordee_graphql.context import Context
from cordee_graphql.operation import Operation
from cordee_graphql.planner.executor import written
from cordee_graphql.schema import build_schema
from cordee_graphql.throttle import Budget, LocalBuckets

CASES, EACH = 110, 20
CASE = """query Case($id: ID!) { case(id: $id) { id number stage openedAt
  person { familyName givenNames birthDate } referent { displayName } programme { title }
  notes(first: 5) { nodes { text occurredAt author { displayName } } }
  timeline(last: 5) { nodes { at text } } referrals(first: 5) { nodes { state } } } }"""
CASELOAD = """query Caseload($n: Int) { cases(first: $n) { edges { cursor node { id number stage
  openedAt person { familyName givenNames } referent { displayName } programme { title }
  notes(first: 1) { nodes { text } } } } pageInfo { hasNextPage endCursor } } }"""


def postgres_cpu(data: Path) -> float:
    """CPU seconds of the PostgreSQL server of `data` and of its backends, ended ones too."""
    postmaster = int(next(data.rglob("postmaster.pid")).read_text().split()[0])
    total = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if postmaster in (int(place.parent.name), int(parts[1])):
            total += sum(map(int, parts[11:13]))
    return total / 100


async def fill(engine: CordeeEngine, host: PluginHost, keys: ContextKeys) -> Any:
    """Return a tenant with cases, each with a few notes."""
    root = Path(__file__).parents[1]
    made = []
    for name, file in (("a", root / "conftest.py"), ("b", root / "api/reads/conftest.py")):
        spec = importlib.util.spec_from_file_location(f"records_{name}", file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        made.append(module)
    tenancy = await made[0].make_tenancy(engine, host, keys, plugins=("housing",))
    it = await made[1].fill(tenancy, engine, "Mystère")
    for number in range(CASES):
        draft = PersonDraft(family_name=f"Name {number}", given_names="Lou")
        person = (await it.do("referent", register_person, draft))["person"]
        opened = await it.do("referent", open_case, CaseDraft(
            person=person, programme=it.uuids["Programme"], request_source="self",
            requested_on=date(2026, 1, 1),
        ))  # fmt: skip
        for _ in range(2):
            await it.do("referent", add_note, NoteDraft(case=opened["case"], text="Vu " * 20))
    return it


async def measure(it: Any, engine: CordeeEngine, host: PluginHost, data: Path, rounds: int) -> None:
    """Say what a request costs on each road."""
    buckets = LocalBuckets(Budget(10**12, 10**9))
    schemas = {
        "planned": build_schema(host, buckets=buckets),
        "ordinary": build_schema(host, buckets=buckets, planner=False),
    }
    pages = {
        "case page": (CASE, {"id": it.gid("Case")}),
        "caseload of 50": (CASELOAD, {"n": 50}),
        "caseload of 100": (CASELOAD, {"n": 100}),
    }
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}

    async def once(road: str, query: str, variables: dict[str, Any]) -> int:
        operation = Operation(Database(engine), it["referent"], splice=True)
        result = await schemas[road].execute(query, variables, Context(operation))
        assert not result.errors, result.errors
        return len(written({"data": result.data}))

    for turn in range(rounds + 1):
        for name, (query, variables) in pages.items():
            for road in schemas:
                mine, theirs = time.process_time(), postgres_cpu(data)
                for _ in range(EACH):
                    size = await once(road, query, variables)
                mine, theirs = time.process_time() - mine, postgres_cpu(data) - theirs
                if turn:
                    costs = found.setdefault((name, road), [])
                    costs.append((1000 * mine / EACH, 1000 * theirs / EACH))
        if not turn:
            typer.echo(f"answers of {size} bytes at most; {rounds} rounds of {EACH} requests")
    for (name, road), costs in found.items():
        mine, theirs = (statistics.median(values) for values in zip(*costs, strict=True))
        typer.echo(f"{name:16} {road:9} process {mine:7.2f} ms   PostgreSQL {theirs:7.2f} ms")


async def main() -> None:
    """Fill a database of its own and measure."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
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
        await engine.start_connection_pool(max_size=2)
        bind(engine, list(DECLARED.values()))
        it = await fill(engine, host, keys)
        owner = await asyncpg.connect(f"{superuser.rpartition('/')[0]}/cordee")
        await owner.execute("VACUUM ANALYZE")  # else the plans are those of an empty database
        await owner.close()
        await measure(it, engine, host, data, rounds)
        await engine.close_connection_pool()


if __name__ == "__main__":
    asyncio.run(main())
