"""Runs the story of the README against a server, as a reader would paste it.

    python3 docs/story/run.py GRAPHQL_ADDRESS [--write]

Each ``sh`` block of the section "The story" is run in one shell; what it prints is compared with
the ``json`` block that follows, ids, secrets and moments masked. ``--write`` puts the real answers
into the README instead.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
MARK = "--- end of block ---"
BLOCK = re.compile(r"```(sh|json)\n(.*?)```", re.DOTALL)
MASKS = (
    (re.compile(r'"cd[ti]_[A-Za-z0-9_-]+"'), '"…"'),
    (re.compile(r'"[A-Za-z0-9+/]{20,}={0,2}"'), '"…"'),
    (re.compile(r"\d{4}-\d\d-\d\d(T[0-9:.+Z-]+)?"), "…"),
    (re.compile(r'"requestId": "[^"]*"'), '"requestId": "…"'),
)


def story() -> str:
    """Return the section of the README that is run."""
    return README.read_text(encoding="utf-8").partition("## The story")[2].partition("\n## ")[0]


def run(address: str, blocks: list[str]) -> list[str]:
    """Return what each block prints, run one after the other in one shell."""
    script = "set -eu\n" + f"\necho '{MARK}'\n".join(blocks)
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "GRAPHQL": address, "LAST_ANSWER": f"{folder}/answer"}
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            timeout=300,
        )
    if done.returncode:
        sys.exit(f"the story stopped:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return [part.strip() for part in done.stdout.split(MARK)]


def masked(text: str) -> object:
    """Return an answer without what differs from run to run."""
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return json.loads(text)


def pairs(found: list[tuple[str, str]], printed: list[str]) -> list[tuple[str, str]]:
    """Return (block as in the README, what was printed) for each ``json`` block."""
    shells = iter(printed)
    last, result = "", []
    for kind, text in found:
        if kind == "sh":
            last = next(shells)
        else:
            result.append((text, last))
    return result


def main(address: str, write: bool) -> int:
    """Run the story and return the exit status."""
    section = story()
    found = BLOCK.findall(section)
    printed = run(address, [text for kind, text in found if kind == "sh"])
    compared = pairs(found, printed)
    if write:
        fresh = section
        for old, new in compared:
            fresh = fresh.replace(f"```json\n{old}```", f"```json\n{new}\n```", 1)
        README.write_text(
            README.read_text(encoding="utf-8").replace(section, fresh), encoding="utf-8"
        )
        return 0
    wrong = [(old, new) for old, new in compared if masked(old) != masked(new)]
    for old, new in wrong:
        sys.stdout.write(f"README says:\n{old}\nthe server says:\n{new}\n\n")
    sys.stdout.write(f"{len(compared)} answers compared, {len(wrong)} differ\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--write" in sys.argv))
