"""The chart renders into objects that seven versions of Kubernetes take and our policies allow."""

import copy
import shutil
import subprocess
import sys

import kubernetes_validate
import pytest
from chart_helm import CHART, VERSIONS, no_network, of_kind, pods, problems
from chart_policies import POLICIES

CUSTOM = {"HTTPRoute", "Probe", "PrometheusRule"}


@pytest.mark.parametrize("given", ["nothing", "example"])
def test_lint_is_strict_and_silent(helm, example, given):
    done = helm.run("lint", "--strict", str(CHART), values=example if given == "example" else {})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 chart(s) failed" in done.stdout
    assert "[WARNING]" not in done.stdout
    assert "[ERROR]" not in done.stdout


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("given", ["example", "least"])
def test_kubernetes_takes_every_object(helm, request, version, given):
    objects = helm.objects(request.getfixturevalue(given), version=version)
    assert len(objects) > 15
    assert problems(objects, version) == []
    for one in objects:
        if one["kind"] not in CUSTOM:
            kubernetes_validate.validate(one, version, strict=True)


def test_an_older_kubernetes_is_refused(helm, example):
    assert "incompatible with Kubernetes v1.30" in helm.refusal(example, "--kube-version", "1.30")


@pytest.mark.parametrize("rule", POLICIES, ids=lambda one: one.name)
@pytest.mark.parametrize("given", ["rendered", "rendered_least"])
def test_policy(request, given, rule):
    assert list(rule.rule(request.getfixturevalue(given))) == []


@pytest.mark.parametrize("rule", POLICIES, ids=lambda one: one.name)
def test_policy_sees_its_offence(rendered, rule):
    changed = copy.deepcopy(rendered)
    rule.breaks(changed)
    assert list(rule.rule(changed))


@pytest.mark.parametrize("given", ["example", "least"])
def test_two_renderings_are_equal(helm, request, given):
    values = request.getfixturevalue(given)
    assert helm.text(values) == helm.text(values)


def test_the_example_makes_every_kind_of_object(rendered):
    kinds = {one["kind"] for one in rendered}
    assert kinds >= CUSTOM | {"Ingress", "HorizontalPodAutoscaler", "NetworkPolicy", "Job", "Pod"}


def test_what_is_off_by_default_is_not_there(helm, least):
    kinds = {one["kind"] for one in helm.objects(least)}
    assert not kinds & (CUSTOM | {"Ingress", "HorizontalPodAutoscaler"})
    assert "NetworkPolicy" in kinds


def test_the_chart_works_below_another_one(helm, least, tmp_path):
    chart = tmp_path / "ours"
    (chart / "charts").mkdir(parents=True)
    (chart / "charts" / "cordee").symlink_to(CHART)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: ours\nversion: 1.0.0\n")
    values = {"cordee": least, "global": {"region": "here"}}
    done = helm.run("template", "care", str(chart), "--kube-version", "1.34", values=values)
    assert done.returncode == 0, done.stderr
    assert 'name: "care-cordee-web"' in done.stdout


def test_a_digest_comes_before_a_tag_and_no_tag_is_the_version(helm, least):
    def image(**given):
        values = {**least, "image": {"repository": "r.example/cordee", **given}}
        return {spec["containers"][0]["image"] for _, _, spec in pods(helm.objects(values))}

    digest = f"sha256:{'0' * 64}"
    assert image(digest=digest, tag="x") == {f"r.example/cordee@{digest}"}
    assert image(tag="x") == {"r.example/cordee:x"}
    assert image() == {"r.example/cordee:0.1.0"}


def test_each_class_of_workers_is_a_deployment(helm, least):
    more = {"queues": ["heavy"], "replicas": 3, "threads": 1, "resources": {}}
    values = {**least, "workers": {"night": {**more, "terminationGracePeriodSeconds": 20}}}
    found = {one["metadata"]["name"]: one for one in of_kind(helm.objects(values), "Deployment")}
    assert {name for name in found if "worker" in name} == {
        "care-cordee-worker-events", "care-cordee-worker-heavy", "care-cordee-worker-night"
    }  # fmt: skip
    (box,) = found["care-cordee-worker-night"]["spec"]["template"]["spec"]["containers"]
    assert box["args"][:3] == ["worker", "--queues", "heavy"]


def notes_of(helm, values, folder):
    """Return the notes: `helm template` leaves them out, so a copy of the chart renders them."""
    copied = shutil.copytree(CHART, folder / "cordee")
    file = copied / "templates" / "NOTES.txt"
    body = (
        '{{- end -}}\nkind: Notes\nmetadata: {name: notes}\ntext: {{ include "notes" . | quote }}\n'
    )
    text = '{{- define "notes" -}}' + file.read_text(encoding="utf-8") + body
    (copied / "templates" / "notes.yaml").write_text(text, encoding="utf-8")
    done = helm.run("template", "care", str(copied), "--kube-version", "1.34", values=values)
    assert done.returncode == 0, done.stderr
    (notes,) = of_kind(helm.parse(done.stdout), "Notes")
    return notes["text"]


def test_notes_say_the_next_command_and_what_is_unsafe(helm, least, tmp_path):
    values = {**least, "web": {"replicas": 1}, "networkPolicy": {"enabled": False}}
    notes = notes_of(helm, values, tmp_path)
    assert "helm test care" in notes
    warned = [line.split()[1] for line in notes.splitlines() if line.startswith("WARNING")]
    assert warned == ["networkPolicy.enabled", "image.digest", "web.replicas"]
    # 1 web pod × 1 process × 10, workers 2 × (4 + 1) and 1 × (2 + 1)
    assert "up to 23 connections" in notes


def test_helm_and_the_schemas_need_no_network(tmp_path):
    """The prefix of every Helm call here leaves no route; the schema check is tried in it too."""
    assert no_network(), "this user may not make a network namespace"
    program = """
import socket, sys
try:
    socket.create_connection(("192.0.2.1", 443), 2)
    raise SystemExit("there is a route")
except OSError as error:
    assert "unreachable" in str(error), error
import kubernetes_validate
service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {}}
kubernetes_validate.validate(service, "1.34", strict=True)
try:
    kubernetes_validate.validate({**service, "spek": {}}, "1.34", strict=True)
except kubernetes_validate.ValidationError:
    print("refused")
"""
    command = [*no_network(), sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "refused\n"), done.stderr
