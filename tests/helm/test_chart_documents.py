"""values.yaml, its schema, the README and the example say the same."""

import importlib.util
import json
import subprocess
import sys

import jsonschema
import pytest
import yaml
from chart_helm import CHART, ROOT

SCRIPT = ROOT / "helm" / "describe.py"
OPEN = {("global",)}
"""Helm hands `global` to a chart below another one: what is in it is not ours."""


@pytest.fixture(scope="module")
def describe():
    spec = importlib.util.spec_from_file_location("chart_describe", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["chart_describe"] = module
    spec.loader.exec_module(module)
    return module


def schema():
    return json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))


def defaults():
    return yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))


def parts(part, path=()):
    """Yield every part of the schema that describes a value."""
    for name, inner in part.get("properties", {}).items():
        yield (*path, name), inner
        yield from parts(inner, (*path, name))
    for name in ("items", "additionalProperties"):
        if isinstance(part.get(name), dict):
            yield from parts(part[name], (*path, f"<{name}>"))


def all_parts():
    whole = schema()
    yield from parts(whole)
    for name, part in whole["definitions"].items():
        yield ("definitions", name), part
        yield from parts(part, ("definitions", name))


def paths(value, path=()):
    yield path
    free = {"resources", "annotations", "labels", "podLabels", "podAnnotations", "nodeSelector"}
    if isinstance(value, dict) and not free & set(path[-1:]):
        for name, inner in value.items():
            yield from paths(inner, (*path, name))


def test_schema_and_readme_are_what_the_comments_say():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stderr}run: python helm/describe.py"


def test_a_changed_comment_is_noticed(describe):
    text = (CHART / "values.yaml").read_text(encoding="utf-8")
    before = describe.read_values(text)
    after = describe.read_values(text.replace("# Pods of the web process", "# Pods of web"))
    readme = (CHART / "README.md").read_text(encoding="utf-8")
    assert describe.readme(readme, before) == readme
    assert describe.readme(readme, after) != readme
    assert describe.describe(schema(), before) == schema()
    assert describe.describe(schema(), after) != schema()


def test_the_schema_is_a_schema_and_takes_defaults_and_example(example):
    validator = jsonschema.Draft7Validator(schema())
    validator.check_schema(schema())
    validator.validate(defaults())
    validator.validate(example)


def test_the_schema_is_closed_everywhere():
    for path, part in [((), schema()), *all_parts()]:
        if part.get("type") == "object" and path not in OPEN:
            inner = part.get("additionalProperties")
            assert inner is False or (isinstance(inner, dict) and inner), path
            assert inner is False or "propertyNames" in part, path


def test_every_part_of_the_schema_is_described():
    bare = [path for path, part in all_parts() if len(part.get("description", "")) < 4]
    assert bare == []


def test_every_value_is_in_the_schema_and_every_property_has_a_default(describe):
    found = set(paths(defaults()))
    for path in found - {()}:
        describe.schema_at(schema(), path)
    described = {path for path, _ in parts(schema()) if "<" not in "".join(path)}
    assert described - found == set()


def test_every_value_is_in_the_readme(describe):
    readme = (CHART / "README.md").read_text(encoding="utf-8")
    for path in paths(defaults()):
        value = describe.Value(path, None, "")
        children = [other for other in paths(defaults()) if other[: len(path)] == path != other]
        if path and not children:
            assert f"| `{value.label}` |" in readme, path


def test_a_value_can_not_be_taken_away():
    for path, part in [((), schema()), *all_parts()]:
        if (
            "properties" in part
            and "definitions" not in path
            and not any("<" in one for one in path)
        ):
            assert part["required"] == list(part["properties"]), path


def test_the_example_sets_every_value_once(example):
    assert set(paths(example)) == set(paths(defaults()))


def test_the_example_differs_from_the_defaults(example):
    same = [name for name, value in example.items() if value == defaults()[name]]
    assert set(same) <= {"global", "podDisruptionBudget"}
