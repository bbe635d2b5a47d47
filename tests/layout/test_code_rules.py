"""Rules for our own code that no linter knows, checked on the syntax tree."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SQL = re.compile(
    r"\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|CREATE\s+[A-Z]+\s"
    r"|ALTER\s+[A-Z]+\s|DROP\s+[A-Z]+\s|GRANT\s|REVOKE\s|TRUNCATE\s|COPY\s+\S+\s+(FROM|TO)\s"
    r"|WITH\s+\w+(\s*\([^)]*\))?\s+AS\s|SET\s+(LOCAL|SESSION|ROLE)\s|LISTEN\s|NOTIFY\s|VACUUM\b)"
)
SQL_FILES = {"queries.py", "tables.py"}
SQL_FOLDERS = ("cordee_core/database/", "cordee_graphql/planner/", "/migrations/")

MOST_LINES = 300
MOST_FUNCTION_LINES = 40
OWN_FOLDERS = ("platform/*/cordee_*", "graphql/cordee_*", "plugins/*/cordee_*", "tests", "docs")

Function = ast.FunctionDef | ast.AsyncFunctionDef

SECTORS = sorted(path.name for path in (ROOT / "plugins").iterdir() if path.is_dir())


def literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every string in the code that is no docstring; the first piece of an f-string too."""
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def identifiers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every name that the code gives or uses."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        for field in ("id", "attr", "name", "arg", "asname", "module"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield line, value


def words(text: str) -> str:
    """Return `text` as lower-case words with single spaces, however it was joined."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return f" {' '.join(re.findall(r'[a-z0-9]+', split.lower()))} "


def sectors_in(text: str) -> list[str]:
    return [name for name in SECTORS if f" {name.replace('_', ' ')} " in words(text)]


def is_sql(text: str) -> bool:
    return bool(SQL.match(text))


def may_hold_sql(path: Path) -> bool:
    return path.name in SQL_FILES or any(folder in path.as_posix() for folder in SQL_FOLDERS)


def test_sql_stands_only_where_it_belongs(modules):
    found = [
        f"{path}:{line}: {text[:60]!r}"
        for path, tree in modules
        if not may_hold_sql(path)
        for line, text in literals(tree)
        if is_sql(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    ["SELECT 1", "\n  INSERT INTO t VALUES (1)", "UPDATE t SET a = 1", "WITH a AS (SELECT 1)"],
)
def test_the_sql_rule_sees_sql(text):
    assert is_sql(text)


@pytest.mark.parametrize("text", ["Select one", "with care AS you wish", "UPDATE", "Drop it"])
def test_the_sql_rule_leaves_prose_alone(text):
    assert not is_sql(text)


def test_the_core_names_no_sector(modules):
    found = [
        f"{path}:{line}: {text[:60]!r}"
        for path, tree in modules
        if path.parts[0] != "plugins"
        for line, text in [*literals(tree), *identifiers(tree)]
        if sectors_in(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text", ["housing", "HousingQuery", "child_protection", "the health of", "is_health_case"]
)
def test_the_sector_rule_sees_a_sector(text):
    assert sectors_in(text)


@pytest.mark.parametrize("text", ["/healthz", "child", "employer", "protection"])
def test_the_sector_rule_leaves_other_words_alone(text):
    assert not sectors_in(text)


def test_files_are_short():
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for pattern in OWN_FOLDERS
        for folder in ROOT.glob(pattern)
        for path in folder.rglob("*.py")
        if "node_modules" not in path.parts
    }
    assert {path: number for path, number in lengths.items() if number > MOST_LINES} == {}


def test_functions_are_short(modules):
    found = [
        f"{path}:{node.lineno}: {node.name} has {own_lines(node)} lines"
        for path, tree in modules
        for node in ast.walk(tree)
        if isinstance(node, Function) and own_lines(node) > MOST_FUNCTION_LINES
    ]
    assert not found, "\n".join(found)


def own_lines(function: ast.AST) -> int:
    """Return the lines of a function without those of functions inside it."""
    inner = 0
    for child in ast.iter_child_nodes(function):
        inner += nested_lines(child)
    return function.end_lineno - function.lineno + 1 - inner


def nested_lines(node: ast.AST) -> int:
    if isinstance(node, Function):
        return node.end_lineno - node.lineno + 1
    return sum(nested_lines(child) for child in ast.iter_child_nodes(node))


def test_every_module_says_what_it_is(modules):
    assert not [str(path) for path, tree in modules if not ast.get_docstring(tree)]


def test_plugins_import_only_the_public_core(modules):
    found = []
    for path, tree in modules:
        if path.parts[0] != "plugins":
            continue
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                allowed = {"cordee_core"} | (
                    {"cordee_graphql.extension"} if path.name == "api.py" else set()
                )
                if name.startswith("cordee_") and name not in allowed:
                    found.append(f"{path}: {name}")
    assert not found, "\n".join(found)


def test_the_public_surface_is_what_it_says():
    import cordee_core

    for name in cordee_core.__all__:
        assert getattr(cordee_core, name) is not None
    with pytest.raises(AttributeError):
        _ = cordee_core.nothing_of_that_name
