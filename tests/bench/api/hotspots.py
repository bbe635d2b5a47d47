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
from systems import HERE, ours
from workloads import Question, as_bytes, stream


@dataclass(frozen=True)
class Profile:
    """Shares of the process's CPU time by step and by package, the largest first."""

    work: str
    steps: list[tuple[str, float]]
    packages: list[tuple[str, float]]


def ways(
    cluster: Cluster, database: Database, work: Path, redis: str, asked: Sequence[Question]
) -> dict[str, str]:
    """Return, for each question, how a server says that it answers it: by plan, or why not."""
    found = {}
    shown = {"CORDEE_SHOW_PLANS": "true"}
    with ours("shown", cluster, database, work, redis=redis, more=shown) as system:
        for one in asked:
            sent = as_bytes(system.documents, system.port, one)
            answer = json.loads(asyncio.run(driver.ask(system.port, sent)))
            plans = answer["extensions"]["plan"].values()
            reasons = [plan["reason"] for plan in plans if not plan["planned"]]
            found[one.work] = f"resolved one by one: {'; '.join(reasons)}" if reasons else "planned"
    return found


def profile(
    cluster: Cluster, database: Database, work: Path, redis: str, asked: Sequence[Question],
    seconds: float,
) -> Profile:  # fmt: skip
    """Ask for `seconds` of a server that samples itself; return where the time went."""
    report = work / "profile.json"
    command = [sys.executable, str(HERE / "sampled.py"), str(report)]
    with ours("sampled", cluster, database, work, redis=redis, command=command) as system:
        requests = stream(system.documents, system.port, asked, 0)
        asyncio.run(driver.drive(system.port, requests, 1.0))
        os.kill(system.pid, signal.SIGUSR1)
        asyncio.run(driver.drive(system.port, requests, seconds))
    found = json.loads(report.read_text(encoding="utf-8"))
    total = sum(count for _, count in found["packages"]) or 1
    shares = {
        kind: [(name, count / total) for name, count in found[kind]]
        for kind in ("steps", "packages")
    }
    return Profile(asked[0].work, shares["steps"][:14], shares["packages"][:14])
