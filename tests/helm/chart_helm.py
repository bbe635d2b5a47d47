"""Runs the real Helm, offline, and reads what it renders."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate.utils as kubernetes
import yaml
from referencing import Registry, Resource

ROOT = Path(__file__).parents[2]
CHART = ROOT / "helm" / "cordee"
VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")
"""The seven newest versions of Kubernetes that kubernetes-validate knows."""

Object = dict[str, Any]
Objects = list[Object]


def find_helm() -> Path | None:
    """Return the Helm of this environment, or one on PATH."""
    beside = Path(sys.executable).with_name("helm")
    found = str(beside) if beside.exists() else shutil.which("helm")
    return Path(found) if found else None


@cache
def no_network() -> tuple[str, ...]:
    """Return what to put before a command so that it has no network; nothing where we may not."""
    for prefix in (("unshare", "-rn"), ("unshare", "-n")):
        if shutil.which(prefix[0]) and not subprocess.run([*prefix, "true"]).returncode:
            return prefix
    return ()


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's own, but a plain `=` is text, as it is for Kubernetes."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: str(node.value))


@dataclass(frozen=True)
class Helm:
    """Helm and the chart."""

    binary: Path

    def run(self, *words: str, values: Mapping[str, Any] | None = None) -> Any:
        """Return the finished process of a Helm command; `values` go in through its input."""
        given = ["--values", "-"] if values is not None else []
        return subprocess.run(
            [*no_network(), str(self.binary), *words, *given],
            input=json.dumps(values, ensure_ascii=False),
            capture_output=True, text=True, check=False,
            env={"HOME": "/nonexistent", "HELM_CACHE_HOME": "/nonexistent"},
        )  # fmt: skip

    def text(
        self, values: Mapping[str, Any], *words: str, release: str = "care", version: str = "1.34"
    ) -> str:
        """Return the manifest of the chart with `values`."""
        options = ["--namespace", "cases", "--kube-version", version]
        done = self.run("template", release, str(CHART), *options, *words, values=values)
        assert done.returncode == 0, done.stderr
        return str(done.stdout)

    def objects(self, values: Mapping[str, Any], *words: str, **options: str) -> Objects:
        """Return the objects of the chart with `values`."""
        return self.parse(self.text(values, *words, **options))

    @staticmethod
    def parse(text: str) -> Objects:
        """Return the objects of a manifest."""
        return [one for one in yaml.load_all(text, _Loader) if one]

    def refusal(self, values: Mapping[str, Any], *words: str) -> str:
        """Return what Helm says against `values`."""
        done = self.run("template", "care", str(CHART), *words, values=values)
        assert done.returncode, "Helm takes these values"
        return str(done.stderr)


def pods(objects: Objects) -> Iterator[tuple[str, Object, Object]]:
    """Yield name, metadata and spec of every pod that `objects` make."""
    for one in objects:
        name = f"{one['kind']}/{one['metadata']['name']}"
        if one["kind"] == "Pod":
            yield name, one["metadata"], one["spec"]
        elif one["kind"] in {"Deployment", "Job"}:
            template = one["spec"]["template"]
            yield name, template["metadata"], template["spec"]


def of_kind(objects: Objects, kind: str) -> Objects:
    """Return the objects of one kind."""
    return [one for one in objects if one["kind"] == kind]


def component(one: Object) -> str:
    """Return which component an object belongs to."""
    return str(one["metadata"]["labels"]["app.kubernetes.io/component"])


def problems(objects: Objects, version: str) -> list[str]:
    """Return what the strict schemas of a Kubernetes version have against `objects`."""
    found = []
    for one in objects:
        name = f"{one['kind']}/{one['metadata']['name']}"
        validator = _validator(one["kind"], one["apiVersion"], version)
        found += [f"{name} {e.json_path}: {e.message}" for e in validator.iter_errors(one)]
    return found


@cache
def _validator(kind: str, api: str, version: str) -> jsonschema.Draft202012Validator:
    """Return kubernetes-validate's validator, made once: its own `validate` reads 4 MB a time."""
    own = Path(__file__).with_name("crds") / f"{kind.lower()}.json"
    if own.exists():
        return jsonschema.Draft202012Validator(json.loads(own.read_text(encoding="utf-8")))
    folder = f"kubernetes-json-schema/v{version}.0-local-strict"
    group, _, number = api.rpartition("/")
    file = "-".join(part for part in (kind.lower(), group.partition(".")[0], number) if part)
    schema = kubernetes.schema_contents(f"{folder}/{file}.json", version)
    shared = _definitions(folder, version)
    return jsonschema.Draft202012Validator(schema, registry=Resource.from_contents(schema) @ shared)


@cache
def _definitions(folder: str, version: str) -> Any:
    contents = kubernetes.schema_contents(f"{folder}/_definitions.json", version)
    return Resource.from_contents(contents) @ Registry()
