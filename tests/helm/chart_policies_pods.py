"""Policies of pods and containers: the level restricted and what we ask beyond it."""

import re
from collections.abc import Iterator

from chart_helm import Objects, of_kind, pods
from chart_policy import boxes, on_box, on_pod, policy

UID = 65532
WRITABLE = "/tmp"


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
