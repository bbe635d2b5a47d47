"""The SDL as tools and clients see it: graphql-eslint, and what it can't say."""

from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLObjectType,
    build_schema,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

HERE = Path(__file__).parent
POINTERS = {"JournalObject"}
"""Types whose `id` is that of another object."""
SHORT = {
    "Case.consents": "a handful, one for each purpose and basis",
    "Query.nodes": "as long as the ids given",
    "Team.members": "a team is small, and one reads it whole",
}
"""Lists of objects that are no connections, and why they may be none."""


@pytest.fixture(scope="module")
def objects(root: Path) -> dict[str, GraphQLObjectType]:
    text = (root / "graphql/cordee_graphql/schema.graphql").read_text(encoding="utf-8")
    return {
        name: one
        for name, one in build_schema(text).type_map.items()
        if isinstance(one, GraphQLObjectType) and not name.startswith("__")
    }


def _lint(tools: Any, root: Path, file: Path) -> Any:
    words = ["--config", str(HERE / "schema.config.mjs"), "--max-warnings", "0", str(file)]
    return tools.node(root, HERE, "eslint/bin/eslint.js", *words)


def test_graphql_eslint_finds_nothing(tools: Any, root: Path) -> None:
    done = _lint(tools, root, root / "graphql/cordee_graphql/schema.graphql")
    assert done.returncode == 0, done.stdout + done.stderr


def test_graphql_eslint_sees_a_type_without_description(tools: Any, root: Path) -> None:
    planted = HERE / "build" / "planted.graphql"
    planted.parent.mkdir(exist_ok=True)
    planted.write_text("type Query { a: String }\n", encoding="utf-8")
    try:
        done = _lint(tools, root, planted)
    finally:
        planted.unlink()
    assert done.returncode == 1
    assert "require-description" in done.stdout


def test_an_id_means_that_the_object_can_be_read_again(
    objects: dict[str, GraphQLObjectType],
) -> None:
    with_id = {name for name, one in objects.items() if "id" in one.fields}
    nodes = {name for name, one in objects.items() if "Node" in {i.name for i in one.interfaces}}
    assert with_id - POINTERS == nodes


def test_lists_of_objects_are_paged(objects: dict[str, GraphQLObjectType]) -> None:
    nodes = {name for name, one in objects.items() if "Node" in {i.name for i in one.interfaces}}
    found = set()
    for name, one in objects.items():
        if name.endswith("Connection"):
            continue
        for field, definition in one.fields.items():
            kind = definition.type.of_type if is_non_null_type(definition.type) else definition.type
            inner = get_named_type(kind)
            if is_list_type(kind) and inner.name in {*nodes, "Node", "BelowCase"}:
                found.add(f"{name}.{field}")
    assert found == set(SHORT)


def test_no_default_says_null(root: Path) -> None:
    text = (root / "graphql/cordee_graphql/schema.graphql").read_text(encoding="utf-8")
    assert "= null" not in text


@pytest.mark.parametrize("folder", ["docs/client-typescript", "tests/api/tooling"])
def test_the_locks_name_no_registry(root: Path, folder: str) -> None:
    lock = (root / folder / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert "://registry" not in lock
