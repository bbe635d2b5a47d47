"""`cordee serve` that says at its end where its CPU time went.

From SIGUSR1 on, the kernel sends SIGPROF for each 2 ms of CPU time (setitimer(2), ITIMER_PROF);
the handler notes the innermost Python frame, and which step of a request its callers belong to.
Time in a C function counts for its caller.

    sampled.py REPORT.json
"""

import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

from cordee_core.settings import load_settings
from cordee_server import serve

_INTERVAL = 0.002
_ROOT = Path(__file__).parents[3]
_STEPS = (
    ("access/tokens.py", "token and member looked up"),
    ("access/memory.py", "token and member looked up"),
    ("cordee_server/auth.py", "token and member looked up"),
    ("cordee_server/ratelimit.py", "budget in Redis"),
    ("cordee_graphql/throttle.py", "budget in Redis"),
    ("cordee_graphql/limits.py", "cost measured"),
    ("cordee_graphql/documents.py", "document found"),
    ("cordee_graphql/prepared.py", "document found"),
    ("cordee_core/journal/", "journal"),
    ("database/records.py", "journal"),
    ("planner/road.py", "planned statement"),
    ("cordee_core/notes/", "the use case"),
    ("cordee_core/outbox/", "outbox"),
    ("database/read_session.py", "read transaction: begin, journal, commit"),
    ("database/unit_of_work.py", "write transaction: begin, records, commit"),
    ("database/transaction.py", "transaction opened and closed"),
    ("database/opening.py", "transaction opened and closed"),
    ("planner/declare.py", "fields resolved one by one"),
    ("planner/declare_inside.py", "fields resolved one by one"),
    ("planner/shapes.py", "fields resolved one by one"),
    ("planner/loading.py", "fields resolved one by one"),
    ("planner/binding.py", "values of a plan"),
    ("cordee_graphql/planner/", "planner"),
    ("cordee_graphql/types/", "fields resolved one by one"),
    ("cordee_graphql/", "GraphQL frame of ours"),
    ("strawberry/", "Strawberry and graphql-core"),
    ("graphql/", "Strawberry and graphql-core"),
    ("cordee_server/http/", "HTTP frame of ours"),
    ("litestar/", "Litestar"),
    ("hypercorn/", "Hypercorn and h11"),
    ("redis/", "budget in Redis"),
    ("asyncpg/", "asyncpg"),
)
"""Places in files' paths, the step they stand for; of a stack's frames the innermost counts."""


def package(file: str) -> str:
    """Return which package a file belongs to; ours to the folder."""
    if "site-packages/" in file:
        return file.partition("site-packages/")[2].partition("/")[0]
    path = Path(file)
    if _ROOT in path.parents:
        return ".".join(path.relative_to(_ROOT).parts[-3:-1])
    return "Python's library" if path.is_absolute() else "event loop and C"


def step(frame: FrameType | None) -> str:
    """Return the step of a request that `frame` and its callers belong to."""
    second = ""
    while frame is not None:
        file = frame.f_code.co_filename
        found = next((name for place, name in _STEPS if place in file), "")
        if (found and found not in ("asyncpg", "budget in Redis")) or "ratelimit" in file:
            return found
        second = second or found
        frame = frame.f_back
    return second or "event loop"


def main() -> None:
    """Serve, sampling, until SIGTERM; then write the report."""
    report = Path(sys.argv[1])
    counts: dict[str, Counter[str]] = {"packages": Counter(), "steps": Counter()}

    def sample(_number: int, frame: FrameType | None) -> None:
        if frame is not None:
            counts["packages"][package(frame.f_code.co_filename)] += 1
            counts["steps"][step(frame)] += 1

    def begin(_number: int, _frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_PROF, _INTERVAL, _INTERVAL)

    settings = load_settings(os.environ)
    signal.signal(signal.SIGPROF, sample)
    signal.signal(signal.SIGUSR1, begin)
    try:
        serve.run(settings, 1)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        found = {kind: count.most_common() for kind, count in counts.items()}
        report.write_text(json.dumps(found), encoding="utf-8")


main()
