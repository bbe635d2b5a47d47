"""The folder names `platform` and `graphql` are traps. These tests keep them disarmed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RESERVED = ("platform", "graphql", "plugins")


@pytest.mark.parametrize("folder", RESERVED)
def test_reserved_folders_are_not_packages(folder):
    assert not (ROOT / folder / "__init__.py").exists()


@pytest.mark.parametrize("folder", RESERVED)
def test_no_test_lies_below_a_reserved_folder(folder):
    below = (ROOT / folder).rglob("*.py")
    found = [
        path
        for path in below
        if (path.name.startswith("test_") or path.name == "conftest.py")
        and "node_modules" not in path.parts
    ]
    assert not found, "tests belong in tests/"


def test_no_test_folder_takes_a_reserved_name():
    found = [
        path
        for name in ("platform", "graphql")
        for path in (ROOT / "tests").rglob(name)
        if path.is_dir() and "node_modules" not in path.parts
    ]
    assert not found, "name it after what it tests: tests/api, tests/core"


def test_no_two_test_modules_share_a_name():
    paths = (ROOT / "tests").rglob("test_*.py")
    names = [path.name for path in paths if "node_modules" not in path.parts]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("flags", [[], ["-P"]])
def test_the_names_resolve_to_the_libraries_from_the_root(flags):
    code = (
        "import graphql, platform\n"
        "platform.system(); graphql.print_schema\n"
        "print(graphql.__file__); print(platform.__file__)"
    )
    run = subprocess.run(
        [sys.executable, *flags, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    library, standard = run.stdout.splitlines()
    assert "site-packages" in library
    assert str(ROOT / "platform") not in standard


def test_each_distribution_is_typed_and_described():
    for project in [*ROOT.glob("platform/*"), ROOT / "graphql", *ROOT.glob("plugins/*")]:
        if not (project / "pyproject.toml").exists():
            continue
        (package,) = project.glob("cordee_*/")
        assert (package / "py.typed").exists(), package
        assert (package / "__init__.py").exists(), package
        assert (project / "README.md").exists(), project


def test_import_rules_hold():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
