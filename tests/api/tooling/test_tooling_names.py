"""What the guides and the pages of errors name exists in the schema."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import graphql
import pytest

BLOCKS = re.compile(r"```.*?```", re.DOTALL)
SPANS = re.compile(r"`([^`\n]+)`")
CAMEL = re.compile(r"(?<![\w.$/])[a-z]+[A-Z]\w*")
MEMBER = re.compile(r"(?<![\w./])([A-Z][a-z]\w+)\.(\w+)")
OF_HTTP = {
    *("requestedQueryCost", "actualQueryCost", "throttleStatus", "operationName", "documentId"),
}
"""Names of the transport, which no schema has."""


@pytest.fixture(scope="module")
def schema(root: Path) -> graphql.GraphQLSchema:
    """The published schema."""
    text = (root / "graphql/cordee_graphql/schema.graphql").read_text(encoding="utf-8")
    return graphql.build_schema(text)


def _names(schema: graphql.GraphQLSchema) -> Iterator[str]:
    for one in schema.type_map.values():
        fields: dict[str, Any] = getattr(one, "fields", {})
        for name, field in fields.items():
            yield name
            yield from getattr(field, "args", ())


def test_the_guides_name_only_what_the_schema_has(
    root: Path, schema: graphql.GraphQLSchema
) -> None:
    known = {*_names(schema), *OF_HTTP}
    pages = [root / "README.md", *root.glob("docs/guides/*.md"), *root.glob("docs/errors/*.md")]
    lost = []
    for page in pages:
        text = BLOCKS.sub("", page.read_text(encoding="utf-8"))
        for span in SPANS.findall(text):
            lost += [f"{page.name}: {one}" for one in CAMEL.findall(span) if one not in known]
            lost += [
                f"{page.name}: {kind}.{name}"
                for kind, name in MEMBER.findall(span)
                if name not in getattr(schema.get_type(kind), "fields", {name: None})
            ]
    assert lost == []
