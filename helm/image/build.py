# ruff: noqa: S603, S607 (our own commands)
"""Builds the container image without a daemon and without a registry, then tries it out.

    ./dev image [--base REFERENCE] [--plugins NAMES] [--no-try] [--again]

Steps, each with its time: wheels; a base of Debian by mmdebstrap, unless --base names another; the
image by buildah in a chroot; an OCI archive in dist/; then the image's own commands under crun, as
uid 65532 on a read-only root without capabilities, against a PostgreSQL and a Redis of this
machine. All that is in between stays below dist/image.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from try_out import Container, try_image
from wheels import ROOT, collect, collect_example

HERE = Path(__file__).resolve().parent
WORK = ROOT / "dist" / "image"
STORAGE = ("--storage-driver", "vfs", "--root", WORK / "storage", "--runroot", WORK / "run")
OWN_BASE, IMAGE, SUITE = "localhost/cordee-base", "localhost/cordee", "bookworm"
UNNEEDED = ("/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/info/*")


def main() -> None:
    """Do all steps, or say in one line what is missing."""
    given = arguments()
    need_tools(given)
    began = time.monotonic()
    shutil.rmtree(WORK / "storage", ignore_errors=True)
    plugins = [name for name in given.plugins.split(",") if name]
    version = version_of_server()
    with step("wheels") as note:
        collect(WORK / "context", plugins, given.python)
        note.append(size(WORK / "context" / "wheels"))
    base = given.base or make_base(again=given.again)
    reference = f"{IMAGE}:{version}"
    with step(f"image {reference}"):
        build(
            reference, HERE / "Containerfile", WORK / "context",
            BASE=base, VERSION=version, REVISION=revision(), PLUGINS=",".join(plugins) or "none",
        )  # fmt: skip
    archive = ROOT / "dist" / f"cordee-{version}.oci.tar"
    with step(f"archive {archive.relative_to(ROOT)}") as note:
        archive.unlink(missing_ok=True)
        buildah("push", "-q", reference, f"oci-archive:{archive}:{reference}")
        note.append(size(archive))
    if given.run:
        with lent_root(reference) as root:
            say(f"unpacked: {size(root)}, of it Cordée and its packages {size(root / 'opt')}")
            try_image(root, WORK / "bundle", step)
        derive(reference)
    shutil.rmtree(WORK / "storage")
    say(f"all: {time.monotonic() - began:.0f} s")


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="./dev image", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    everything = ",".join(sorted(one.parent.name for one in ROOT.glob("plugins/*/pyproject.toml")))
    parser.add_argument("--base", help="an image with python3 and tini, in place of our own")
    parser.add_argument("--python", default="3.11", help="the base's Python (3.11)")
    parser.add_argument("--plugins", default=everything, help=f"which, by comma ({everything})")
    parser.add_argument("--again", action="store_true", help="make the base anew")
    parser.add_argument("--no-try", dest="run", action="store_false", help="only build")
    return parser.parse_args()


def need_tools(given: argparse.Namespace) -> None:
    """Return where all tools are there; else end and say what to install."""
    wanted = ["buildah", *([] if given.base else ["mmdebstrap"]), *(["crun"] if given.run else [])]
    missing = [name for name in wanted if shutil.which(name) is None]
    if missing:
        raise SystemExit(f"not installed: {', '.join(missing)}; apt-get install {' '.join(wanted)}")
    if os.geteuid() != 0:
        raise SystemExit("./dev image needs root: mmdebstrap and buildah make root's files.")


def make_base(*, again: bool) -> str:
    """Return the base of Debian packages; one that was made before is taken unless `again`."""
    folder = WORK / "base"
    tar, file = folder / "base.tar", WORK / "Containerfile.base"
    if again or not tar.is_file():
        with step(f"base of Debian {SUITE}") as note:
            folder.mkdir(parents=True, exist_ok=True)
            options = [f"--dpkgopt=path-exclude={path}" for path in UNNEEDED]
            options.append("--dpkgopt=path-include=/usr/share/doc/*/copyright")
            draft = folder.parent / "draft.tar"
            words = ["--variant=essential", "--include=ca-certificates,python3,tini", *options]
            run(["mmdebstrap", *words, SUITE, draft])
            draft.replace(tar)
            note.append(size(tar))
    file.write_text("FROM scratch\nADD base.tar /\n", encoding="ascii")
    with step("base as an image"):
        build(OWN_BASE, file, folder)
    return OWN_BASE


def build(reference: str, file: Path, context: Path, **values: str) -> None:
    """Build `file` as `reference`; files carry the time of the last commit, so that it repeats."""
    words = [word for name, value in values.items() for word in ("--build-arg", f"{name}={value}")]
    moment = git("log", "-1", "--format=%ct") or "0"
    fixed = ["--isolation", "chroot", "--timestamp", moment]
    buildah("bud", *fixed, *words, "-t", reference, "-f", file, context)


def derive(reference: str) -> None:
    """Build the example of a derived image and see that its plugin is there."""
    example, derived = HERE / "plugin-example", f"{reference}-example"
    with step("derived image with a plugin from outside") as note:
        collect_example(WORK / "example", example)
        build(derived, example / "Containerfile", WORK / "example", CORDEE=reference)
        with lent_root(derived) as root:
            lines = Container(root, WORK / "bundle").call(["plugin", "list"], {})
        found = [line for line in lines if "food_aid" in line]
        if not found:
            raise SystemExit("the plugin is not there:\n" + "\n".join(lines))
        note.append(" ".join(found[0].split()))


@contextmanager
def lent_root(reference: str) -> Iterator[Path]:
    """Lend the root file system of the image."""
    container = buildah("from", "--pull-never", reference)
    try:
        yield Path(buildah("mount", container))
    finally:
        buildah("rm", container)


@contextmanager
def step(title: str) -> Iterator[list[str]]:
    """Print how long it took, and what was noted."""
    note, began = list[str](), time.monotonic()
    yield note
    say(f"{time.monotonic() - began:>6.1f} s  {title}{''.join(f', {one}' for one in note)}")


def buildah(command: str, *words: str | Path) -> str:
    """Run buildah on our own storage and return the last line of its output."""
    return run(["buildah", *STORAGE, command, *words])


def run(command: Sequence[str | Path]) -> str:
    """Run `command` and return the last line of its output; end with all of it where it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit(f"{words[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
    return (done.stdout.splitlines() or [""])[-1]


def git(*words: str) -> str:
    """Return what git says, nothing where this is no clone."""
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True)
    return done.stdout.strip()


def revision() -> str:
    """Return the commit, marked where files differ from it."""
    changed = "-changed" if git("status", "--porcelain") else ""
    return (git("rev-parse", "--short", "HEAD") or "unknown") + changed


def version_of_server() -> str:
    """Return the version of cordee-server."""
    text = (ROOT / "platform/server/pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def size(path: Path) -> str:
    """Return how much `path` takes, in MB."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return f"{sum(one.lstat().st_size for one in files) / 1e6:.0f} MB"


def say(text: str) -> None:
    """Tell the person at the keyboard."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
