"""`cordee serve --workers N`: one listening socket, N web processes, and the dead replaced.

Hypercorn's own multi-process mode (0.18) cuts requests that are under way at SIGTERM and ends with
status 0 when one process is killed, so we hold the socket and run one Hypercorn in each child.
"""

import contextlib
import errno
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType

import structlog

from cordee_core.embedded.process import start, stop
from cordee_core.errors import ConfigurationError, PortInUseError
from cordee_server.child import cordee

GRACE_SECONDS = 20
"""How long a request that is under way may take to end after SIGTERM."""

_BACKLOG = 1024
_UNREAD_MS = 30_000
"""After which the kernel drops a connection whose client takes nothing of what was sent."""
_STEADY_SECONDS = 10.0
_LONGEST_WAIT = 30.0


def claim(host: str, port: int, *, listen: bool = True) -> socket.socket:
    """Return a socket bound to the address, listening unless told otherwise.

    Raises:
        PortInUseError: somebody else listens there.
        ConfigurationError: this machine has no such address, or we may not use the port.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise ConfigurationError(
            f"{host} is no address of this machine: {error.strerror}"
        ) from None
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; accepted connections inherit it
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNREAD_MS)
    try:
        bound.bind(address)
        if listen:
            bound.listen(_BACKLOG)
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(
                f"{host}:{port} is in use by another process; choose another port with --port"
            ) from None
        raise ConfigurationError(f"can't listen on {host}:{port}: {error.strerror}") from None
    return bound


@dataclass
class _Slot:
    """One place for a web process: when it last started and how often it died in a row."""

    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    next_start: float = 0.0


@dataclass
class Supervisor:
    """Keeps `count` web processes on one socket until told to stop."""

    listener: socket.socket
    count: int
    environ: Mapping[str, str]
    now: Callable[[], float] = time.monotonic
    drain_delay: float = 0.0
    _slots: list[_Slot] = field(default_factory=list)
    _stopping: bool = False

    def run(self) -> None:
        """Run until SIGTERM or SIGINT; then let each process finish its requests, and return."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        self._slots = [_Slot() for _ in range(self.count)]
        try:
            while not self._stopping:
                for slot in self._slots:
                    self._tend(slot)
                time.sleep(0.1)
        finally:
            self._stop_all()

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _tend(self, slot: _Slot) -> None:
        """Start the process of `slot` where it has none; wait longer each time it dies early."""
        if slot.process is not None:
            if slot.process.poll() is None:
                return
            early = self.now() - slot.started < _STEADY_SECONDS
            slot.failures = slot.failures + 1 if early else 0
            slot.next_start = self.now() + back_off(slot.failures)
            structlog.get_logger().error(
                "web process died", pid=slot.process.pid, code=slot.process.returncode
            )
            slot.process = None
        if self.now() >= slot.next_start:
            slot.started = self.now()
            slot.process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        number = self.listener.fileno()
        return start(
            cordee("serve", "--drain-delay", str(self.drain_delay), "--fd", str(number)),
            sys.stderr.buffer,
            environ=self.environ,
            pass_fds=[number],
        )

    def _stop_all(self) -> None:
        self.listener.close()
        running = [slot.process for slot in self._slots if slot.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        until = self.now() + self.drain_delay + GRACE_SECONDS + 5
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, until - self.now()))
            stop(process, [])


def back_off(failures: int) -> float:
    """Return the seconds to wait before a process that died `failures` times is started again."""
    return 0.0 if failures == 0 else min(0.5 * 2.0 ** (failures - 1), _LONGEST_WAIT)
