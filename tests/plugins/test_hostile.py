"""Bad plugins: each is refused or contained, and named, and the others go on."""

import asyncio
import logging
import os
import signal
import time
from pathlib import Path
from textwrap import dedent, indent

import pytest

from cordee_core.definitions import DefinitionError
from cordee_core.errors import (
    ContentError,
    CordeeError,
    ManifestError,
    PluginError,
    UnknownPluginError,
)
from cordee_core.plugins import content, isolation
from cordee_core.plugins.content import PARSERS
from cordee_core.plugins.dispatch import check_transitions, deliver
from cordee_core.plugins.host import PluginHost
from cordee_core.testing.call_checks import RecordingEffects, samples

PACKAGE = Path(__file__).parents[2] / "plugins/housing/cordee_housing"

GOOD = """
    from cordee_core import CaseView, Effects, hookimpl

    class Plugin:
        @hookimpl
        async def cordee_case_opened(self, case: CaseView, effects: Effects) -> None:
            await effects.timeline(case.id, "good.seen", {"en": "Seen.", "fr": "Vu."})

    plugin = Plugin()
"""


@pytest.fixture
def good(make_plugin):
    """A plugin of data files that behaves, next to the bad one."""
    return make_plugin("good")


def refused(name: str) -> CordeeError:
    """Load the bad plugin and the good one; return why the bad one was refused."""
    host = PluginHost.discover(names={name, "good"})
    assert set(host.manifests) == {"good"}, "the good plugin must not suffer"
    assert set(host.failures) == {name}
    assert name not in host.content
    error = host.failures[name]
    assert isinstance(error, PluginError)
    assert error.plugin == name
    return error


def method(body: str, top: str = "") -> str:
    """Return the code of a plugin with one hook."""
    return (
        f"from cordee_core import hookimpl, Objection\nimport asyncio, time\n{top}\n"
        f"class Plugin:\n{indent(dedent(body), '    ')}\n\nplugin = Plugin()\n"
    )


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("raise RuntimeError('boom')", "RuntimeError('boom')"),
        ("import sys; sys.exit('bye')", "SystemExit('bye')"),
        ("import nowhere_at_all", "No module named 'nowhere_at_all'"),
        ("def broken(:", "SyntaxError"),
        ("class Worse(BaseException): ...\nraise Worse('x')", "Worse('x')"),
        ("import os; os._exit(0)", "ended the process while being loaded (exit status 0)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "(exit status -9)"),
        ("raise KeyboardInterrupt", "ended the process while being loaded"),
        ("x = 1", "no object called 'plugin'"),
    ],
)
def test_trouble_at_import_is_refused_and_named(make_plugin, good, code, found):
    make_plugin("bad", code, hooks=["cordee_case_opened"])
    assert found in refused("bad").problem


def test_a_plugin_that_hangs_at_import_is_refused(make_plugin, good, monkeypatch):
    monkeypatch.setattr(isolation.probe, "__kwdefaults__", {"limit": 1.0})
    # Long enough to tell that it was stopped, short enough to end by itself if it was not.
    make_plugin("bad", "import time\ntime.sleep(60)", hooks=["cordee_case_opened"])
    assert "did not finish loading within 1 s" in refused("bad").problem


def test_what_a_hanging_plugin_started_is_ended_with_it(make_plugin, monkeypatch, tmp_path):
    note = tmp_path / "pid"
    code = f"""
        import pathlib, subprocess, sys, time
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        pathlib.Path({str(note)!r}).write_text(str(child.pid))
        time.sleep(60)
    """
    monkeypatch.setattr(isolation.probe, "__kwdefaults__", {"limit": 3.0})
    make_plugin("bad", code, hooks=["cordee_case_opened"])
    assert "bad" in PluginHost.discover(names={"bad"}).failures
    pid = int(note.read_text())
    for _ in range(100):
        if not running(pid):
            break
        time.sleep(0.05)
    assert not running(pid)


def running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, signal.Signals(0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("hook", "body", "found"),
    [
        (
            "cordee_case_opened",
            """
            @hookimpl
            async def cordee_case_opend(self): ...
            """,
            "no such hook: cordee_case_opend; did you mean 'cordee_case_opened'?",
        ),
        (
            "cordee_case_opened",
            """
            async def cordee_case_opened(self): ...
            """,
            "cordee_case_opened has no @hookimpl",
        ),
        (
            "cordee_case_opened",
            """
            @hookimpl
            async def cordee_case_opened(self, tenant=None): ...
            """,
            "the argument 'tenant' has a default",
        ),
        (
            "cordee_case_opened",
            """
            @hookimpl
            async def cordee_case_opened(self, tenent): ...
            """,
            "no argument 'tenent'; did you mean 'tenant'?",
        ),
        (
            "cordee_case_opened",
            """
            @hookimpl
            def cordee_case_opened(self): ...
            """,
            "cordee_case_opened must be an 'async def'",
        ),
        (
            "cordee_check_transitions",
            """
            @hookimpl
            def cordee_check_transitions(self): return ()
            """,
            "cordee_check_transitions must be an 'async def'",
        ),
        (
            "cordee_services",
            """
            @hookimpl
            async def cordee_services(self): return ()
            """,
            "must be a plain 'def'",
        ),
        (
            "cordee_services",
            """
            @hookimpl(wrapper=True)
            def cordee_services(self): return (yield)
            """,
            "wrappers are for the core only",
        ),
        (
            "cordee_services",
            """
            @hookimpl(tryfirst=True)
            def cordee_services(self): return ()
            """,
            "@hookimpl takes no options here, not tryfirst",
        ),
        (
            "cordee_services",
            """
            @hookimpl
            def cordee_settings(self): return None
            """,
            "only in the code: cordee_settings; only in plugin.toml: cordee_services",
        ),
        (
            "cordee_services",
            """
            @hookimpl
            def cordee_services(self): raise SystemExit(3)
            """,
            "cordee_services failed: SystemExit(3)",
        ),
        (
            "cordee_services",
            """
            @hookimpl
            def cordee_services(self): return ["not a service"]
            """,
            "returned 'not a service', which is no ServiceEntry",
        ),
        (
            "cordee_settings",
            """
            @hookimpl
            def cordee_settings(self):
                return type("Loose", (), {})
            """,
            "must be a frozen dataclass",
        ),
    ],
)
def test_a_hook_that_breaks_a_rule_refuses_the_plugin(make_plugin, good, hook, body, found):
    make_plugin("bad", method(body), hooks=[hook])
    assert found in refused("bad").problem


def test_a_broken_manifest_costs_only_its_plugin(make_plugin, good):
    make_plugin("bad", manifest="[plugin\n")
    assert isinstance(refused("bad"), ManifestError)


def test_two_distributions_with_one_name_are_both_refused(make_plugin, good):
    make_plugin("twin", distribution="first-twin")
    make_plugin("twin", distribution="second-twin", version="2.0")
    assert "first-twin 1.0, second-twin 2.0" in refused("twin").problem


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"content/instrments/a.yaml": "x: 1"}, "did you mean 'instruments'?"),
        ({"content/rules/a.yml": "x: 1"}, "content/rules/a.yml: a file of definitions ends in"),
        ({"content/rules/a.yaml": "x: [1"}, "content/rules/a.yaml: line"),
        ({"content/rules/a.yaml": "x: 1\nx: 2"}, "the key 'x' stands twice"),
        ({"content/rules/a.yaml": "- 1"}, "a mapping is needed, not a list"),
        ({"content/rules/a.yaml": ""}, "a mapping is needed, not nothing"),
        ({"content/rules/a.yaml": "!!python/object/apply:os.getcwd []"}, "content/rules/a.yaml"),
    ],
)
def test_a_wrong_content_file_is_refused_with_its_place(make_plugin, good, files, found):
    make_plugin("bad", files=files)
    error = refused("bad")
    assert isinstance(error, ContentError)
    assert found in error.problem


ETHOS = PACKAGE / "content/instruments/ethos_light.yaml"
TITLE = "title: {en: Living situation (ETHOS Light), fr: Situation d'habitat (ETHOS Light)}"


def instrument(old: str = "", new: str = "") -> str:
    """Return a good instrument of the plugin ``bad``, with `old` made `new`."""
    text = ETHOS.read_text(encoding="utf-8").replace("housing.ethos_light", "bad.ethos_light")
    assert old in text
    return text.replace(old, new, 1) if old else text


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("fr: Où la personne", "de: Où la personne"), "items[0].text.fr: French text missing"),
        ((TITLE, "title: {fr: Situation d'habitat}"), "title.en: English text missing"),
        ((TITLE, "title: {en: Home, fr: ''}"), "title.fr: the text is empty"),
        (("validity_days: 30", "validity_day: 30"), "did you mean 'validity_days'?"),
        (("bad.ethos_light", "housing.ethos_light"), "belongs to 'housing' and must start 'bad.'"),
        (("verdict: ship", "verdict: forbidden"), "a forbidden instrument is not offered"),
    ],
)
def test_a_wrong_instrument_is_refused_with_its_place(make_plugin, good, change, found):
    make_plugin("bad", files={"content/instruments/a.yaml": instrument(*change)})
    problem = refused("bad").problem
    assert problem.startswith("content/instruments/a.yaml: ")
    assert found in problem


def test_a_code_in_two_files_is_refused(make_plugin, good):
    files = {f"content/instruments/{name}.yaml": instrument() for name in "ab"}
    make_plugin("bad", files=files)
    assert "the code 'bad.ethos_light' is taken by another file" in refused("bad").problem


def test_a_code_from_a_file_and_a_hook_is_refused(make_plugin, good):
    body = """
        @hookimpl
        def cordee_instruments(self):
            raw = yaml.safe_load((Path(__file__).parent / "content/instruments/a.yaml").read_text())
            return [parse_instrument(raw)]
    """
    top = "import yaml\nfrom pathlib import Path\nfrom cordee_core import parse_instrument"
    files = {"content/instruments/a.yaml": instrument()}
    make_plugin("bad", method(body, top), hooks=["cordee_instruments"], files=files)
    assert "the code 'bad.ethos_light' is defined twice" in refused("bad").problem


def test_what_a_hook_brings_stands_beside_the_files(make_plugin):
    body = """
        @hookimpl
        def cordee_instruments(self):
            raw = yaml.safe_load((Path(__file__).parent / "more.yaml").read_text())
            return [parse_instrument(raw)]
    """
    top = "import yaml\nfrom pathlib import Path\nfrom cordee_core import parse_instrument"
    other = instrument().replace("bad.ethos_light", "bad.more")
    files = {"content/instruments/a.yaml": instrument(), "more.yaml": other}
    make_plugin("bad", method(body, top), hooks=["cordee_instruments"], files=files)
    host = PluginHost.discover(names={"bad"}, strict=True)
    assert set(host.content["bad"].instruments) == {"bad.ethos_light", "bad.more"}
    assert host.instrument("bad.more")[0] == "bad"


@pytest.mark.parametrize("kind", sorted(PARSERS))
def test_each_kind_has_a_published_schema_that_is_applied(kind):
    with pytest.raises(DefinitionError):
        content.apply_schema(kind, {"nothing": "of this kind"})


def test_content_that_breaks_the_reader_itself_costs_only_its_plugin(make_plugin, good):
    deep = "[" * 3000 + "]" * 3000
    make_plugin("bad", files={"content/rules/a.yaml": f"x: {deep}"})
    assert refused("bad").problem


def test_a_strict_host_raises_what_another_would_note(make_plugin):
    make_plugin("bad", manifest="[plugin\n")
    with pytest.raises(ManifestError):
        PluginHost.discover(names={"bad"}, strict=True)


def test_a_name_that_is_not_installed_is_an_error():
    with pytest.raises(UnknownPluginError):
        PluginHost.discover(names={"nobody"})


# What a plugin does when it is called.


def event(name: str, host: PluginHost) -> RecordingEffects:
    effects = RecordingEffects(name, None)
    given = {key: samples(name)[key] for key in ("tenant", "case", "actor")}
    asyncio.run(deliver(host, "cordee_case_opened", name, effects=effects, limit=1.0, **given))
    return effects


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("raise ValueError('no')", "cordee_case_opened failed: ValueError: no"),
        ("raise SystemExit(1)", "SystemExit(1)"),
        ("raise asyncio.CancelledError", "CancelledError"),
        ("await asyncio.sleep(60)", "no answer within 1 s"),
        ("return 3", "an event hook returns nothing, not 3"),
    ],
)
def test_an_event_hook_that_fails_is_named_and_harms_nobody(make_plugin, body, found):
    make_plugin("good", GOOD, hooks=["cordee_case_opened"])
    code = f"@hookimpl\nasync def cordee_case_opened(self):\n    {body}\n"
    make_plugin("bad", method(code), hooks=["cordee_case_opened"])
    host = PluginHost.discover(names={"bad", "good"}, strict=True)
    with pytest.raises(PluginError) as caught:
        event("bad", host)
    assert caught.value.plugin == "bad"
    assert found in caught.value.problem
    assert [kind for _, kind, _ in event("good", host).entries] == ["good.seen"]


OBJECTS = """
@hookimpl
async def cordee_check_transitions(self, requests):
    return [
        Objection(case_id=one.case.id, code="careful.wait", text={"en": "Wait.", "fr": "Attendez."},
                  origin="somebody_else")
        for one in requests
    ]
"""


def decide(host: PluginHost, enabled: set[str], limit: float = 1.0):
    given = {key: samples("x")[key] for key in ("tenant", "requests", "actor")}
    return asyncio.run(check_transitions(host, enabled=enabled, limit=limit, **given))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("raise ValueError('no')", "no"),
        ("await asyncio.sleep(60)", "no answer within 1 s"),
        ("raise SystemExit(1)", "SystemExit"),
        ("return [1]", "an Objection is needed, not 1"),
        ("return 1", "not iterable"),
    ],
)
def test_a_decision_hook_that_fails_is_an_answer_with_its_error(make_plugin, body, found):
    code = f"@hookimpl\nasync def cordee_check_transitions(self):\n    {body}\n"
    make_plugin("bad", method(code), hooks=["cordee_check_transitions"])
    make_plugin("careful", method(OBJECTS), hooks=["cordee_check_transitions"])
    host = PluginHost.discover(names={"bad", "careful"}, strict=True)
    answers = {answer.plugin: answer for answer in decide(host, {"bad", "careful"})}
    assert found in str(answers["bad"].error)
    assert answers["bad"].value is None
    (objection,) = answers["careful"].value
    assert (objection.code, objection.origin) == ("careful.wait", "careful")


def test_a_hook_that_swallows_its_cancellation_is_left_behind(make_plugin):
    body = """
        @hookimpl
        async def cordee_check_transitions(self):
            for _ in range(8):
                try:
                    await asyncio.sleep(0.1)
                except asyncio.CancelledError:
                    pass
            return ()
    """
    make_plugin("stubborn", method(body), hooks=["cordee_check_transitions"])
    host = PluginHost.discover(names={"stubborn"}, strict=True)
    (answer,) = decide(host, {"stubborn"}, limit=0.2)
    assert isinstance(answer.error, TimeoutError)


def test_a_hook_that_blocks_the_process_is_reported(make_plugin, caplog):
    body = """
        @hookimpl
        async def cordee_check_transitions(self):
            time.sleep(0.3)
            return ()
    """
    make_plugin("greedy", method(body), hooks=["cordee_check_transitions"])
    host = PluginHost.discover(names={"greedy"}, strict=True)
    with caplog.at_level(logging.WARNING):
        (answer,) = decide(host, {"greedy"})
    assert answer.error is None
    assert "plugin greedy blocked the process" in caplog.text
    assert "cordee_check_transitions" in caplog.text


def test_the_callers_own_cancellation_passes_through(make_plugin):
    body = """
        @hookimpl
        async def cordee_case_opened(self):
            await asyncio.sleep(60)
    """
    make_plugin("slow", method(body), hooks=["cordee_case_opened"])
    host = PluginHost.discover(names={"slow"}, strict=True)
    given = {key: samples("slow")[key] for key in ("tenant", "case", "actor")}

    async def cancel() -> None:
        task = asyncio.create_task(
            deliver(host, "cordee_case_opened", "slow", effects=None, **given)
        )
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
