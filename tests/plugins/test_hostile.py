"""Bad plugins: each is refused or contained, and named, and the others go on."""

import os
import signal
import time
from pathlib import Path

import pytest
from hostile_plugins import method, refused

from cordee_core.errors import ManifestError, UnknownPluginError
from cordee_core.plugins import isolation
from cordee_core.plugins.host import PluginHost


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


def test_a_strict_host_raises_what_another_would_note(make_plugin):
    make_plugin("bad", manifest="[plugin\n")
    with pytest.raises(ManifestError):
        PluginHost.discover(names={"bad"}, strict=True)


def test_a_name_that_is_not_installed_is_an_error():
    with pytest.raises(UnknownPluginError):
        PluginHost.discover(names={"nobody"})
