"""Every bundled plugin keeps the promises asked of third parties; one that does not is told."""

import json

import pytest
import typer
from typer.testing import CliRunner

from cordee_core.errors import UnknownPluginError
from cordee_core.plugins.commands import register
from cordee_core.plugins.host import PluginHost
from cordee_core.testing import test_conformance as test_conformance
from cordee_core.testing.conformance import run_checks
from cordee_core.testing.content_checks import failing_cases
from cordee_core.testing.registry import OWN, CheckFailed

PERMISSION = """
from cordee_core import Permission, hookimpl

class Plugin:
    @hookimpl
    def cordee_permissions(self):
        {body}

plugin = Plugin()
"""

EVENT = """
from cordee_core import hookimpl

class Plugin:
    @hookimpl
    async def cordee_case_opened(self, case, effects):
        {body}

plugin = Plugin()
"""

GOOD_EVENT = EVENT.format(body='await effects.timeline(case.id, "bad.x", {"en": "X", "fr": "X"})')


def failed(name: str) -> dict[str, str]:
    """Return what each failing check found."""
    host = PluginHost.discover(names={name})
    return {check.name: str(error) for check, error in run_checks(name, host) if error}


def finding(name: str, check: str) -> str:
    """Return what one check found; it must fail."""
    host = PluginHost.discover(names={name})
    (one,) = [one for one in OWN if one.name == check]
    with pytest.raises(CheckFailed) as caught:
        one.run(name, host)
    return str(caught.value)


def test_a_plugin_that_does_all_right_passes(make_plugin):
    make_plugin("bad", GOOD_EVENT, hooks=["cordee_case_opened"])
    assert failed("bad") == {}


@pytest.mark.parametrize(
    ("top", "check", "found"),
    [
        ("import strawberry", "loading_imports_nothing_heavy", "strawberry"),
        ("import strawberry", "imports_only_the_public_core", "plugin.py imports strawberry"),
        (
            "from cordee_core.errors import CordeeError",
            "imports_only_the_public_core",
            "plugin.py imports cordee_core.errors",
        ),
        ("import cordee_housing", "imports_only_the_public_core", "imports cordee_housing"),
        (
            "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 9), 0.1)\n"
            "except OSError:\n    pass",
            "import_has_no_side_effects",
            "socket.connect",
        ),
        (
            "import threading, time\n"
            "threading.Thread(target=time.sleep, args=(1,), daemon=True).start()",
            "import_has_no_side_effects",
            "starts a thread",
        ),
        (
            "import os, pathlib\npathlib.Path(os.devnull).write_text('x')",
            "import_has_no_side_effects",
            "for writing",
        ),
    ],
)
def test_what_the_code_must_not_do_is_found(make_plugin, top, check, found):
    make_plugin("bad", f"{top}\n{GOOD_EVENT}", hooks=["cordee_case_opened"])
    assert found in finding("bad", check)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('await effects.timeline(case.id, "other.x", {"en": "X", "fr": "X"})', "another prefix"),
        ('await effects.timeline(case.id, "bad.x", {"en": "X"})', "missing in fr"),
        (
            'vars(self).setdefault("n", []).append(1); assert len(self.n) < 2, "only once"',
            "only once",
        ),
        (
            'vars(self).setdefault("n", []).append(1)\n'
            '        kind = f"bad.x{len(self.n)}"\n'
            '        await effects.timeline(case.id, kind, {"en": "X", "fr": "X"})',
            "does something else the second time",
        ),
    ],
)
def test_an_event_that_is_not_safe_twice_is_found(make_plugin, body, found):
    make_plugin("bad", EVENT.replace("{body}", body), hooks=["cordee_case_opened"])
    assert found in failed("bad")["events_may_be_delivered_twice"]


@pytest.mark.parametrize(
    ("code", "check"),
    [
        ("    async def cordee_case_opened(self): ...", "hooks_are_decorated"),
        (
            "    @hookimpl\n    async def cordee_case_opened(self, case=None): ...",
            "hook_arguments_have_no_defaults",
        ),
        ("    @hookimpl\n    def cordee_case_opened(self): ...", "hooks_have_their_colour"),
    ],
)
def test_a_refused_plugin_is_told_which_rule_it_broke(make_plugin, code, check):
    text = f"from cordee_core import hookimpl\n\nclass Plugin:\n{code}\n\nplugin = Plugin()\n"
    make_plugin("bad", text, hooks=["cordee_case_opened"])
    found = failed("bad")
    assert check in found
    assert "loads" in found
    assert "not examined" in found["registration_is_repeatable"]


def test_what_changes_between_two_registrations_is_found(make_plugin):
    body = (
        'vars(self).setdefault("n", []).append(1)\n        return [Permission('
        'code=f"bad.p{len(self.n)}", title={"en": "P", "fr": "P"})]'
    )
    text = PERMISSION.replace("{body}", body)
    make_plugin("bad", text, hooks=["cordee_permissions"])
    assert "cordee_permissions" in finding("bad", "registration_is_repeatable")


def test_an_exemption_needs_a_rule_that_allows_one(make_plugin):
    manifest = '[plugin]\nname = "bad"\napi = 1\nhooks = []\n[plugin.exempt]\nloads = "tired"\n'
    make_plugin("bad", manifest=manifest)
    assert "no exemption from 'loads'" in finding("bad", "manifest_is_valid")


def test_a_wrong_worked_case_is_found():
    host = PluginHost.discover(names={"housing"}, strict=True)
    rule = next(rule for rule in host.content["housing"].rules.values() if rule.cases)
    assert list(failing_cases(rule)) == []
    rule.cases[0].expect["outcome"] = "perhaps"
    assert "not 'perhaps'" in next(failing_cases(rule))


def test_other_distributions_add_their_checks(make_plugin):
    code = """
def has_a_name(plugin, host):
    \"\"\"The plugin's name is not shouted about.\"\"\"
    raise AssertionError(f"heard of {plugin}")
"""
    entries = "[cordee.checks]\nhas_a_name = cordee_loud.kit:has_a_name\n"
    make_plugin("loud", files={"kit.py": code}, entries=entries)
    assert failed("loud") == {"has_a_name": "heard of loud"}


def test_every_check_has_a_rule_to_read():
    for check in OWN:
        assert len(check.rule.split()) > 5, check.name


# The commands.


@pytest.fixture
def cli():
    app = typer.Typer()
    register(app)
    return lambda *words: CliRunner().invoke(app, ["plugin", *words])


def test_list_names_every_plugin_good_and_bad(make_plugin, cli):
    assert cli("list").exit_code == 0
    make_plugin("bad", manifest="[plugin\n")
    run = cli("list")
    assert run.exit_code == 1
    lines = {line.split()[0]: line for line in run.output.splitlines() if not line.startswith(" ")}
    assert set(lines) == {"bad", "child_protection", "employment", "health", "housing"}
    assert "FAILED  [plugin_manifest] plugin.toml:" in lines["bad"]
    assert "ok" in lines["housing"]
    assert "cordee_case_referred" in lines["housing"]


def test_list_speaks_json(make_plugin, cli):
    make_plugin("bad", manifest="[plugin\n")
    rows = {row["name"]: row for row in json.loads(cli("list", "--json").output)}
    assert rows["bad"]["state"] == "FAILED"
    assert rows["bad"]["code"] == "plugin_manifest"
    assert rows["housing"]["version"] == "0.1.0"
    assert rows["housing"]["content"]["instruments"] == 3


def test_check_shows_rule_and_finding(make_plugin, cli):
    make_plugin("bad", f"import strawberry\n{GOOD_EVENT}", hooks=["cordee_case_opened"])
    run = cli("check", "bad")
    assert run.exit_code == 1
    assert "FAILED  loading_imports_nothing_heavy" in run.output
    assert "rule:  Loading the plugin imports neither" in run.output
    assert "found: loading it imports strawberry" in run.output


def test_check_passes_a_plugin_of_data_files(make_plugin, cli):
    make_plugin("plain")
    run = cli("check", "plain")
    assert run.exit_code == 0, run.output


def test_check_needs_one_name_or_all(cli):
    assert cli("check").exit_code == 2
    assert cli("check", "housing", "--all").exit_code == 2
    assert isinstance(cli("check", "nobody").exception, UnknownPluginError)
