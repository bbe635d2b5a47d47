"""Ask random valid documents for each role, planned and resolved field by field; tell what differs.

    ./dev bench agreement [--short] [--documents N] [--seed S]

Compared are parsed values, the order of keys, where nulls and errors stand, and whose records the
journal of reads gets. It is `tests/api/planner/test_agreement.py` at length, and ends with 1 where
an answer differs.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
TEST = "tests/api/planner/test_agreement.py"
FULL, SHORT = 5_000, 300


def _arguments() -> argparse.Namespace:
    about = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="./dev bench agreement", description=about)
    parser.add_argument("--short", action="store_true", help=f"{SHORT} documents for each role")
    parser.add_argument("--documents", type=int, help=f"for each role; {FULL:,} else")
    parser.add_argument("--seed", type=int, help="where the random documents start; any else")
    return parser.parse_args()


def _lines(found: dict[str, Any]) -> list[str]:
    """Return what is told of one role."""
    fields = found["fields"]
    planned, every = fields.get("planned", 0), sum(fields.values())
    differ = len(found["differences"])
    lines = [
        f"{found['role']:<12} {found['documents']:>7,} documents, {differ} differ;"
        f" {planned:,} of {every:,} root fields planned; {found['seconds']:.0f} s"
    ]
    for one in found["differences"]:
        lines += [
            f"  document {one['number']}: {one['told']}", f"    {one['document']}",
            f"    {json.dumps(one['variables'])}",
        ]  # fmt: skip
    return lines


def main() -> int:
    """Run the test, print its counts and differences; return 1 where there is one."""
    given = _arguments()
    documents = given.documents or (SHORT if given.short else FULL)
    seed = given.seed or random.SystemRandom().randrange(1, 10**9)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.jsonl"
        words = ["--agreement", str(documents), "--seed", str(seed)]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", TEST, "-q", *words, "--agreement-report", report],
            cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        told = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    found = [json.loads(line) for line in told]
    sys.stdout.write(f"seed {seed}\n")
    for one in found:
        sys.stdout.write("\n".join(_lines(one)) + "\n")
    if done.returncode and not any(one["differences"] for one in found):
        sys.stdout.write(done.stdout[-4000:])
    return 1 if done.returncode else 0


if __name__ == "__main__":
    raise SystemExit(main())
