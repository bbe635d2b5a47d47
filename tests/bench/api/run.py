"""Measure the GraphQL API against PostGraphile 5 and raw SQL, and write docs/performance.md.

    ./dev bench graphql [--short] [--rounds N] [--no-peer] [--data FOLDER] [--output FILE]

Both servers run on one embedded PostgreSQL, on the same tables, role and policies. Figures are CPU
time per request, which stays steady on a busy machine; requests per second do not.
"""

import argparse
import asyncio
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import usage
from facts import UnequalError
from figures import Cell
from hotspots import Profile, profile, ways
from measure import Http, Raw, Rounds, Target
from report import Outcome, missed, profile_lines, table, write
from seeding import SQL, Cluster, Database, Plan, seed
from systems import UNPLANNED, System, fetch_peer, ours, peer
from workloads import Question, questions

from cordee_core.database.provision import connect
from cordee_core.database.roles import LOGIN_ROLES
from cordee_core.embedded import EmbeddedPostgres, EmbeddedRedis, temporary_data

ROOT = Path(__file__).parents[3]
WORKS = ("q1", "q2", "q4", "m1", "q3")
SHARED_BUFFERS = "1GB"
PATIENT = {"CORDEE_OPERATION_SECONDS": "300"}
"""A thousand rows resolved one by one, eight pages at a time, take longer than is usual."""


@dataclass(frozen=True)
class Scale:
    """How much is seeded, how long and how often is measured."""

    main: Plan
    few: Plan
    many: Plan
    rounds: int
    seconds: float
    warm: float
    checked: int
    page: int
    rows: int


def _sizes(tenants: int, cases: int, big: int, second: int) -> tuple[int, ...]:
    small, rest = divmod(cases - big - second, tenants - 2)
    return (big, second, small + rest, *(small for _ in range(tenants - 3)))


FULL = Scale(
    Plan(_sizes(100, 200_000, 50_000, 1_000)), Plan((140,) * 10), Plan((140,) * 1_000),
    rounds=12, seconds=1.5, warm=1.5, checked=25, page=50, rows=1_000,
)  # fmt: skip
SHORT = Scale(
    Plan(_sizes(4, 400, 200, 60)), Plan((20,) * 2), Plan((20,) * 6),
    rounds=2, seconds=0.25, warm=0.1, checked=3, page=10, rows=50,
)  # fmt: skip


def say(text: str) -> None:
    """Tell the person at the keyboard."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def _cluster(work: Path, *, short: bool) -> Iterator[tuple[Cluster, EmbeddedPostgres]]:
    """Lend a PostgreSQL of our own; the full one durable and with memory for the rows."""
    passwords = {role: secrets.token_urlsafe(12) for role in LOGIN_ROLES}
    key = secrets.token_hex(32)
    server = EmbeddedPostgres(work, fast=short)
    url = server.start()
    try:
        if not short:
            asyncio.run(_more_memory(url))
            server.stop()
            url = server.start()
        yield Cluster(url, passwords, key), server
    finally:
        server.stop()


async def _more_memory(url: str) -> None:
    connection = await connect(url)
    await connection.execute(f"ALTER SYSTEM SET shared_buffers = '{SHARED_BUFFERS}'")
    await connection.close()


@contextmanager
def _peer_functions(cluster: Cluster, database: Database) -> Iterator[None]:
    """Lend the peer what it needs; only while our servers run, which refuse to start beside it."""
    asyncio.run(_execute(cluster, database, "peer.sql"))
    try:
        yield
    finally:
        asyncio.run(_execute(cluster, database, "peer_away.sql"))


async def _execute(cluster: Cluster, database: Database, file: str) -> None:
    connection = await connect(cluster.superuser_url(database.name))
    await connection.execute((SQL / file).read_text(encoding="utf-8"))
    await connection.close()


def _compare(
    cluster: Cluster, server: EmbeddedPostgres, database: Database, work: Path, redis: str,
    scale: Scale, *, with_peer: bool,
) -> tuple[list[Cell], int]:  # fmt: skip
    """Measure all systems on the main database; return figures and the number of equal answers."""
    with ExitStack() as stack:
        enter = stack.enter_context
        systems = [
            enter(ours("cordee", cluster, database, work, redis=redis)),
            enter(ours(
                "unplanned", cluster, database, work, redis=redis, command=UNPLANNED,
                more=PATIENT,
            )),
        ]  # fmt: skip
        if with_peer:
            enter(_peer_functions(cluster, database))
            systems.append(enter(peer(cluster, database, work)))
        asked = [
            questions(one, database, 400, scale.page if one == "q2" else scale.rows)
            for one in WORKS
        ]
        raw = Raw(cluster, database)
        cells, equal = asyncio.run(_rounds(systems, raw, server, asked, scale))
    return cells, equal


async def _rounds(
    systems: list[System], raw: Raw | None, server: EmbeddedPostgres, asked: list[list[Question]],
    scale: Scale,
) -> tuple[list[Cell], int]:  # fmt: skip
    targets: list[Target] = [Http(one) for one in systems]
    targets += [raw] if raw else []
    quiet = scale.rounds == 1
    rounds = Rounds(targets, server.process.pid, scale.seconds, (lambda _: None) if quiet else say)
    equal = 0
    for one in asked:
        equal += await rounds.check(one, scale.checked)
        await rounds.warm(one, scale.warm)
    cells = await rounds.run(asked, scale.rounds)
    if raw:
        await raw.close()
    return cells, equal


def _sizes_compared(
    cluster: Cluster, server: EmbeddedPostgres, database: Database, work: Path, redis: str,
    scale: Scale,
) -> list[Cell]:  # fmt: skip
    """Measure Q1 and Q2 on the tenant with the most cases and on the second; one system, ours."""
    with ours("cordee", cluster, database, work, redis=redis) as system:
        cells: list[Cell] = []
        for number in range(scale.rounds):
            for place, name in enumerate(("large", "small")):
                asked = [
                    questions(one, database, 200, scale.page, [database.tenants[place]])
                    for one in ("q1", "q2")
                ]
                once = replace(scale, rounds=1, checked=0, warm=0.0 if number else scale.warm)
                found, _ = asyncio.run(_rounds([system], None, server, asked, once))
                cells += [replace(one, system=name, round=number) for one in found]
        return cells


def _numbers_compared(
    cluster: Cluster, server: EmbeddedPostgres, few: Database, many: Database, work: Path,
    redis: str, scale: Scale,
) -> list[Cell]:  # fmt: skip
    """Measure Q1 and Q2 with few tenants and with many, each with as many cases."""
    with (
        ours("few", cluster, few, work, redis=redis) as first,
        ours("many", cluster, many, work, redis=redis) as second,
    ):
        cells: list[Cell] = []
        for number in range(scale.rounds):
            for system, database in ((first, few), (second, many)):
                asked = [questions(one, database, 400, scale.page) for one in ("q1", "q2")]
                once = replace(scale, rounds=1, checked=0, warm=0.0 if number else scale.warm)
                found, _ = asyncio.run(_rounds([system], None, server, asked, once))
                cells += [replace(one, round=number) for one in found]
        return cells


def _profiles(
    cluster: Cluster, database: Database, work: Path, redis: str, scale: Scale, works: list[str]
) -> list[Profile]:
    """Say where the server's time goes for the questions that missed their target."""
    found = []
    for one in works:
        asked = questions(one, database, 400, scale.page if one == "q2" else scale.rows)
        found.append(profile(cluster, database, work, redis, asked, 4 * scale.seconds))
    return found


def measure(scale: Scale, work: Path, *, short: bool, with_peer: bool) -> Outcome:
    """Seed, measure everything, and return it."""
    began = time.monotonic()
    loads = [usage.load()]
    with (
        _cluster(work / "data", short=short) as (cluster, server),
        EmbeddedRedis(work / "redis") as redis,
    ):
        main = asyncio.run(seed(cluster, "bench_main", scale.main, say))
        cells, equal = _compare(cluster, server, main, work, redis, scale, with_peer=with_peer)
        say(table(cells))
        once = [questions(one, main, 1, scale.page)[0] for one in WORKS]
        answered = ways(cluster, main, work, redis, once)
        loads.append(usage.load())
        profiles = _profiles(cluster, main, work, redis, scale, missed(cells))
        say("\n".join(profile_lines(profiles)))
        sizes = _sizes_compared(cluster, server, main, work, redis, scale)
        few = asyncio.run(seed(cluster, "bench_few", scale.few, say))
        many = asyncio.run(seed(cluster, "bench_many", scale.many, say))
        numbers = _numbers_compared(cluster, server, few, many, work, redis, scale)
    loads.append(usage.load())
    return Outcome(
        cells, sizes, numbers, profiles, answered, equal, scale.rows, main.plan, scale.seconds,
        SHARED_BUFFERS, [*loads, *(one.load for one in cells)], time.monotonic() - began,
    )  # fmt: skip


def _arguments() -> argparse.Namespace:
    about = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="./dev bench graphql", description=about)
    parser.add_argument("--short", action="store_true", help="little data, 2 rounds, a minute")
    parser.add_argument("--rounds", type=int, help="interleaved rounds (12; 2 when short)")
    parser.add_argument("--seconds", type=float, help="of each question, system and round")
    parser.add_argument("--no-peer", action="store_true", help="leave PostGraphile out")
    parser.add_argument("--data", type=Path, help="folder that keeps the rows for the next run")
    parser.add_argument("--output", type=Path, help="the report; docs/performance.md when full")
    return parser.parse_args()


def main() -> int:
    """Measure, print the tables and write the report."""
    given = _arguments()
    scale = SHORT if given.short else FULL
    scale = replace(
        scale, rounds=given.rounds or scale.rounds, seconds=given.seconds or scale.seconds
    )
    if not given.no_peer:
        fetch_peer()
    with temporary_data() if given.data is None else nullcontext(given.data.absolute()) as data:
        data.mkdir(mode=0o711, parents=True, exist_ok=True)
        try:
            outcome = measure(scale, data, short=given.short, with_peer=not given.no_peer)
        except UnequalError as error:
            say(f"The answers differ, so there is nothing to compare.\n{error}")
            return 1
    output = given.output or (None if given.short else ROOT / "docs" / "performance.md")
    text = write(outcome)
    if output:
        output.write_text(text, encoding="utf-8")
        say(f"written: {output}")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
