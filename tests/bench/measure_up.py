"""Measure `cordee up` on an initialised folder: time to the first answer, memory of each process.

    ./dev measure [RUNS]

The first start makes the folder and is not counted. Memory is the resident set (``VmRSS``) of each
process after the first answer; pages of PostgreSQL that several processes share count in each.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from cordee_core.embedded import temporary_data
from cordee_core.embedded.process import free_port
from cordee_server.child import cordee

MEBIBYTE = 1024


def start(data: Path) -> tuple[subprocess.Popen[bytes], float]:
    """Return a running `cordee up` and the seconds until it answered its first query."""
    ready = data.parent / "ready.json"
    words = ["--data", str(data), "--ready-file", str(ready), "--port", str(free_port())]
    began = time.monotonic()
    process = subprocess.Popen(
        [*cordee("up"), *words],
        stdout=subprocess.DEVNULL,
        cwd="/",
        env={name: value for name, value in os.environ.items() if not name.startswith("CORDEE_")},
    )
    while not ready.exists():
        if process.poll() is not None:
            raise SystemExit(f"cordee up ended with status {process.returncode}")
        time.sleep(0.01)
    content = json.loads(ready.read_text(encoding="utf-8"))
    token = content["tenants"][0]["tokens"]["referent"]
    request = urllib.request.Request(
        content["graphql"],
        json.dumps({"query": "{ __typename }"}).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer) == {"data": {"__typename": "Query"}}
    return process, time.monotonic() - began


def memory(parent: int) -> list[tuple[str, float]]:
    """Return name and resident memory (MiB) of `parent` and its children."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(
                line.split(":", 1) for line in (folder / "status").read_text().splitlines()
            )
            words = (folder / "cmdline").read_bytes().decode().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent in (int(folder.name), int(status["PPid"])):
            name = words[3] if words[1:2] == ["-c"] else Path(words[0]).name
            found.append((name, int(status.get("VmRSS", "0").split()[0]) / MEBIBYTE))
    return sorted(found)


def stop(process: subprocess.Popen[bytes]) -> float:
    """End `cordee up` and return the seconds it took."""
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    return time.monotonic() - began


def main() -> None:
    """Print the figures."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with temporary_data() as data:
        process, first = start(data)
        stop(process)
        seconds, stops = [], []
        for _ in range(runs):
            process, taken = start(data)
            seconds.append(taken)
            figures = memory(process.pid)
            stops.append(stop(process))
    out = sys.stdout.write
    out(f"empty folder: first answer after {first:.1f} s\n")
    out(
        f"initialised folder, {runs} runs: first answer after {statistics.median(seconds):.1f} s"
        f" ({min(seconds):.1f} to {max(seconds):.1f});"
        f" stopped in {statistics.median(stops):.1f} s\n"
    )
    for name, size in figures:
        out(f"  {name:<12} {size:6.0f} MiB resident\n")


if __name__ == "__main__":
    main()
