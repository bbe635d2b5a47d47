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
LINES = {
    "AccessLogEntry": "a line of the journal, seen by the person whose record it is about",
    "CaseloadLine": "a case as a line of a work list; the case itself is a node",
    "PersonChange": "a line of a person's history",
    "TrainingRequirement": "named by what asks for it",
}
"""What stands in connections and is no node, and why."""

SHORT = {
    "Case.circle": "the people around one person",
    "Case.interpreterBookings": "those of one case",
    "Case.transfers": "a case is transferred a few times at most",
    "Household.members": "a household is small",
    "Member.ownRoles": "a handful of roles",
    "Method.versions": "versions that somebody wrote by hand",
    "Model.versions": "versions that somebody wrote by hand",
    "Person.households": "the few households of one person",
    "Person.placesOfLiving": "where one person lived",
    "Person.relatedTo": "the relations of one person",
    "Person.relations": "the relations of one person",
    "Person.representatives": "who acts for one person",
    "Programme.models": "the few models of one programme",
    "Programme.versions": "versions that somebody wrote by hand",
    "Query.ethicsConsultations": "the newest 100 that concern the member",
    "Territory.children": "the areas of one level",
    "Vocabulary.versions": "versions that somebody wrote by hand",
    "WaitingEntry.changes": "the changes of one place in the list",
    "Case.consents": "a handful, one for each purpose and basis",
    "CasePlan.actions": "one plan is agreed as a whole, and read as one",
    "CasePlan.goals": "one plan is agreed as a whole, and read as one",
    "PlanGoal.actions": "the few steps of one goal",
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


def test_connections_hold_nodes_but_for_the_lines_named(
    objects: dict[str, GraphQLObjectType],
) -> None:
    held = {
        get_named_type(one.fields["node"].type)
        for name, one in objects.items()
        if name.endswith("Edge")
    }
    others = {one for one in held if "Node" not in {i.name for i in one.interfaces}}
    assert {one.name for one in others} == set(LINES)


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
