"""Policies of workloads and network: how they run, and who reaches whom."""

from collections.abc import Iterator

from chart_helm import Object, Objects, component, of_kind, pods
from chart_policy import on, on_box, policy

# Workloads.


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
