"""What every rendering must keep, beyond what Kubernetes accepts: one function for each rule.

Each yields its offences; `breaks` changes one object so that the rule must speak. Sources: the
Pod Security Standards, level restricted (Kubernetes 1.31 and later), and docs/adr/0008.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from chart_helm import Object, Objects, component, of_kind, pods

Rule = Callable[[Objects], Iterator[str]]
UID = 65532
WRITABLE = "/tmp"


@dataclass(frozen=True)
class Policy:
    """A rule with its name and a change that offends it; `sized` holds where pods have sizes."""

    name: str
    rule: Rule
    breaks: Callable[[Objects], object]
    sized: bool = False


POLICIES: list[Policy] = []


def policy(breaks: Callable[[Objects], object], *, sized: bool = False) -> Callable[[Rule], Rule]:
    """Register a rule under the name of its function."""

    def register(rule: Rule) -> Rule:
        POLICIES.append(Policy(rule.__name__, rule, breaks, sized))
        return rule

    return register


def on_pod(change: Callable[[Object], object]) -> Callable[[Objects], object]:
    """Return a change of the first pod's spec."""
    return lambda objects: change(next(spec for _, _, spec in pods(objects)))


def on_box(change: Callable[[Object], object]) -> Callable[[Objects], object]:
    """Return a change of the first pod's container."""
    return on_pod(lambda spec: change(spec["containers"][0]))


def on(kind: str, change: Callable[[Object], object]) -> Callable[[Objects], object]:
    """Return a change of the first object of a kind."""
    return lambda objects: change(of_kind(objects, kind)[0])


def boxes(objects: Objects) -> Iterator[tuple[str, Object, Object]]:
    """Yield name of the pod, its spec and each container of every pod."""
    for name, _, spec in pods(objects):
        for box in [*spec["containers"], *spec.get("initContainers", [])]:
            yield name, spec, box


# Pods: restricted.


@policy(on_pod(lambda spec: spec.update(hostNetwork=True)))
def no_host_namespace(objects: Objects) -> Iterator[str]:
    for name, _, spec in pods(objects):
        yield from (f"{name} {key}" for key in ("hostNetwork", "hostPID", "hostIPC") if key in spec)


@policy(on_pod(lambda spec: spec["securityContext"].pop("runAsNonRoot")))
def pod_is_not_root(objects: Objects) -> Iterator[str]:
    for name, _, spec in pods(objects):
        context = spec["securityContext"]
        if context.get("runAsNonRoot") is not True or context.get("runAsUser") != UID:
            yield name


@policy(on_pod(lambda spec: spec["securityContext"].update(runAsGroup=0)))
def group_is_not_root(objects: Objects) -> Iterator[str]:
    for name, _, spec in pods(objects):
        if {spec["securityContext"].get(key) for key in ("runAsGroup", "fsGroup")} != {UID}:
            yield name


@policy(on_pod(lambda spec: spec["securityContext"]["seccompProfile"].update(type="Unconfined")))
def seccomp_is_the_runtimes(objects: Objects) -> Iterator[str]:
    for name, _, spec in pods(objects):
        if spec["securityContext"].get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield name


@policy(on_pod(lambda spec: spec["securityContext"].update(sysctls=[{"name": "a", "value": "1"}])))
def no_sysctl(objects: Objects) -> Iterator[str]:
    yield from (name for name, _, spec in pods(objects) if "sysctls" in spec["securityContext"])


@policy(on_pod(lambda spec: spec["volumes"].append({"name": "x", "hostPath": {"path": "/"}})))
def volumes_are_harmless(objects: Objects) -> Iterator[str]:
    harmless = {"name", "configMap", "secret", "projected", "emptyDir"}
    for name, _, spec in pods(objects):
        yield from (f"{name} {volume}" for volume in spec["volumes"] if not set(volume) <= harmless)


@policy(on_pod(lambda spec: spec.pop("automountServiceAccountToken")))
def token_is_not_mounted(objects: Objects) -> Iterator[str]:
    for name, _, spec in pods(objects):
        if spec.get("automountServiceAccountToken") is not False:
            yield name
    for one in of_kind(objects, "ServiceAccount"):
        if one.get("automountServiceAccountToken") is not False:
            yield one["metadata"]["name"]


@policy(on_pod(lambda spec: spec.update(enableServiceLinks=True)))
def no_service_variables(objects: Objects) -> Iterator[str]:
    """A Service called `cordee` would set CORDEE_PORT to an address."""
    for name, _, spec in pods(objects):
        if spec.get("enableServiceLinks") is not False:
            yield name


# Containers: restricted.


@policy(on_box(lambda box: box["securityContext"].pop("allowPrivilegeEscalation")))
def no_escalation(objects: Objects) -> Iterator[str]:
    for name, _, box in boxes(objects):
        if box["securityContext"].get("allowPrivilegeEscalation") is not False:
            yield name


@policy(on_box(lambda box: box["securityContext"].update(privileged=True)))
def nothing_undoes_the_pod(objects: Objects) -> Iterator[str]:
    known = {
        "allowPrivilegeEscalation", "readOnlyRootFilesystem", "runAsNonRoot", "capabilities"
    }  # fmt: skip
    for name, _, box in boxes(objects):
        context = box["securityContext"]
        if set(context) != known or context["runAsNonRoot"] is not True:
            yield name


@policy(on_box(lambda box: box["securityContext"]["capabilities"].update(add=["NET_RAW"])))
def no_capability(objects: Objects) -> Iterator[str]:
    for name, _, box in boxes(objects):
        if box["securityContext"].get("capabilities") != {"drop": ["ALL"]}:
            yield name


@policy(on_box(lambda box: box["securityContext"].update(readOnlyRootFilesystem=False)))
def root_is_read_only(objects: Objects) -> Iterator[str]:
    for name, _, box in boxes(objects):
        if box["securityContext"].get("readOnlyRootFilesystem") is not True:
            yield name


@policy(on_box(lambda box: box["ports"][0].update(hostPort=80)))
def no_host_port(objects: Objects) -> Iterator[str]:
    for name, _, box in boxes(objects):
        yield from (name for port in box.get("ports", []) if "hostPort" in port)


@policy(on_box(lambda box: box["volumeMounts"][1].update(readOnly=False)))
def only_tmp_is_writable(objects: Objects) -> Iterator[str]:
    for name, spec, box in boxes(objects):
        for mount in box["volumeMounts"]:
            if mount["mountPath"] != WRITABLE and mount.get("readOnly") is not True:
                yield f"{name} {mount['mountPath']}"
        (tmp,) = (one for one in spec["volumes"] if one["name"] == "tmp")
        if "sizeLimit" not in tmp.get("emptyDir", {}):
            yield f"{name} /tmp without a limit"


@policy(on_box(lambda box: box["env"].append({"name": "A", "valueFrom": {"secretKeyRef": {}}})))
def secrets_are_files(objects: Objects) -> Iterator[str]:
    for name, _, box in boxes(objects):
        if "envFrom" in box or any("valueFrom" in one for one in box["env"]):
            yield name


@policy(on_box(lambda box: box.update(image="cordee:latest")))
def image_is_named(objects: Objects) -> Iterator[str]:
    for name, _, box in boxes(objects):
        if not re.search(r"(@sha256:[0-9a-f]{64}|:[^:/@]+)$", box["image"]):
            yield f"{name} {box['image']}"
        if box["image"].endswith(":latest"):
            yield f"{name} latest"


@policy(on_box(lambda box: box["resources"].pop("limits")), sized=True)
def pods_have_sizes(objects: Objects) -> Iterator[str]:
    for one in [*of_kind(objects, "Deployment"), *of_kind(objects, "Job")]:
        for box in one["spec"]["template"]["spec"]["containers"]:
            sizes = box.get("resources", {})
            if not {"cpu", "memory"} <= set(sizes.get("requests", {})):
                yield f"{one['metadata']['name']} requests"
            if "memory" not in sizes.get("limits", {}):
                yield f"{one['metadata']['name']} limits"


# Workloads: operation.


@policy(on_box(lambda box: box["livenessProbe"]["httpGet"].update(path="/readyz")))
def probes_ask_what_they_should(objects: Objects) -> Iterator[str]:
    wanted = {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}
    for one in of_kind(objects, "Deployment"):
        (box,) = one["spec"]["template"]["spec"]["containers"]
        for key, path in wanted.items():
            if box.get(key, {}).get("httpGet") != {"path": path, "port": "http"}:
                yield f"{one['metadata']['name']} {key}"


@policy(
    on("Deployment", lambda one: one["spec"]["template"]["spec"].pop("topologySpreadConstraints"))
)
def replicas_are_spread(objects: Objects) -> Iterator[str]:
    for one in of_kind(objects, "Deployment"):
        rules = one["spec"]["template"]["spec"].get("topologySpreadConstraints", [])
        own = [rule["labelSelector"] == one["spec"]["selector"] for rule in rules]
        if len(rules) != 2 or not all(own):
            yield one["metadata"]["name"]


@policy(
    on("Deployment", lambda one: one["spec"]["strategy"]["rollingUpdate"].update(maxUnavailable=1))
)
def an_upgrade_takes_no_pod_first(objects: Objects) -> Iterator[str]:
    for one in of_kind(objects, "Deployment"):
        if one["spec"]["strategy"]["rollingUpdate"] != {"maxUnavailable": 0, "maxSurge": 1}:
            yield one["metadata"]["name"]


@policy(on("PodDisruptionBudget", lambda one: one["spec"].update(maxUnavailable=0)))
def a_budget_never_blocks(objects: Objects) -> Iterator[str]:
    budgets = {
        one["metadata"]["name"]: one["spec"] for one in of_kind(objects, "PodDisruptionBudget")
    }
    for one in of_kind(objects, "Deployment") if budgets else ():
        budget = budgets.get(one["metadata"]["name"], {})
        if budget.get("maxUnavailable") != 1 or budget["selector"] != one["spec"]["selector"]:
            yield one["metadata"]["name"]


@policy(on("Deployment", lambda one: one["spec"]["selector"]["matchLabels"].update(a="b")))
def selectors_find_their_own_pods(objects: Objects) -> Iterator[str]:
    found = of_kind(objects, "Deployment")
    for one in found:
        wanted = one["spec"]["selector"]["matchLabels"].items()
        meant = [
            other["metadata"]["name"]
            for other in found
            if wanted <= other["spec"]["template"]["metadata"]["labels"].items()
        ]
        if meant != [one["metadata"]["name"]]:
            yield f"{one['metadata']['name']}: {meant}"


@policy(on("Service", lambda one: one["spec"]["selector"].pop("app.kubernetes.io/component")))
def the_service_finds_web_only(objects: Objects) -> Iterator[str]:
    for one in of_kind(objects, "Service"):
        wanted = one["spec"]["selector"].items()
        for name, metadata, _ in pods(objects):
            if (wanted <= metadata["labels"].items()) != (name.endswith("-web")):
                yield name


@policy(on("Job", lambda one: one["spec"].pop("activeDeadlineSeconds")))
def the_migration_ends(objects: Objects) -> Iterator[str]:
    for one in of_kind(objects, "Job"):
        if not {"backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished"} <= set(
            one["spec"]
        ):
            yield one["metadata"]["name"]
        if one["spec"]["template"]["spec"].get("restartPolicy") != "Never":
            yield one["metadata"]["name"]


@policy(on("HorizontalPodAutoscaler", lambda one: one["spec"]["scaleTargetRef"].update(name="x")))
def one_hand_sets_the_replicas(objects: Objects) -> Iterator[str]:
    scaled = {
        one["spec"]["scaleTargetRef"]["name"] for one in of_kind(objects, "HorizontalPodAutoscaler")
    }
    for one in of_kind(objects, "Deployment"):
        if ("replicas" in one["spec"]) == (one["metadata"]["name"] in scaled):
            yield one["metadata"]["name"]


@policy(on("Ingress", lambda one: one["spec"].pop("tls")))
def the_ingress_has_tls(objects: Objects) -> Iterator[str]:
    for one in of_kind(objects, "Ingress"):
        secured = {host for entry in one["spec"].get("tls", []) for host in entry["hosts"]}
        yield from (rule["host"] for rule in one["spec"]["rules"] if rule["host"] not in secured)


# Network.


@policy(on("NetworkPolicy", lambda one: one["spec"].update(policyTypes=["Ingress"])))
def every_pod_is_closed(objects: Objects) -> Iterator[str]:
    policies = of_kind(objects, "NetworkPolicy")
    closing = [
        one["spec"]["podSelector"]["matchLabels"].items()
        for one in policies
        if set(one["spec"]["policyTypes"]) == {"Ingress", "Egress"} and "ingress" not in one["spec"]
    ]
    for name, metadata, _ in pods(objects) if policies else ():
        if not any(wanted <= metadata["labels"].items() for wanted in closing):
            yield name


def _web(objects: Objects) -> Object:
    return next(one for one in of_kind(objects, "NetworkPolicy") if "ingress" in one["spec"])


@policy(lambda objects: _web(objects)["spec"]["ingress"].append({}))
def only_web_is_reached_from_named_places(objects: Objects) -> Iterator[str]:
    for one in of_kind(objects, "NetworkPolicy"):
        for rule in one["spec"].get("ingress", []):
            if component(one) != "web" or not rule.get("from") or not rule.get("ports"):
                yield one["metadata"]["name"]


@policy(on("NetworkPolicy", lambda one: one["spec"]["egress"].append({})))
def nothing_leaves_without_a_port(objects: Objects) -> Iterator[str]:
    for one in of_kind(objects, "NetworkPolicy"):
        for rule in one["spec"].get("egress", []):
            if not rule.get("ports") or not all("port" in port for port in rule["ports"]):
                yield one["metadata"]["name"]


# The whole.


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
