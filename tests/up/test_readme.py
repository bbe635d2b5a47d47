"""The README's story, run against the running stack as a reader would paste it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cordee_core.embedded import temporary_data
from cordee_core.embedded.process import free_port
from cordee_server.child import cordee

pytestmark = pytest.mark.timeout(300)


def test_the_story_of_the_readme_gives_the_answers_that_it_shows(root: Path) -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CORDEE_")}
    with temporary_data() as data:
        ready = data.parent / "ready.json"
        words = ["--no-demo", "--data", str(data), "--port", str(free_port())]
        up = subprocess.Popen([*cordee("up"), *words, "--ready-file", str(ready)], env=plain)
        try:
            for _ in range(600):
                if ready.exists() or up.poll() is not None:
                    break
                time.sleep(0.1)
            address = json.loads(ready.read_text(encoding="utf-8"))["graphql"]
            story = [sys.executable, str(root / "docs" / "story" / "run.py"), address]
            done = subprocess.run(story, capture_output=True, text=True, timeout=200)
        finally:
            up.terminate()
            assert up.wait(timeout=90) == 0
    assert done.returncode == 0, done.stdout + done.stderr
    assert "14 answers compared, 0 differ" in done.stdout
