"""Texts are in both languages, errors are drawn and have pages, dependencies have a reason."""

import ast
import inspect
import re
import tomllib
from pathlib import Path

import pytest

from cordee_core import errors
from cordee_core.errors import CordeeError

ROOT = Path(__file__).parents[2]
MESSAGES = ROOT / "platform/core/cordee_core/messages"
DECLARATIONS = Path("platform/core/cordee_core/errors")
CATALOGUES = sorted(ROOT.glob("*/**/messages/*.toml"))

CLASSES = [
    one
    for _, one in inspect.getmembers(errors, inspect.isclass)
    if issubclass(one, CordeeError) and one.__module__.startswith(f"{errors.__name__}.")
]
CODES = sorted({one.code for one in CLASSES})


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.__name__)
def test_each_error_class_is_drawn(one):
    drawing = errors.__doc__.partition("Codes are stable")[0]
    lines = [line for line in drawing.splitlines() if re.search(rf"\b{one.__name__}\b", line)]
    assert len(lines) == 1
    if not one.__subclasses__():
        assert one.code in lines[0]


@pytest.mark.parametrize("code", CODES)
def test_each_error_has_texts(code):
    catalogue = tomllib.loads((MESSAGES / "errors.toml").read_text(encoding="utf-8"))
    assert {"en", "fr"} <= set(catalogue[code])


@pytest.mark.parametrize("code", CODES)
def test_each_error_has_a_page(code):
    page = ROOT / "docs" / "errors" / f"{code}.md"
    assert page.is_file(), f"docs/errors/{code}.md is missing"
    assert len(page.read_text(encoding="utf-8").split()) >= 20, "the page says nothing"


def test_no_text_belongs_to_an_error_that_is_gone():
    catalogue = tomllib.loads((MESSAGES / "errors.toml").read_text(encoding="utf-8"))
    assert set(catalogue) == set(CODES)


def test_codes_are_declared_in_one_place(modules):
    names = {one.__name__ for one in CLASSES}
    found = [
        f"{path}: {node.name}"
        for path, tree in modules
        if path.parent != DECLARATIONS
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and {ast.unparse(base).rpartition(".")[2] for base in node.bases} & names
        and any(
            isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "code"
            for one in node.body
        )
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_each_text_is_in_both_languages_with_the_same_placeholders(path):
    for code, text in tomllib.loads(path.read_text(encoding="utf-8")).items():
        assert text["en"].strip(), code
        assert text["fr"].strip(), code
        english, french = (set(re.findall(r"{(\w+)", text[one])) for one in ("en", "fr"))
        assert english == french, code


def projects() -> list[Path]:
    return [
        ROOT / "pyproject.toml",
        ROOT / "graphql" / "pyproject.toml",
        *ROOT.glob("platform/*/pyproject.toml"),
        *ROOT.glob("plugins/*/pyproject.toml"),
    ]


def dependencies() -> set[str]:
    wanted: list[str] = []
    for path in projects():
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        project = table.get("project", {})
        wanted += project.get("dependencies", [])
        for group in [*project.get("optional-dependencies", {}).values()]:
            wanted += group
        for group in table.get("dependency-groups", {}).values():
            wanted += [one for one in group if isinstance(one, str)]
        wanted += table.get("build-system", {}).get("requires", [])
    names = {re.match(r"[A-Za-z0-9._-]+", one).group().lower().replace("_", "-") for one in wanted}
    return {name for name in names if not name.startswith("cordee-")}


def test_each_dependency_has_a_line_that_says_why():
    page = ROOT / "docs" / "dependencies.md"
    lines = page.read_text(encoding="utf-8").lower().replace("_", "-").splitlines()
    missing = [
        name
        for name in sorted(dependencies())
        if not any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", line) for line in lines)
    ]
    assert not missing, f"docs/dependencies.md says nothing of {', '.join(missing)}"
