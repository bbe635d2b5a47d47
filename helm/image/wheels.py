# ruff: noqa: S603 (our own commands)
"""Collects what the image installs: our wheels, the locked ones of third parties, and pip."""

import ensurepip
import json
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
BASES = ("cordee-core", "cordee-graphql", "cordee-worker")
_NEWEST_GLIBC = 36  # of Debian 12
_PIP = ("--disable-pip-version-check", "--no-input", "--quiet")


def collect(folder: Path, plugins: Sequence[str], python: str) -> None:
    """Fill ``folder/wheels`` for `python` (as 3.11) with the server and `plugins`."""
    shutil.rmtree(folder, ignore_errors=True)
    own, third, tool = (folder / "wheels" / name for name in ("own", "third", "tool"))
    for each in (own, third, tool):
        each.mkdir(parents=True)
    members = [*ROOT.glob("platform/*"), ROOT / "graphql", *(ROOT / "plugins" / p for p in plugins)]
    for member in sorted(one for one in members if (one / "pyproject.toml").is_file()):
        pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(own), str(member))
    entries = "".join(locked(folder, own, plugins, python))
    (folder / "wheels" / "third.txt").write_text(entries, encoding="utf-8")
    # Markers are left to the base's own Python, which may be an older 3.11 than this one.
    wanted = folder / "wanted.txt"
    wanted.write_text(re.sub(r" ; [^\\\n]+", " ", entries), encoding="utf-8")
    words = ["--no-deps", "--require-hashes", "-d", str(third), "-r", str(wanted)]
    pip("download", *words, *target(python))
    shutil.copy(bundled_pip(), tool)


def collect_example(folder: Path, example: Path) -> None:
    """Fill ``folder/wheels`` with pip and the plugins below `example`; copy its lock."""
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    for project in sorted(example.glob("*/pyproject.toml")):
        pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(wheels), str(project.parent))
    shutil.copy(bundled_pip(), wheels)
    shutil.copy(example / "plugins.lock", folder)


def locked(folder: Path, own: Path, plugins: Sequence[str], python: str) -> Iterable[str]:
    """Return the lock's entries, with hashes, that the server needs: no embedded PostgreSQL."""
    entries = re.split(r"(?m)^(?=\S)", LOCK.read_text(encoding="utf-8"))
    pins, report = folder / "pins.txt", folder / "report.json"
    pins.write_text("\n".join(entry.split(" \\\n")[0] for entry in entries), encoding="utf-8")
    server = tomllib.loads((ROOT / "platform/server/pyproject.toml").read_text(encoding="utf-8"))
    direct = [one for one in server["project"]["dependencies"] if not one.startswith("cordee-")]
    wanted = [*BASES, *direct, *(f"cordee-{name.replace('_', '-')}" for name in plugins)]
    words = ["--dry-run", "--ignore-installed", "--report", str(report), "-c", str(pins)]
    words += ["--find-links", str(own), "--target", str(folder / "nowhere")]
    pip("install", *words, *target(python), *wanted)
    chosen = json.loads(report.read_text(encoding="utf-8"))["install"]
    names = {plain(one["metadata"]["name"]) for one in chosen}
    # pip reads markers for the Python that runs it: those of a release are asked by hand.
    names |= {
        plain(requirement)
        for one in chosen
        for requirement in one["metadata"].get("requires_dist", ())
        if "python_full_version" in requirement and "extra ==" not in requirement
    }
    return [entry for entry in entries if entry.strip() and plain(entry) in names]


def target(python: str) -> list[str]:
    """Return pip's words for a Linux with glibc and our kind of processor, whatever this is."""
    machine = {"arm64": "aarch64", "AMD64": "x86_64"}.get(platform.machine(), platform.machine())
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(_NEWEST_GLIBC, 4, -1)]
    tags += [f"manylinux2014_{machine}", f"manylinux2010_{machine}", f"manylinux1_{machine}"]
    words = [word for tag in tags for word in ("--platform", tag)]
    return [*words, "--python-version", python, "--only-binary", ":all:"]


def bundled_pip() -> Path:
    """Return the wheel of pip that came with this Python."""
    folders = (Path(ensurepip.__file__).parent / "_bundled", Path("/usr/share/python-wheels"))
    found = sorted(wheel for folder in folders for wheel in folder.glob("pip-*.whl"))
    if not found:
        raise SystemExit("This Python brings no wheel of pip (ensurepip); install python3-venv.")
    return found[-1]


def plain(requirement: str) -> str:
    """Return the normalised name (PEP 503) of what `requirement` asks for."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", name[0]).lower() if name else ""


def pip(command: str, *words: str) -> None:
    """Run pip, or end with what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", command, *_PIP, *words], capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"pip {command} failed:\n{done.stdout[-1500:]}{done.stderr[-3000:]}")
