"""Loads each new plugin in a child process first, so that one that hangs or exits is refused.

What passed is remembered on disk by name, version and the hash of its files; where nothing can be
written, each start loads in a child again. Refusals are not remembered: the cause may be outside.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from cordee_core.errors import PluginError

LIMIT = 5.0
"""Seconds that a plugin may take to load for the first time."""

KEPT = 8
"""Notes kept for one plugin: states of it that loaded, newest first."""

_DIGITS = 32

_CHILD = """
import json, os, sys
report = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
sys.path[:] = json.loads(sys.argv[1])
from cordee_core.plugins.isolation import load_in_child
report.write(load_in_child(sys.argv[2], sys.argv[3]))
report.flush()
os._exit(0)
"""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Tells one state of a plugin's files, and of what they were checked with, from another."""

    name: str
    version: str
    digest: str

    @property
    def file_name(self) -> str:
        """The name of the file that says that it loaded."""
        return f"{self.name}-{self.digest}.json"


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Return ``CORDEE_CACHE``, else the folder ``cordee`` in the user's cache folder."""
    if environ.get("CORDEE_CACHE"):
        return Path(environ["CORDEE_CACHE"])
    base = environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path(os.path.expanduser("~"), ".cache")) / "cordee"


def fingerprint(name: str, plugin_version: str, folder: Path) -> Fingerprint:
    """Return the fingerprint of the plugin whose package lies in `folder`."""
    digest = hashlib.sha256(f"{name}\0{plugin_version}\0{_checker()}\0".encode())
    for path in sorted(folder.rglob("*")):
        if "__pycache__" in path.parts or not path.is_file():
            continue
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return Fingerprint(name, plugin_version, digest.hexdigest()[:_DIGITS])


@cache
def _checker() -> str:
    """Return what stands for the interpreter, the core and its schemas."""
    digest = hashlib.sha256(sys.version.encode())
    with suppress(PackageNotFoundError):
        digest.update(version("cordee-core").encode())
    for folder in ("schemas", "plugins"):
        for item in sorted(
            files("cordee_core").joinpath(folder).iterdir(), key=lambda one: one.name
        ):
            if item.is_file():
                digest.update(item.read_bytes())
    return digest.hexdigest()


def passed_before(found: Fingerprint, environ: Mapping[str, str]) -> bool:
    """Tell whether this very state of the plugin loaded before."""
    try:
        text = (cache_folder(environ) / "plugins" / found.file_name).read_text(encoding="utf-8")
        return bool(json.loads(text).get("loaded") is True)
    except (OSError, ValueError, AttributeError):
        return False


def remember(found: Fingerprint, environ: Mapping[str, str]) -> None:
    """Note that this state of the plugin loaded; nothing happens where nothing can be written."""
    folder = cache_folder(environ) / "plugins"
    note = json.dumps({"loaded": True, "name": found.name, "version": found.version})
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{found.file_name}.{os.getpid()}"
        draft.write_text(note, encoding="utf-8")
        draft.replace(folder / found.file_name)
        _forget_old(folder, found.name)


def _forget_old(folder: Path, name: str) -> None:
    """Keep the newest notes of the plugin: other installations of this user may hold them."""
    notes = folder.glob(f"{name}-{'[0-9a-f]' * _DIGITS}.json")
    for note in sorted(notes, key=lambda one: one.stat().st_mtime)[:-KEPT]:
        note.unlink(missing_ok=True)


def load_in_child(name: str, package: str) -> str:
    """Load the plugin here, in the child process; return ``loaded`` or what is wrong."""
    from importlib.metadata import EntryPoint

    from cordee_core.plugins.host import GROUP, PluginHost

    try:
        PluginHost(isolated=False).load(EntryPoint(name, package, GROUP))
    except PluginError as error:
        return error.problem
    except Exception as error:
        return f"loading it failed: {error!r}"
    return "loaded"


def probe(name: str, package: str, *, limit: float = LIMIT) -> None:
    """Load the plugin in a child process and come back when it is safe to load it here.

    Raises:
        PluginError: it took longer than `limit` seconds, ended the process, or does not load.
    """
    command = [sys.executable, "-P", "-c", _CHILD, json.dumps(sys.path), name, package]
    child = subprocess.Popen(  # noqa: S603 (our own interpreter and program)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        report, _ = child.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        raise PluginError(name, f"it did not finish loading within {limit:g} s") from None
    finally:
        _end(child)
    if not report:
        raise PluginError(
            name, f"it ended the process while being loaded (exit status {child.returncode})"
        )
    if report != "loaded":
        raise PluginError(name, report)


def _end(child: "subprocess.Popen[str]") -> None:
    """End the child and whatever it started, where it still runs."""
    if child.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.stdout:
        child.stdout.close()
