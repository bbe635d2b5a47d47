"""`./dev` needs nothing but Python: what it decides before there is an environment."""

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return runpy.run_path(str(ROOT / "dev"))


def test_it_runs_without_our_packages() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "dev"), "help"], capture_output=True, text=True
    )
    assert done.returncode == 0
    assert "./dev up" in done.stderr


def test_every_member_is_found_by_its_folder(dev: dict[str, Any]) -> None:
    found = {folder.relative_to(ROOT).as_posix() for folder in dev["members"]()}
    assert {"graphql", "platform/core", "platform/server", "plugins/housing"} <= found


def test_the_lock_has_every_dependency_and_no_address(dev: dict[str, Any]) -> None:
    assert dev["lock_covers_members"]()
    text = dev["LOCK"].read_text(encoding="utf-8")
    assert "://" not in text
    entries = [line for line in text.splitlines() if "==" in line]
    assert len(entries) > 50
    assert all(line.endswith("\\") for line in entries)  # a hash follows


def test_a_changed_lock_asks_for_a_new_installation(
    dev: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dev["fingerprint"]()
    changed = dev["ROOT"] / "tests" / "up" / "test_dev.py"
    monkeypatch.setitem(dev["fingerprint"].__globals__, "LOCK", changed)
    assert dev["fingerprint"]() != before


@pytest.mark.parametrize("text", ["Ruff==0.1", "ruff>=1 ; python_version < '3'", "ruff[x]"])
def test_names_are_compared_as_pypi_does(dev: dict[str, Any], text: str) -> None:
    assert dev["plain"](text) == "ruff"
    assert dev["plain"]("Types_PyYAML>=6") == "types-pyyaml"


@pytest.mark.parametrize(
    ("version", "said"),
    [((3, 10), "needs Python 3.11"), ((3, 13), "wheels for 3.11 and 3.12 only")],
)
def test_a_python_that_does_not_suit_is_said(
    dev: dict[str, Any],
    version: tuple[int, int],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(sys, "version_info", (*version, 0))
    if version == (3, 13):
        dev["check_python"]()
    else:
        with pytest.raises(SystemExit):
            dev["check_python"]()
    assert said in capsys.readouterr().err
