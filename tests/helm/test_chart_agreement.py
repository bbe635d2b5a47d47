"""The chart and the code agree: settings, commands, probes, times, who sees which secret."""

import json
import re

import pytest
import typer
from chart_helm import CHART, ROOT, of_kind, pods

from cordee_core.settings import SETTINGS, load_settings

FILES = "/run/secrets/cordee/"
CONTENT = {
    "application": "postgresql://cordee_app:x@db/cordee",
    "migrator": "postgresql://cordee_migrator:x@db/cordee",
    "relay": "postgresql://cordee_relay:x@db/cordee",
    "contextKey": "k" * 32,
    "redis": "redis://redis:6379/0",
}
MOUNTED = {
    "web": {"application", "contextKey", "redis"},
    "worker-events": {"application", "contextKey", "redis"},
    "worker-heavy": {"application", "contextKey", "redis"},
    "relay": {"relay", "redis"},
    "scheduler": {"relay"},
    "migration": {"migrator", "contextKey"},
    "test": set(),
}


def by_component(objects):
    label = "app.kubernetes.io/component"
    return {metadata["labels"][label]: spec for _, metadata, spec in pods(objects)}


def secrets_of(spec):
    """Return the Secrets that a pod can see, whatever the way."""
    found = re.findall(
        r'"(?:secretName|secret)": (?:"([^"]+)"|\{[^}]*"name": "([^"]+)")', json.dumps(spec)
    )
    text = json.dumps(spec)
    projected = [
        source["secret"]["name"]
        for volume in spec["volumes"]
        for source in volume.get("projected", {}).get("sources", [])
    ]
    assert "secretKeyRef" not in text
    assert "secretRef" not in text
    return {name for pair in found for name in pair if name} | set(projected)


@pytest.mark.parametrize("component", MOUNTED)
def test_each_pod_sees_the_secrets_that_it_needs(rendered, example, component):
    wanted = {example["secrets"][name]["name"] for name in MOUNTED[component]}
    assert secrets_of(by_component(rendered)[component]) == wanted


def test_only_the_migration_sees_the_migrators_secret(rendered, example):
    name = example["secrets"]["migrator"]["name"]
    seen = {one for one, spec in by_component(rendered).items() if name in json.dumps(spec)}
    assert seen == {"migration"}
    elsewhere = [one["kind"] for one in rendered if name in json.dumps(one)]
    assert elsewhere == ["Job"]


def test_a_secret_shows_the_one_key_that_is_meant(rendered, example):
    for spec in by_component(rendered).values():
        for volume in spec["volumes"]:
            for source in volume.get("projected", {}).get("sources", []):
                (item,) = source["secret"]["items"]
                assert item["key"] == example["secrets"][item["path"]]["key"]


def environment(spec, folder):
    found = {}
    for one in spec["containers"][0]["env"]:
        value = one["value"]
        if value.startswith(FILES):
            file = folder / value.removeprefix(FILES)
            file.write_text(CONTENT[file.name], encoding="utf-8")
            value = str(file)
        found[one["name"]] = value
    return found


@pytest.mark.parametrize("component", [name for name in MOUNTED if name != "test"])
def test_the_code_reads_the_environment_of_each_pod(rendered, tmp_path, component):
    settings = load_settings(environment(by_component(rendered)[component], tmp_path))
    needs = {
        "application": "CORDEE_DATABASE_URL", "migrator": "CORDEE_MIGRATOR_DATABASE_URL",
        "relay": "CORDEE_RELAY_DATABASE_URL", "contextKey": "CORDEE_CONTEXT_KEY",
        "redis": "CORDEE_REDIS_URL",
    }  # fmt: skip
    assert {key for key, name in needs.items() if settings.has(name)} == MOUNTED[component]
    if component == "web":
        assert (settings.host, settings.port, settings.workers) == ("0.0.0.0", 8000, 2)
        assert settings.pool_size == 8
        assert settings.operation_seconds == 20
        assert settings.max_body_bytes == 2097152
        assert settings.graphiql is False
        assert settings.http_parser == "stock"
        assert settings.cors_origins == ("https://care.example.org",)
    if component == "web" or component.startswith("worker"):
        assert settings.required_plugins == ("health", "housing")


def test_every_setting_can_be_set(rendered):
    names = {
        one["name"].removesuffix("_FILE")
        for spec in by_component(rendered).values()
        for one in spec["containers"][0]["env"]
        if one["name"].startswith("CORDEE_")
    }
    image = (ROOT / "helm" / "image" / "Containerfile").read_text(encoding="utf-8")
    assert "CORDEE_CACHE=/tmp/" in image
    elsewhere = {"CORDEE_CACHE", "CORDEE_SHOW_PLANS"}  # the image's, and for development only
    assert names | elsewhere == {setting.name for setting in SETTINGS}


def test_the_chart_leaves_settings_as_the_code_has_them(helm, least, tmp_path):
    from cordee_core.settings import Settings

    spec = by_component(helm.objects(least))["web"]
    settings, plain = load_settings(environment(spec, tmp_path)), Settings()
    for name in (
        "port", "workers", "pool_size", "max_body_bytes", "operation_seconds", "required_plugins",
        "cors_origins", "trusted_documents", "trusted_only", "graphiql", "http_parser",
        "log_level",
    ):  # fmt: skip
        assert getattr(settings, name) == getattr(plain, name), name


def test_the_command_line_takes_every_pods_arguments(rendered):
    from importlib.metadata import entry_points

    app = typer.Typer()
    for point in entry_points(group="cordee.commands"):
        point.load()(app)
    entry = (ROOT / "helm" / "image" / "Containerfile").read_text(encoding="utf-8")
    assert 'ENTRYPOINT ["tini", "--", "cordee"]' in entry
    root = typer.main.get_command(app)
    for component, spec in by_component(rendered).items():
        words = spec["containers"][0]["args"]
        if component == "test":
            continue
        command = root
        while hasattr(command, "resolve_command"):
            _, command, words = command.resolve_command(typer.Context(root), list(words))
        command.make_context(component, list(words))


def test_the_grace_periods_hold_what_the_code_takes():
    """Against the constants of the code: who changes one must change the chart."""
    from cordee_server.supervisor import GRACE_SECONDS
    from cordee_worker import process

    web = (CHART / "templates" / "web.yaml").read_text(encoding="utf-8")
    assert f'"drain" {GRACE_SECONDS + 5} ' in web
    background = (CHART / "templates" / "background.yaml").read_text(encoding="utf-8")
    drain = int(re.search(r'"drain" (\d+)', background)[1])
    assert drain >= process._DRAIN_SECONDS + process._CLOSE_SECONDS


def test_probes_reach_the_port_that_the_process_listens_on(rendered):
    for component, spec in by_component(rendered).items():
        if component in {"migration", "test"}:
            assert "readinessProbe" not in spec["containers"][0]
            continue
        (port,) = spec["containers"][0]["ports"]
        args = spec["containers"][0]["args"]
        given = args[args.index("--probe-port") + 1] if "--probe-port" in args else "8000"
        assert str(port["containerPort"]) == given


def test_limits_are_those_of_the_settings():
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))["properties"]
    found = {
        "CORDEE_WORKERS": schema["web"]["properties"]["processes"],
        "CORDEE_POOL_SIZE": schema["web"]["properties"]["poolSize"],
        "CORDEE_MAX_BODY_BYTES": schema["settings"]["properties"]["maxBodyBytes"],
        "CORDEE_OPERATION_SECONDS": schema["settings"]["properties"]["operationSeconds"],
    }
    parse = {setting.name: setting.parse for setting in SETTINGS}
    for name, part in found.items():
        for edge in (part["minimum"], part["maximum"]):
            assert parse[name](str(edge)) == edge
        for beyond in (part["minimum"] - 1, part["maximum"] + 1):
            with pytest.raises(ValueError, match="whole number"):
                parse[name](str(beyond))


def test_queues_are_those_of_the_worker():
    from cordee_worker.broker import QUEUES

    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    queues = schema["definitions"]["worker"]["properties"]["queues"]["items"]["enum"]
    assert set(queues) == set(QUEUES)


def test_who_may_reach_redis_and_postgres(rendered, example):
    policies = {one["metadata"]["name"]: one for one in of_kind(rendered, "NetworkPolicy")}
    ports = {
        name.removeprefix("cordee-"): {
            port["port"] for rule in one["spec"].get("egress", []) for port in rule["ports"]
        }
        for name, one in policies.items()
    }
    database, redis = (example["networkPolicy"][one]["port"] for one in ("database", "redis"))
    assert ports == {
        "all": {53}, "web": {database, redis, 443}, "worker-events": {database, redis, 443},
        "worker-heavy": {database, redis, 443}, "relay": {database, redis},
        "scheduler": {database}, "migration": {database}, "test": {8000},
    }  # fmt: skip
