"""Where a web process spends its CPU time on one question."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import driver
from seeding import Cluster, Database
from systems import HERE, POOL, clean_environment, running
from workloads import Question, stream

from cordee_core.database.roles import APP
from cordee_core.embedded.process import free_port


@dataclass(frozen=True)
class Profile:
    """Shares of the process's CPU time by step and by package, the largest first."""

    work: str
    steps: list[tuple[str, float]]
    packages: list[tuple[str, float]]


def profile(
    cluster: Cluster, database: Database, work: Path, redis: str, asked: Sequence[Question],
    seconds: float,
) -> Profile:  # fmt: skip
    """Ask for `seconds` of a server that samples itself; return where the time went."""
    port, report = free_port(), work / "profile.json"
    environ = clean_environment() | {
        "CORDEE_DATABASE_URL": cluster.url(APP, database.name),
        "CORDEE_CONTEXT_KEY": cluster.key,
        "CORDEE_REDIS_URL": redis,
        "CORDEE_PORT": str(port),
        "CORDEE_POOL_SIZE": str(POOL),
        "CORDEE_LOG_LEVEL": "warning",
    }
    command = [sys.executable, str(HERE / "sampled.py"), str(report)]
    with running("sampled", "ours", command, environ, port, work / "sampled.log") as system:
        asyncio.run(driver.drive(port, stream(system.documents, port, asked, 0), 1.0))
        os.kill(system.pid, signal.SIGUSR1)
        asyncio.run(driver.drive(port, stream(system.documents, port, asked, 0), seconds))
    found = json.loads(report.read_text(encoding="utf-8"))
    total = sum(count for _, count in found["packages"]) or 1
    shares = {
        kind: [(name, count / total) for name, count in found[kind]]
        for kind in ("steps", "packages")
    }
    return Profile(asked[0].work, shares["steps"][:14], shares["packages"][:14])
