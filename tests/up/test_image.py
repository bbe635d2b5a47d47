"""The image's parts that can be checked without building it."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

IMAGE = Path("helm", "image")


@pytest.fixture
def image(root: Path) -> Path:
    return root / IMAGE


def test_the_example_s_lock_is_of_its_plugin(image: Path, tmp_path: Path) -> None:
    example = image / "plugin-example"
    words = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        [sys.executable, "-m", "pip", *words, str(example / "food_aid")],
        check=True, env=os.environ | {"PATH": path},
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    (locked,) = re.findall(
        r"--hash=sha256:([0-9a-f]{64})", (example / "plugins.lock").read_text(encoding="utf-8")
    )
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() == locked


def test_the_example_s_plugin_loads(image: Path) -> None:
    script = "from cordee_core.plugins.manifest import read_manifest, package_folder\n" \
        "from cordee_core.plugins.content import read_content\n" \
        "name, package = 'food_aid', 'cordee_food_aid'\n" \
        "content = read_content(read_manifest(name, package), package_folder(name, package))\n" \
        "print(*content.services)\n"  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(image / "plugin-example" / "food_aid")},
    )  # fmt: skip
    assert done.stdout.split() == ["food_aid.social_grocery"], done.stderr


def test_it_names_the_tools_that_are_missing(image: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, image / "build.py"], capture_output=True, text=True,
        env={"PATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == (
        "not installed: buildah, mmdebstrap, crun; apt-get install buildah mmdebstrap crun\n"
    )


def test_it_runs_as_nobody_in_particular_and_from_a_read_only_root(image: Path) -> None:
    text = (image / "Containerfile").read_text(encoding="utf-8")
    last = text[text.rindex("FROM ") :]
    assert "\nUSER 65532:65532\n" in last
    assert '\nENTRYPOINT ["tini", "--", "cordee"]\nCMD ["serve"]\n' in last
    for line in ("HOME=/tmp", "PYTHONDONTWRITEBYTECODE=1", "CORDEE_CACHE=/tmp/cordee"):
        assert line in last
    assert "pip" not in last
