"""Rounds of load on several systems, interleaved, with the CPU of each process tree."""

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Protocol

import driver
import usage
from facts import compare
from figures import Cell, percentile
from rawsql import RawSql, statement
from seeding import Cluster, Database
from systems import System
from workloads import Question, as_bytes, stream

RAW = "raw"


class Target(Protocol):
    """Something that answers questions and whose CPU can be read."""

    @property
    def name(self) -> str:
        """Its name in the report."""
        ...

    @property
    def pid(self) -> int:
        """The root of its process tree."""
        ...

    async def drive(self, asked: Sequence[Question], seconds: float, start: int) -> driver.Run:
        """Ask for `seconds`."""
        ...

    async def ask(self, question: Question) -> bytes:
        """Ask once."""
        ...


@dataclass
class Http:
    """A system behind HTTP."""

    system: System

    @property
    def name(self) -> str:
        """Its name in the report."""
        return self.system.name

    @property
    def pid(self) -> int:
        """The root of its process tree."""
        return self.system.pid

    async def drive(self, asked: Sequence[Question], seconds: float, start: int) -> driver.Run:
        """Ask over eight kept connections."""
        requests = stream(self.system.documents, self.system.port, asked, start)
        return await driver.drive(self.system.port, requests, seconds)

    async def ask(self, question: Question) -> bytes:
        """Ask once, on a connection of its own."""
        sent = as_bytes(self.system.documents, self.system.port, question)
        return await driver.ask(self.system.port, sent)


class Raw:
    """The statements in this very process, which costs nothing else meanwhile."""

    name = RAW

    def __init__(self, cluster: Cluster, database: Database) -> None:
        self._sql = RawSql(cluster, database.name)
        self._open = False

    @property
    def pid(self) -> int:
        """This process."""
        return os.getpid()

    async def drive(self, asked: Sequence[Question], seconds: float, start: int) -> driver.Run:
        """Ask, eight at a time."""
        await self._ready()
        return await self._sql.drive(asked[0].work, asked, seconds, start)

    async def ask(self, question: Question) -> bytes:
        """Ask once."""
        await self._ready()
        return await self._sql.ask(statement(question.work), question)

    async def close(self) -> None:
        """Disconnect."""
        if self._open:
            await self._sql.close()

    async def _ready(self) -> None:
        if not self._open:
            await self._sql.open()
            self._open = True


@dataclass
class Rounds:
    """Interleaved rounds: in each, every question goes to every target once."""

    targets: Sequence[Target]
    postgres: int
    """Process id of PostgreSQL's parent."""
    seconds: float
    say: Callable[[str], None]
    own: set[int] = field(default_factory=set)
    cells: list[Cell] = field(default_factory=list)

    async def check(self, asked: Sequence[Question], number: int) -> int:
        """Put the first `number` questions to every target; return how many were equal, or raise.

        Raises:
            UnequalError: two targets say different things.
        """
        for question in asked[:number]:
            answers = {one.name: await one.ask(question) for one in self.targets}
            compare(question.work, answers)
        return min(number, len(asked))

    async def warm(self, asked: Sequence[Question], seconds: float) -> None:
        """Let every target see its questions once, so that plans and caches are there."""
        for one in self.targets:
            await one.drive(asked, seconds, 0)

    async def run(self, works: Sequence[Sequence[Question]], rounds: int) -> list[Cell]:
        """Measure, the order of the targets turning with each round."""
        for number in range(rounds):
            turned = [*self.targets[number % len(self.targets) :]]
            turned += self.targets[: number % len(self.targets)]
            for asked in works:
                for one in turned:
                    self.cells.append(await self._cell(one, asked, number))
            self.say(f"round {number + 1} of {rounds}; load {usage.load():.1f}")
        return self.cells

    async def _cell(self, target: Target, asked: Sequence[Question], number: int) -> Cell:
        await asyncio.sleep(0.05)
        app, database = usage.cpu_seconds(target.pid), usage.cpu_seconds(self.postgres)
        if target.name == RAW:  # PostgreSQL is a child of this process, and is counted by itself
            app = _own_cpu()
        run = await target.drive(asked, self.seconds, number * 97)
        spent = (_own_cpu() if target.name == RAW else usage.cpu_seconds(target.pid)) - app
        stored = usage.cpu_seconds(self.postgres) - database
        count = max(run.requests, 1)
        return Cell(
            asked[0].work, target.name, number, run.requests, run.requests / run.seconds,
            1000 * median(run.latencies), 1000 * percentile(run.latencies, 99),
            1000 * spent / count, 1000 * stored / count, run.size / count,
            usage.resident_mib(target.pid), usage.load(),
        )  # fmt: skip


def _own_cpu() -> float:
    times = os.times()
    return times.user + times.system
