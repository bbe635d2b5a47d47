"""What the layout tests read: our own source, parsed once."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@cache
def _modules() -> tuple[tuple[Path, ast.Module], ...]:
    folders = [*ROOT.glob("platform/*/cordee_*"), *ROOT.glob("graphql/cordee_*")]
    folders += ROOT.glob("plugins/*/cordee_*")
    paths = sorted(path for folder in folders for path in folder.rglob("*.py"))
    return tuple(
        (path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))) for path in paths
    )


@pytest.fixture(scope="session")
def modules() -> tuple[tuple[Path, ast.Module], ...]:
    """Every module of our packages, with its path from the root."""
    return _modules()
