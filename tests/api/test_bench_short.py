"""The benchmark runs: every system says the same, and the report has a row for each figure.

No time is judged here: the figures of a short run say nothing.
"""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.timeout(300)
def test_a_short_run_finds_equal_facts_and_writes_its_report(root: Path, tmp_path: Path) -> None:
    report = tmp_path / "performance.md"
    script = root / "tests" / "bench" / "api" / "run.py"
    words = ["--short", "--no-peer", "--rounds", "1", "--seconds", "0.1"]
    done = subprocess.run(
        [sys.executable, script, *words, "--output", report], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-4000:]
    text = report.read_text(encoding="utf-8")
    for title in (
        "Q1 case page",
        "Q2 caseload page",
        "Q3 dashboard",
        "Q4 long list",
        "M1 note added",
    ):
        assert f"### {title}" in text
    assert text.count("| SQL through asyncpg, no HTTP |") == 5
    assert "15 answers were also taken apart" in text
