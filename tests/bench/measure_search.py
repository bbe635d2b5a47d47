"""The search among a tenant's persons: its statements, plans and cost, under row security.

    .venv/bin/python tests/bench/measure_search.py [PERSONS] [--write]

A database of its own with PERSONS (1,000,000) persons in one tenant and a tenth as many in another.
Names follow a skewed distribution: the commonest family name is about 0.7 % of all. Each search
runs as the application does it, in a transaction with a signed context; its cost is the median
time, also as a ratio to the look-up of one person by id. `--write` puts it into
``docs/performance-search.md``.
"""

import asyncio
import json
import secrets
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import asyncpg
import typer

from cordee_core.access.context import ContextKeys
from cordee_core.access.scope import Actor, Scope
from cordee_core.database.engine import CordeeEngine, bind, fetch
from cordee_core.database.lint import declared_classes
from cordee_core.database.migrate import migrate
from cordee_core.database.provision import provision
from cordee_core.database.roles import APP, LOGIN_ROLES, MIGRATOR
from cordee_core.database.rows import find
from cordee_core.database.tables import DECLARED
from cordee_core.embedded.place import temporary_data
from cordee_core.embedded.postgres import EmbeddedPostgres
from cordee_core.features import install
from cordee_core.people.search import SearchDraft, find_matches, parse_search
from cordee_core.people.search.queries import MOST_MATCHES, count_sql, match_sql
from cordee_core.people.tables import Person
from cordee_core.plugins.host import PluginHost

PAGE = Path(__file__).parents[2] / "docs" / "performance-search.md"
FAMILY, GIVEN, ROUNDS = 20_000, 2_000, 40
_NAME = (
    "CREATE FUNCTION pg_temp.spoken(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$"
    " SELECT string_agg((ARRAY['ba','ra','mi','lo','su','ten','dor','vel','kan','nou'])"
    "[substr(lpad(n::text, $2, '0'), at, 1)::int + 1], '') FROM generate_series(1, $2) at $$"
).replace("$2", "5")
_PERSONS = """
INSERT INTO core.persons (tenant_id, id, number, family_name, given_names, birth_date,
    birth_date_precision, created_at, created_by)
SELECT $1, gen_random_uuid(), '2026-' || lpad(n::text, 7, '0'),
    pg_temp.spoken(floor($3 * random() ^ 2)::int),
    pg_temp.spoken(90000 + floor($4 * random() ^ 2)::int),
    date '1940-01-01' + floor(random() * 30000)::int, 'day', now(), $1
FROM generate_series(1, $2::int) n
"""
_TOKENS = """
INSERT INTO core.person_tokens (tenant_id, token, person_id, weight)
SELECT tenant_id, w.token, id, w.weight FROM core.persons p CROSS JOIN LATERAL (VALUES
    (p.family_name, 3), (p.given_names, 3), ('#b:' || p.birth_date, 1),
    ('#i:' || replace(p.number, '-', ''), 1)) w (token, weight) WHERE tenant_id = $1
"""


def spoken(number: int) -> str:
    """The name that `pg_temp.spoken` gives."""
    parts = ("ba", "ra", "mi", "lo", "su", "ten", "dor", "vel", "kan", "nou")
    return "".join(parts[int(digit)] for digit in f"{number:05d}")


SEARCHES = {
    "the person's number": SearchDraft("2026-0004711"),
    "a rare family name": SearchDraft(spoken(19_871)),
    "rare family name, begun given name": SearchDraft(f"{spoken(19_871)} {spoken(90_003)[:4]}"),
    "commonest family name, commonest given name": SearchDraft(f"{spoken(0)} {spoken(90_000)}"),
    "the same with a birth year": SearchDraft(f"{spoken(0)} {spoken(90_000)}", "1975"),
    "a birth date": SearchDraft("", "1975-02-01"),
    "five letters of a name": SearchDraft(spoken(12_000)[:5]),
    "two letters (fits far too many)": SearchDraft("ba"),
    "nobody": SearchDraft("xylophone quartz"),
}


async def fill(superuser: str, tenant: UUID, persons: int) -> None:
    """Write the persons and their tokens."""
    connection = await asyncpg.connect(superuser)
    await connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    await connection.execute(_NAME)
    for each, number in ((tenant, persons), (uuid4(), persons // 10)):
        await connection.execute(_PERSONS, each, number, FAMILY, GIVEN, timeout=3600)
        await connection.execute(_TOKENS, each, timeout=3600)
    await connection.execute("VACUUM ANALYZE core.persons", timeout=3600)
    await connection.execute("VACUUM ANALYZE core.person_tokens", timeout=3600)
    await connection.close()


async def timed(
    engine: CordeeEngine, scope: Scope, *runs: Callable[[], Awaitable[Any]]
) -> list[float]:
    """Median milliseconds of each of `runs`, which take turns, each in its own transaction."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(ROUNDS):
        for found, run in zip(times, runs, strict=True):
            async with engine.transaction(cordee__context=scope.signed()):
                began = time.perf_counter()
                await run()
                found.append((time.perf_counter() - began) * 1000)
    return [statistics.median(found) for found in times]


async def plan(engine: CordeeEngine, scope: Scope, draft: SearchDraft) -> tuple[str, set[str]]:
    """The plan of a search's statement with its figures, and the kinds of its nodes."""
    terms = parse_search(draft)
    bounds = [bound for term in terms for bound in (term.low, term.high)]
    kinds: set[str] = set()
    text = ""
    async with engine.transaction(cordee__context=scope.signed()):
        for statement in (count_sql(len(terms)), match_sql(len(terms))):
            rows = await fetch(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", scope.tenant, *bounds)
            text = "\n".join(row["QUERY PLAN"] for row in rows)
            (row,) = await fetch(f"EXPLAIN (FORMAT JSON) {statement}", scope.tenant, *bounds)
            found = row["QUERY PLAN"]
            tree = found if isinstance(found, list) else json.loads(found)
            kinds |= set(_kinds(tree[0]["Plan"]))
    return text, kinds


def _kinds(node: Any) -> list[str]:
    below = [kind for each in node.get("Plans", ()) for kind in _kinds(each)]
    return [node["Node Type"], *below]


async def measure(persons: int) -> str:
    """Make the database, run every search, return the page."""
    keys, host = ContextKeys({"k1": secrets.token_bytes(32)}), install(PluginHost.discover())
    passwords = {role: secrets.token_urlsafe(12) for role in LOGIN_ROLES}
    with temporary_data() as data, EmbeddedPostgres(data, fast=True) as superuser:
        await provision(superuser, passwords)
        where = superuser.rpartition("@")[2].partition("/")[0]
        urls = {r: f"postgresql://{r}:{passwords[r]}@{where}/cordee" for r in (APP, MIGRATOR)}
        await migrate(urls[MIGRATOR], context_keys=keys, host=host)
        tenant, began = uuid4(), time.monotonic()
        await fill(f"{superuser.rpartition('/')[0]}/cordee", tenant, persons)
        typer.echo(f"{persons:,} persons written in {time.monotonic() - began:.0f} s")
        declared_classes()
        engine = CordeeEngine(urls[APP])
        await engine.start_connection_pool(max_size=1)
        bind(engine, list(DECLARED.values()))
        actor = Actor(id=uuid4(), roles=("reader",), display_name="Reader")
        scope = Scope(tenant=tenant, keys=keys, host=host, member=actor)
        try:
            return await _page(engine, scope, persons)
        finally:
            await engine.close_connection_pool()


async def _page(engine: CordeeEngine, scope: Scope, persons: int) -> str:
    async with engine.transaction(cordee__context=scope.signed()):
        (some,) = await fetch("SELECT id FROM core.persons LIMIT 1")
    lines, kinds, look_ups = [], set(), []
    for name, draft in SEARCHES.items():
        terms = parse_search(draft)
        look_up, cost = await timed(
            engine, scope,
            lambda: find(Person, some["id"]), lambda t=terms: find_matches(scope.tenant, t),
        )  # fmt: skip
        look_ups.append(look_up)
        async with engine.transaction(cordee__context=scope.signed()):
            found = await find_matches(scope.tenant, terms)
        _, nodes = await plan(engine, scope, draft)
        kinds |= nodes
        all_ = "" if found.complete else f" (first {MOST_MATCHES:,} tokens looked at)"
        lines.append(
            f"| {name} | {len(found.persons):,}{all_} | {cost:.1f} | {cost / look_up:.0f} |"
        )
        typer.echo(lines[-1])
    shown = SEARCHES["commonest family name, commonest given name"]
    text, _ = await plan(engine, scope, shown)
    assert "Seq Scan" not in kinds, kinds
    statement = match_sql(len(parse_search(shown)))
    return _TEXT.format(
        persons=persons, look_up=statistics.median(look_ups), lines="\n".join(lines),
        kinds=", ".join(sorted(kinds)),
        statement=_broken(statement), plan=text, most=MOST_MATCHES,
    )  # fmt: skip


def _broken(statement: str) -> str:
    for word in (" FROM ", " JOIN ", " WHERE ", " ORDER BY ", " GROUP BY "):
        statement = statement.replace(word, f"\n   {word.rstrip()} ")
    return statement


_TEXT = """# Search among a tenant's persons

Written by `./dev bench search --write`: {persons:,} persons in one tenant, a tenth as many in
another, names skewed (the commonest family name 0.7 % of all), PostgreSQL {{version}} embedded with
`fsync` off, the application's role, a signed context in each transaction. Milliseconds are medians
of {{rounds}} runs and hold both statements of a search (count, then match), without GraphQL. The
look-up of one person by id, which takes turns with each search, takes {look_up:.2f} ms.

| searched | found | ms | times the look-up |
|---|---|---|---|
{lines}

Nodes of all plans: {kinds}. No sequential scan; `tests/core/test_persons_search.py` keeps it so.

How it stays bounded: each word is a range of tokens (`low <= token < high`, collation C, whose
operators are leakproof, so that row security lets the index serve them); the ranges are counted up
to {most:,}; the one with the fewest is read, {most:,} tokens at most, and each person in it is
looked up in the other ranges by index. Where even the rarest word fits more, the answer says so
(`complete: false`), and a further word or a birth date narrows it.

Protected and merged persons have no tokens: a search reads, counts and takes exactly as long as if
they were not there.

## The statement for two words

```sql
{statement}
```

```
{plan}
```
"""


def main(
    persons: Annotated[int, typer.Argument(help="How many persons.")] = 1_000_000,
    write: Annotated[bool, typer.Option("--write", help="Write the page.")] = False,
) -> None:
    """Measure the search."""
    text = asyncio.run(measure(persons))
    text = text.replace("{version}", "18").replace("{rounds}", str(ROUNDS))
    if write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        typer.echo(text)


if __name__ == "__main__":
    typer.run(main)
