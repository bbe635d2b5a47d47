"""The processes that `cordee up` runs: started with what they need, watched, stopped in order."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cordee_core.embedded.process import last_lines, start, stop
from cordee_core.errors import ProcessDiedError
from cordee_server.child import cordee
from cordee_server.supervisor import GRACE_SECONDS

_CONTENT = ("CORDEE_DATABASE_URL", "CORDEE_CONTEXT_KEY", "CORDEE_REDIS_URL")
_DUE = ("CORDEE_RELAY_DATABASE_URL", "CORDEE_REDIS_URL")

NEEDS: Mapping[str, Sequence[str]] = {
    "scheduler": _DUE,
    "relay": _DUE,
    "worker": _CONTENT,
    "web": _CONTENT,
}
"""The secrets of each process, and no others: the relay can't read what a case holds."""


@dataclass(frozen=True)
class Child:
    """A running process with its name and its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def start_child(name: str, words: Sequence[str], environ: Mapping[str, str], logs: Path) -> Child:
    """Start ``cordee <words>`` with the secrets that `name` needs; its output goes to its log."""
    withheld = {key for needed in NEEDS.values() for key in needed} - set(NEEDS[name])
    withheld.add("CORDEE_MIGRATOR_DATABASE_URL")
    own = {
        key: value for key, value in environ.items() if key.removesuffix("_FILE") not in withheld
    }
    log = logs / f"{name}.log"
    with log.open("wb") as out:
        return Child(name, start(cordee(*words), out, environ=own), log)


def stop_web(child: Child) -> None:
    """Stop the web process once the requests under way have their answers."""
    stop(child.process, [(signal.SIGTERM, GRACE_SECONDS + 5)])


def stop_background(children: Sequence[Child]) -> None:
    """Stop worker, relay and scheduler together."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    for child in children:
        try:
            child.process.wait(15)
        except subprocess.TimeoutExpired:
            stop(child.process, [])


class ChildDiedError(ProcessDiedError):
    """A process of `cordee up` ended by itself; `lines` are the last of its log."""

    def __init__(self, child: Child) -> None:
        super().__init__(f"{child.name} {_how(child.process.returncode)}; its log is {child.log}")
        self.lines = last_lines(child.log, 12)


def check(children: Sequence[Child]) -> None:
    """Raise `ChildDiedError` for the first process that has ended."""
    for child in children:
        if child.process.poll() is not None:
            raise ChildDiedError(child)


def _how(code: int) -> str:
    if code >= 0:
        return f"ended with status {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"
