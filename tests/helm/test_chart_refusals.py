"""What is wrong with the values stands in one line of Helm's answer."""

import copy

import pytest
from chart_helm import CHART


def merged(base, path, value):
    changed = copy.deepcopy(base)
    part = changed
    *above, last = path.split(".")
    for name in above:
        part = part.setdefault(name, {})
    part[last] = value
    return changed


def test_all_that_is_required_and_missing_is_named_at_once(helm):
    said = helm.refusal({})
    (line,) = [line for line in said.splitlines() if line.startswith("Error:")]
    for name in ("application", "migrator", "relay", "contextKey", "redis"):
        assert f"secrets.{name}.name" in line
    assert "image.repository" in line


@pytest.mark.parametrize("name", ["application", "migrator", "relay", "contextKey", "redis"])
def test_one_missing_secret_is_the_one_named(helm, least, name):
    said = helm.refusal(merged(least, f"secrets.{name}.name", ""))
    assert f"required and empty: secrets.{name}.name (" in said


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("databse", 1, "Additional property databse is not allowed"),
        ("web.replica", 1, "Additional property replica is not allowed"),
        ("secrets.redis.pasword", "x", "Additional property pasword is not allowed"),
        ("extraEnv", [{"name": "A", "value": "b", "secret": "c"}], "property secret is not"),
        ("web.replicas", "two", "web.replicas: Invalid type"),
        ("web.replicas", -1, "web.replicas: Must be greater than or equal to 0"),
        ("web.replicas", None, "web: replicas is required"),
        ("settings.logLevel", "loud", "settings.logLevel must be one of"),
        ("plugins", ["Health"], "plugins.0: Does not match pattern"),
        ("image.digest", "sha256:abc", "image.digest: Does not match pattern"),
        ("podLabels", {"app.kubernetes.io/name": "x"}, "podLabels"),
        ("extraEnv", [{"name": "CORDEE_PORT", "value": "1"}], "extraEnv.0.name"),
        (
            "extraVolumes", [{"name": "a", "mountPath": "/run/secrets/x", "secret": "b"}],
            "extraVolumes.0.mountPath",
        ),
        ("extraVolumes", [{"name": "a", "mountPath": "/a"}], "extraVolumes.0"),
    ],
)  # fmt: skip
def test_the_schema_refuses(helm, least, path, value, said):
    assert said in helm.refusal(merged(least, path, value))


CHECKED = [
    ("web.terminationGracePeriodSeconds", 39, "web.terminationGracePeriodSeconds is 39, needs 40"),
    ("web.preStopSeconds", 16, "web.terminationGracePeriodSeconds is 45, needs 46"),
    ("relay.terminationGracePeriodSeconds", 19, "relay.terminationGracePeriodSeconds is 19"),
    ("scheduler.terminationGracePeriodSeconds", 19, "GracePeriodSeconds is 19, needs 20"),
    (
        "workers.heavy.terminationGracePeriodSeconds", 19,
        "workers.heavy.terminationGracePeriodSeconds is 19, needs 20",
    ),
    ("workers.heavy", None, "no class serves the queue heavy"),
    ("secrets.migrator.name", "cordee-application", "the role migrator needs a Secret of its own"),
    ("secrets.relay.name", "cordee-redis", "the role relay needs a Secret of its own"),
    ("web.autoscaling", {"enabled": True, "minReplicas": 7}, "minReplicas is 7, above"),
    ("ingress.enabled", True, "required and empty: ingress.host, networkPolicy.webFromNamespaces"),
    ("httpRoute.enabled", True, "required and empty: httpRoute.parentRefs, httpRoute.hostnames"),
    ("monitoring.probe.enabled", True, "monitoring.probe.prober, monitoring.probe.namespace"),
    (
        "extraVolumes", [{"name": "a", "mountPath": "/a", "secret": "cordee-migrator"}],
        "extraVolumes: a mounts the Secret cordee-migrator, which is for secrets.migrator only",
    ),
    (
        "extraVolumes",
        [{"name": name, "mountPath": "/a", "configMap": "b"} for name in ("a", "b")],
        "extraVolumes: the name b or the path /a is there twice",
    ),
    ("extraEnv", [{"name": "A", "value": "1"}] * 2, "extraEnv: A is there twice"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "said"), CHECKED)
def test_what_no_schema_can_say_is_refused_in_one_line(helm, least, path, value, said):
    answer = helm.refusal(merged(least, path, value))
    lines = [line for line in answer.splitlines() if line.startswith("Error:")]
    assert len(lines) == 1
    assert said in lines[0]


def test_the_autoscaler_needs_a_request_to_aim_at(helm, least):
    web = {"autoscaling": {"enabled": True}, "resources": {"requests": {"cpu": None}}}
    assert "needs web.resources.requests.cpu" in helm.refusal({**least, "web": web})


def test_a_long_release_name_asks_for_a_short_one(helm, least):
    options = ["--kube-version", "1.34"]
    done = helm.run("template", "n" * 50, str(CHART), *options, values=least)
    assert "57 characters, 40 are possible: give fullnameOverride" in done.stderr
    done = helm.run(
        "template", "n" * 50, str(CHART), *options, values={**least, "fullnameOverride": "n"}
    )
    assert done.returncode == 0, done.stderr
