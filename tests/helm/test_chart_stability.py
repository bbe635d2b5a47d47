"""An upgrade that changes one value changes nothing that Kubernetes does not let us change."""

import copy
import shutil
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from chart_helm import CHART, component, of_kind
from chart_values import Maker, read_schema, reconcile


def leaves(schema, value, path=()):
    """Yield path and schema of every value that is no further divided."""
    if "$ref" in schema:
        schema = read_schema()["definitions"][schema["$ref"].rpartition("/")[2]]
    if isinstance(value, dict) and ("properties" in schema or path == ("workers",)):
        for name, inner in value.items():
            part = schema.get("properties", {}).get(name) or schema["additionalProperties"]
            yield from leaves(part, inner, (*path, name))
    else:
        yield path, schema


def changed(example, path, schema):
    """Return the example with another value at `path`, whatever else must change with it."""
    values = copy.deepcopy(example)
    part = values
    for name in path[:-1]:
        part = part[name]
    maker = Maker(Random(".".join(path)), read_schema())
    for _ in range(200):
        other = maker.make(schema)
        if other != part[path[-1]]:
            break
    else:
        raise AssertionError(f"no other value for {path}")
    part[path[-1]] = other
    if path[0] == "secrets":
        part[path[-1]] = other or "another"
        return values
    return {**reconcile(values), "secrets": example["secrets"]}


def fixed(objects):
    """Return what Kubernetes lets nobody change of each object."""
    found = {}
    for one in objects:
        name = (one["kind"], one["metadata"]["name"])
        spec = one.get("spec", {})
        if one["kind"] == "Deployment":
            found[name] = spec["selector"]
        elif one["kind"] == "Job":
            keys = ("template", "selector", "completions", "completionMode", "podFailurePolicy")
            found[name] = {key: spec.get(key) for key in keys}
        elif one["kind"] == "Service":
            found[name] = {key: spec.get(key) for key in ("clusterIP", "clusterIPs", "ipFamilies")}
    return found


def paths(example):
    return [one for one in leaves(read_schema(), example) if one[0] != ("global",)]


def test_any_single_value_may_change(helm, example, rendered):
    before, moved = fixed(rendered), set()
    tried = paths(example)
    with ThreadPoolExecutor() as pool:
        texts = list(pool.map(lambda one: helm.text(changed(example, *one)), tried))
    for (path, _), text in zip(tried, texts, strict=True):
        now = fixed(helm.parse(text))
        for name in before.keys() & now.keys():
            assert now[name] == before[name], f"{'.'.join(path)} changes {name}"
        if before.keys() != now.keys():
            moved.add(".".join(path))
    assert len(tried) > 90
    assert {
        "image.digest",
        "migration.resources.requests.cpu",
        "podAnnotations",
        "fullnameOverride",
    } <= moved


@pytest.mark.parametrize(
    ("value", "again"),
    [
        ({"web": {"replicas": 9}}, False),
        ({"migration": {"ttlSecondsAfterFinished": 9}}, False),
        ({"image": {"tag": "2"}}, True),
        ({"migration": {"again": "x"}}, True),
        ({"migration": {"resources": {"limits": {"memory": "1Gi"}}}}, True),
        ({"migration": {"resources": {"requests": {"cpu": "150m"}}}}, True),
        ({"settings": {"logLevel": "debug"}}, True),
        ({"extraEnv": [{"name": "A", "value": "b"}]}, True),
        ({"nodeSelector": {"a": "b"}}, True),
        ({"podLabels": {"a": "b"}}, True),
    ],
)
def test_the_migration_runs_again_when_its_pod_changes(helm, least, value, again):
    def name(values):
        (job,) = of_kind(helm.objects(values), "Job")
        return job["metadata"]["name"]

    image = {**least["image"], **value.get("image", {})}
    assert (name(least) != name({**least, **value, "image": image})) is again


def test_a_new_version_of_the_chart_changes_no_pod(helm, least, tmp_path):
    """Labels with the chart's version stand on the objects only: its upgrade restarts nothing."""
    other = tmp_path / "cordee"
    shutil.copytree(CHART, other)
    text = (other / "Chart.yaml").read_text(encoding="utf-8")
    (other / "Chart.yaml").write_text(text.replace("\nversion: 0.1.0", "\nversion: 9.9.9"), "utf-8")
    options = ["--namespace", "cases", "--kube-version", "1.34"]
    done = helm.run("template", "care", str(other), *options, values=least)
    assert "cordee-9.9.9" in done.stdout
    assert specs(helm.parse(done.stdout)) == specs(helm.objects(least))


def specs(objects):
    return {
        (one["kind"], component(one), one["metadata"]["name"]): one.get("spec") for one in objects
    }
