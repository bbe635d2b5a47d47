"""The data folder of one `cordee up`: one at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cordee_core.embedded.place import make_data_folder
from cordee_core.errors import FolderUnusableError


@contextmanager
def held(data: Path) -> Iterator[Path]:
    """Make the data folder and keep any other `cordee up` out of it while the body runs.

    Raises:
        FolderUnusableError: it can't be written, or another `cordee up` runs on it.
    """
    folder = make_data_folder(data)
    with (folder / "lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise FolderUnusableError(
                f"{folder} is in use by another `cordee up` (process {lock.read().strip()})"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield folder


def check_parent(file: Path) -> None:
    """Raise `FolderUnusableError` where `file` could not be written."""
    parent = file.absolute().parent
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise FolderUnusableError(f"{parent} is no folder that can be written (--ready-file)")
