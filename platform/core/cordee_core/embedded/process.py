"""Child processes that never outlive the process that started them."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from cordee_core.embedded.place import User
from cordee_core.errors import ProcessDiedError

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """Return a function for a new child that has the kernel signal it when its parent dies.

    Linux only (``prctl``); elsewhere a killed parent leaves its children, and the next start on the
    same folder ends them. The kernel watches the *thread* that starts the child, so start children
    from the main thread.
    """
    parent = os.getpid()

    def arrange() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal_number)
            if os.getppid() != parent:  # it died before the line above
                os._exit(1)

    return arrange


def start(
    command: Sequence[str | Path],
    log: IO[bytes],
    *,
    user: User | None = None,
    environ: Mapping[str, str] | None = None,
    at_parent_death: int = signal.SIGTERM,
    stdin: int = subprocess.DEVNULL,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `command` in its own session, so that a Ctrl-C in the terminal reaches only us.

    `user` is whom it runs as when we are root. Output goes to `log`.
    """
    return subprocess.Popen(  # noqa: S603 - the command is ours
        [str(part) for part in command],
        stdin=stdin,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=dict(environ) if environ is not None else None,
        cwd="/",
        start_new_session=True,
        pass_fds=tuple(pass_fds),
        preexec_fn=die_with_parent(at_parent_death),
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
    )


def stop(process: subprocess.Popen[bytes], signals: Sequence[tuple[int, float]]) -> None:
    """End `process`: each signal is given its seconds, then comes the next, then SIGKILL."""
    for number, seconds in signals:
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    if process.poll() is None:
        process.kill()
        process.wait()


def wait_until(
    ready: Callable[[], bool],
    process: subprocess.Popen[bytes],
    name: str,
    log: Path,
    seconds: float,
) -> None:
    """Return when `ready` says yes.

    Raises:
        ProcessDiedError: the process ended or took longer than `seconds`; the text ends with the
            last line of its log.
    """
    until = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise ProcessDiedError(f"{name} ended as it started: {last_line(log)} (log: {log})")
        if time.monotonic() > until:
            raise ProcessDiedError(f"{name} is not ready after {seconds:.0f} s (log: {log})")
        time.sleep(0.02)


def last_line(log: Path) -> str:
    """Return the last line of a log that isn't empty."""
    return next(iter(last_lines(log, 1)), "no output")


def last_lines(log: Path, count: int) -> list[str]:
    """Return the last `count` lines of a log that aren't empty."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 16_384))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return [line for line in lines if line.strip()][-count:]


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
