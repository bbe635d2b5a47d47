"""The lists of `tests/domain`: what they name exists, and the page is made of them."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def domain(root: Path) -> ModuleType:
    """The command that proves the lists."""
    spec = spec_from_file_location("domain", root / "tests" / "bench" / "domain.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["domain"] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_entry_names_what_is_there(domain: ModuleType, root: Path) -> None:
    sentences = domain.read(sorted(domain.LISTS.glob("*.toml")))
    assert len(sentences) > 50
    assert [problem for one in sentences for problem in one.problems(root)] == []


def test_the_page_is_written_from_the_lists(domain: ModuleType) -> None:
    sentences = domain.read(sorted(domain.LISTS.glob("*.toml")))
    assert domain.PAGE.read_text(encoding="utf-8") == domain.page(sentences), (
        "run: python tests/bench/domain.py --write"
    )
