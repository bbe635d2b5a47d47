"""`cordee serve` that says at its end where its CPU time went.

From SIGUSR1 on, the kernel sends SIGPROF for each 2 ms of CPU time (setitimer(2), ITIMER_PROF);
the handler notes the innermost Python frame. Time in a C function counts for its caller.

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


def package(file: str) -> str:
    """Return which package a file belongs to; ours to the folder."""
    if "site-packages/" in file:
        return file.partition("site-packages/")[2].partition("/")[0]
    path = Path(file)
    if _ROOT in path.parents:
        return ".".join(path.relative_to(_ROOT).parts[-3:-1])
    return "Python's library" if path.is_absolute() else "event loop and C"


def main() -> None:
    """Serve, sampling, until SIGTERM; then write the report."""
    report = Path(sys.argv[1])
    packages: Counter[str] = Counter()
    functions: Counter[str] = Counter()

    def sample(_number: int, frame: FrameType | None) -> None:
        if frame is not None:
            name = package(frame.f_code.co_filename)
            packages[name] += 1
            functions[f"{name}: {frame.f_code.co_qualname}"] += 1

    def begin(_number: int, _frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_PROF, _INTERVAL, _INTERVAL)

    settings = load_settings(os.environ)
    signal.signal(signal.SIGPROF, sample)
    signal.signal(signal.SIGUSR1, begin)
    try:
        serve.run(settings, 1)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        found = {"packages": packages.most_common(), "functions": functions.most_common(15)}
        report.write_text(json.dumps(found), encoding="utf-8")


main()
