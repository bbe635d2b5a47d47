"""Policies of the whole: what is made, where, under which names and labels."""

from collections.abc import Iterator
from typing import Any

from chart_helm import Objects
from chart_policy import on, policy


def _hook(one: Any) -> None:
    one["metadata"]["annotations"] = {"helm.sh/hook": "pre-upgrade"}


@policy(on("Job", _hook))
def no_hook_but_the_test(objects: Objects) -> Iterator[str]:
    for one in objects:
        hook = one["metadata"].get("annotations", {}).get("helm.sh/hook")
        if hook and (one["kind"], hook) != ("Pod", "test"):
            yield one["metadata"]["name"]


@policy(lambda objects: objects.append({"kind": "Secret", "metadata": objects[0]["metadata"]}))
def no_secret_and_no_right_is_made(objects: Objects) -> Iterator[str]:
    known = {
        "Deployment", "Job", "Pod", "Service", "ServiceAccount", "PodDisruptionBudget", "Ingress",
        "HorizontalPodAutoscaler", "NetworkPolicy", "HTTPRoute", "Probe", "PrometheusRule",
    }  # fmt: skip
    yield from (one["kind"] for one in objects if one["kind"] not in known)


@policy(lambda objects: objects[0]["metadata"].pop("namespace"))
def all_is_in_the_namespace(objects: Objects) -> Iterator[str]:
    for one in objects:
        if one["metadata"].get("namespace") != "cases":
            yield one["metadata"]["name"]


@policy(lambda objects: objects[-1]["metadata"].update(name="n" * 64))
def names_are_short_and_unique(objects: Objects) -> Iterator[str]:
    seen = set()
    for one in objects:
        name = one["metadata"]["name"]
        if (len(name) > 63 and one["kind"] != "ServiceAccount") or (one["kind"], name) in seen:
            yield name
        seen.add((one["kind"], name))


@policy(lambda objects: objects[0]["metadata"]["labels"].pop("app.kubernetes.io/component"))
def all_carries_the_usual_labels(objects: Objects) -> Iterator[str]:
    usual = {"name", "instance", "component", "part-of", "version", "managed-by"}
    wanted = {f"app.kubernetes.io/{word}" for word in usual}
    for one in objects:
        if not wanted <= set(one["metadata"]["labels"]):
            yield one["metadata"]["name"]


def _numbers(part: Any) -> Iterator[Any]:
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for one in inner:
        yield from (one,) if isinstance(one, float) else _numbers(one)


@policy(on("Job", lambda one: one["spec"].update(ttlSecondsAfterFinished=1e6)))
def numbers_are_whole(objects: Objects) -> Iterator[str]:
    """Helm prints a large number as 1e+06, which a schema takes for an integer, Kubernetes not."""
    for one in objects:
        yield from (f"{one['metadata']['name']} {number}" for number in _numbers(one))
