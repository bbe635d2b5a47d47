"""Writes the comments of the chart's values.yaml into its values.schema.json and README.md.

``python helm/describe.py`` writes; with ``--check`` it only says, by its status, whether both are
what the comments say.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CHART = Path(__file__).parent / "cordee"
BEGIN, END = "<!-- values: written by helm/describe.py -->", "<!-- /values -->"
CLASS = "workers"
"""The one map whose keys the operator chooses: its first entry describes every entry."""


@dataclass(frozen=True)
class Value:
    """A value of the chart: where it stands, its default, and the comment above it."""

    path: tuple[str, ...]
    default: Any
    comment: str

    @property
    def label(self) -> str:
        """The path as the README shows it."""
        named = len(self.path) > 1 and self.path[0] == CLASS
        return ".".join((CLASS, "<class>", *self.path[2:]) if named else self.path)


def read_values(text: str) -> list[Value]:
    """Return every value of `text` that has a comment right above it, in order."""
    lines = text.splitlines()
    found = []
    for path, key, node in _walk(yaml.compose(text, yaml.SafeLoader)):
        comment = _comment_above(lines, key.start_mark.line)
        if comment:
            found.append(Value(path, _plain(node), comment))
    return found


def _walk(node: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            path = (*above, key.value)
            yield path, key, child
            yield from _walk(child, path)


def _comment_above(lines: list[str], line: int) -> str:
    parts: list[str] = []
    while line and lines[line - 1].lstrip().startswith("# "):
        line -= 1
        parts.insert(0, lines[line].strip()[2:])
    return " ".join(parts)


def _plain(node: Any) -> Any:
    return yaml.safe_load(yaml.serialize(node))


def schema_at(schema: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return the part of `schema` where `path` is described; a ``$ref`` on the way is followed.

    Raises:
        KeyError: the schema does not know the path.
    """
    part = schema
    for name in path:
        if "$ref" in part:
            part = schema["definitions"][part["$ref"].rpartition("/")[2]]
        properties = part.get("properties", {})
        part = properties[name] if name in properties else part["additionalProperties"]
    return part


def describe(schema: dict[str, Any], values: list[Value]) -> dict[str, Any]:
    """Return a copy of `schema` with each comment as the description of its value."""
    described: dict[str, Any] = json.loads(json.dumps(schema))
    for value in values:
        part = schema_at(described, value.path)
        rest = {key: item for key, item in part.items() if key != "description"}
        part.clear()
        part.update({"description": value.comment, **rest})
    return described


def table(values: list[Value]) -> str:
    """Return the values as a Markdown table."""
    groups = {value.path[:-1] for value in values}
    rows = ["| value | default | what it is |", "|---|---|---|"]
    for value in values:
        default = "" if value.path in groups - {(CLASS,)} else _default(value)
        rows.append(f"| `{value.label}` | {default} | {value.comment} |")
    return "\n".join(rows)


def _default(value: Value) -> str:
    if value.path == (CLASS,):
        return ", ".join(f"`{name}`" for name in value.default)
    return f"`{json.dumps(value.default, ensure_ascii=False)}`"


def readme(text: str, values: list[Value]) -> str:
    """Return `text` with the table of the values between its two marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table(values)}\n\n{END}{after}"


def wanted() -> dict[Path, str]:
    """Return what schema and README must hold."""
    values = read_values((CHART / "values.yaml").read_text(encoding="utf-8"))
    schema_file, readme_file = CHART / "values.schema.json", CHART / "README.md"
    schema = describe(json.loads(schema_file.read_text(encoding="utf-8")), values)
    return {
        schema_file: json.dumps(schema, indent=2, ensure_ascii=False) + "\n",
        readme_file: readme(readme_file.read_text(encoding="utf-8"), values),
    }


def main(arguments: list[str]) -> int:
    """Write both files, or with ``--check`` name those that are stale."""
    stale = [(file, text) for file, text in wanted().items() if file.read_text("utf-8") != text]
    for file, text in stale:
        sys.stderr.write(f"{file.name} {'is stale' if '--check' in arguments else 'written'}\n")
        if "--check" not in arguments:
            file.write_text(text, encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
