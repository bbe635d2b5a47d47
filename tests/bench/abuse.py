"""Hurt a running Cordée and look at what others feel and what memory it takes (trust.md G15).

    .venv/bin/python tests/bench/abuse.py [SECONDS]

Starts `cordee up` with its demonstration data. A well-behaved client of one tenant asks ten times
a second; meanwhile others send every hurtful document of ``tests/api/abuse``, flood, drip and
vanish. Prints for each attack how long a refusal takes, how long the well-behaved client waits, and
the resident memory of the web process.
"""

import asyncio
import contextlib
import importlib.util
import json
import multiprocessing
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from measure_up import memory, running

from cordee_core.embedded import temporary_data

ABUSE = Path(__file__).parents[1] / "api" / "abuse"
NORMAL = "{ viewer { member { id displayName } } cases(first: 10) { nodes { id number stage } } }"


def module(name: str) -> Any:
    """Return a module of the tests."""
    spec = importlib.util.spec_from_file_location(f"abuse_{name}", ABUSE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found


@dataclass
class Target:
    """The Cordée that is hurt."""

    address: str
    parent: int
    token: str
    """Of the tenant that attacks."""
    other: str
    """Of the tenant that just works."""
    http: httpx.AsyncClient
    answers: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)

    def resident(self) -> float:
        """Return the resident memory of the web process, in MiB."""
        return next(size for name, size in memory(self.parent) if name == "serve")

    async def post(self, body: Any, token: str | None = None) -> float:
        """Send one request; note code and time of the answer; return the milliseconds."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        began = time.perf_counter()
        answer = await self.http.post("/graphql", json=body, headers=headers)
        taken = (time.perf_counter() - began) * 1000
        told = answer.json()
        code = told["errors"][0]["extensions"]["code"] if "errors" in told else "answered"
        self.answers[code] += 1
        self.times.append(taken)
        return taken


Attack = Callable[[Target], Awaitable[None]]


def work(address: str, token: str, stop: Any, answer_to: Any) -> None:
    """Ask ten times a second until `stop`; hand over the milliseconds of each answer."""
    found: list[float] = []
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=address, timeout=60, headers=headers) as http:
        while not stop.wait(0.1):
            began = time.perf_counter()
            answer = http.post("/graphql", json={"query": NORMAL})
            assert "errors" not in answer.json(), answer.text
            found.append((time.perf_counter() - began) * 1000)
    answer_to.send(found)


async def under(target: Target, attack: Attack | None, seconds: float) -> list[float]:
    """Return how long the well-behaved client, a process of its own, waits during `attack`."""
    context = multiprocessing.get_context("spawn")
    stop, (mine, its) = context.Event(), context.Pipe()
    client = context.Process(target=work, args=(target.address, target.other, stop, its))
    client.start()
    await asyncio.sleep(1)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            if attack is None:
                await asyncio.sleep(seconds)
            while attack is not None:
                await attack(target)
    stop.set()
    found: list[float] = await asyncio.to_thread(mine.recv)
    client.join()
    return found


def sending(body: Any, *, signed_in: bool = True) -> Attack:
    """Return the attack that sends `body`, one after the other."""

    async def attack(target: Target) -> None:
        await target.post(body, target.token if signed_in else None)
        await asyncio.sleep(0.02)

    return attack


async def blind(target: Target) -> None:
    """Send documents that differ in a literal only."""
    for _ in range(20):
        number = time.perf_counter_ns()
        await target.post({"query": f'{{ node(id: "{number}") {{ id }} }}'}, target.token)


async def drip(target: Target) -> None:
    """Open 100 connections whose bodies never end."""
    parts = urlsplit(target.address)
    line = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    opened = []
    for _ in range(100):
        _, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(line + b"Content-Length: 5000\r\n\r\n{")
        opened.append(writer)
    for _ in range(20):
        for writer in opened:
            writer.write(b" ")
        await asyncio.sleep(0.1)
    for writer in opened:
        writer.transport.abort()


def sockets(client: Any, *, vanish: bool) -> Attack:
    """Return the attack that subscribes without end on many connections."""

    async def one(target: Target, stack: contextlib.AsyncExitStack) -> None:
        dial = client.dialled(target.address)
        socket = await stack.enter_async_context(dial)
        if socket.status != 101:
            target.answers[f"handshake {socket.status}"] += 1
            return
        with contextlib.suppress(AssertionError, ConnectionError):
            await socket.init(target.token)
            for number in range(60):
                query = "subscription { caseloadChanges { cursor } }"
                await socket.subscribe(str(number), query)
            for _ in range(0 if vanish else 40):
                message = await socket.next()
                target.answers[message["payload"][0]["extensions"]["code"]] += 1
        target.answers[f"closed {socket.closed[0]}" if socket.closed else "open"] += 1
        socket.vanish()

    async def attack(target: Target) -> None:
        async with contextlib.AsyncExitStack() as stack:
            await asyncio.gather(*(one(target, stack) for _ in range(20)))

    return attack


def attacks() -> dict[str, Attack]:
    """Return every attack by its name."""
    documents, client = module("test_abuse_documents"), module("socket_client")
    found = {name: sending({"query": text}) for name, (text, _) in documents.HURTFUL.items()}
    many = {"first": 1, "ids": [{"x": n} for n in range(20_000)]}
    return {
        **found,
        "wide, nobody signed in": sending({"query": "{ " + "a " * 9_000 + "}"}, signed_in=False),
        "deep variables": sending({"query": documents.QUERY, "variables": {"a": documents.NESTED}}),
        "many wrong variables": sending({"query": documents.QUERY, "variables": many}),
        "batch of a thousand": sending([{"query": "{ __typename }"}] * 1_000),
        "unknown hash": sending({"documentId": "0" * 64}),
        "documents that differ in a literal": blind,
        "slow bodies": drip,
        "subscription flood": sockets(client, vanish=False),
        "subscribers that vanish": sockets(client, vanish=True),
    }


def figures(values: list[float]) -> str:
    """Return the median and the 95th percentile."""
    if len(values) < 2:
        return "-"
    return f"{statistics.median(values):.0f} / {statistics.quantiles(values, n=20)[-1]:.0f}"


@contextlib.asynccontextmanager
async def target_of(data: Path) -> AsyncIterator[Target]:
    """Start Cordée and lend it."""
    with running(data) as (parent, _):
        ready = json.loads((data.parent / "ready.json").read_text(encoding="utf-8"))
        tokens = [tenant["tokens"]["referent"] for tenant in ready["tenants"][:2]]
        parts = urlsplit(ready["graphql"])
        address = f"{parts.scheme}://{parts.netloc}"
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            yield Target(address, parent, tokens[0], tokens[-1], http)


async def measure(seconds: float) -> None:
    """Run everything once and print it."""
    out = sys.stdout.write
    with temporary_data() as data:
        async with target_of(data) as target:
            await under(target, sending({"query": NORMAL}), seconds)
            calm = await under(target, None, 2 * seconds)
            before = target.resident()
            out(f"calm: p50 / p95 {figures(calm)} ms, {before:.0f} MiB\n")
            out(f"{'attack':<36}{'refused ms':>14}{'others ms':>16}{'MiB':>6}  codes\n")
            for name, attack in attacks().items():
                target.answers.clear()
                target.times.clear()
                others = await under(target, attack, seconds)
                codes = ", ".join(f"{code} {n}" for code, n in target.answers.most_common(4))
                refused, felt = figures(target.times), figures(others)
                out(f"{name:<36}{refused:>14}{felt:>16}{target.resident():>6.0f}  {codes}\n")
            after = await under(target, None, 2 * seconds)
            out(f"calm again: {figures(after)} ms\n")
            out(f"resident memory: {before:.0f} -> {target.resident():.0f} MiB\n")


if __name__ == "__main__":
    asyncio.run(measure(float(sys.argv[1]) if len(sys.argv) > 1 else 4.0))
