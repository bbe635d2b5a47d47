"""The plugin host: what it finds, keeps and calls, and for whom."""

import asyncio
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from cordee_core import Objection, hookimpl
from cordee_core.errors import (
    InvalidInputError,
    PluginError,
    UnknownInstrumentError,
    UnknownPluginError,
    UnknownRuleError,
)
from cordee_core.hookspecs import DECISION, EVENT, HOOKS, REGISTRATION, SPECS
from cordee_core.plugins import isolation
from cordee_core.plugins.content import PARSERS, parser
from cordee_core.plugins.dispatch import check_transitions, consumers, deliver
from cordee_core.plugins.host import PluginHost
from cordee_core.plugins.manifest import Manifest
from cordee_core.plugins.settings import build_settings, show_settings
from cordee_core.testing.call_checks import RecordingEffects, samples

BUNDLED = {"child_protection", "employment", "health", "housing"}

ONE_HOOK = """
from cordee_core import hookimpl

class Plugin:
    @hookimpl
    async def cordee_case_opened(self, case): ...

plugin = Plugin()
"""


def manifest(name: str, *hooks: str) -> Manifest:
    return Manifest(name=name, api=1, hooks=frozenset(hooks))


class Listens:
    """Notes the number of each case that it is told of."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    @hookimpl
    async def cordee_case_opened(self, case) -> None:
        self.seen.append(case.number)


class Guards:
    """Has something against everything."""

    @hookimpl
    async def cordee_check_transitions(self, requests):
        text = {"en": "No.", "fr": "Non."}
        return [Objection(case_id=one.case.id, code="x.no", text=text) for one in requests]


def test_the_four_bundled_plugins_load():
    assert set(PluginHost.discover(strict=True).manifests) == BUNDLED


def test_plugins_without_hooks_are_not_imported():
    code = (
        "import sys; from cordee_core.plugins.host import PluginHost; PluginHost.discover()\n"
        "print([m for m in sys.modules if m in ('cordee_health', 'strawberry', 'piccolo')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_an_event_goes_to_the_one_plugin_named():
    host, first, second = PluginHost(), Listens(), Listens()
    host.register(manifest("first", "cordee_case_opened"), first)
    host.register(manifest("second", "cordee_case_opened"), second)
    assert consumers(host, "cordee_case_opened", {"second", "first"}) == ["first", "second"]
    assert consumers(host, "cordee_case_opened", {"second"}) == ["second"]
    assert consumers(host, "cordee_case_opened", set()) == []
    given = {key: samples("first")[key] for key in ("tenant", "case", "actor")}
    effects = RecordingEffects("first", None)
    asyncio.run(deliver(host, "cordee_case_opened", "first", effects=effects, **given))
    assert (len(first.seen), second.seen) == (1, [])


def test_an_event_for_a_plugin_that_is_gone_is_an_error():
    given = {key: samples("x")[key] for key in ("tenant", "case", "actor")}
    with pytest.raises(PluginError, match="not loaded or has no cordee_case_opened"):
        asyncio.run(deliver(PluginHost(), "cordee_case_opened", "x", effects=None, **given))


def test_an_event_with_other_arguments_than_specified_is_our_bug():
    with pytest.raises(TypeError, match="do not fit the specification"):
        asyncio.run(deliver(PluginHost(), "cordee_case_opened", "x", tenant=None))


def decide(host: PluginHost, *enabled: str):
    given = {key: samples("x")[key] for key in ("tenant", "requests", "actor")}
    return asyncio.run(check_transitions(host, enabled=enabled, **given))


def test_a_plugin_that_the_tenant_has_not_enabled_is_not_asked():
    host = PluginHost()
    host.register(manifest("guards", "cordee_check_transitions"), Guards())
    assert decide(host) == []
    (answer,) = decide(host, "guards")
    assert [one.origin for one in answer.value] == ["guards"]


def test_a_core_feature_is_asked_first_whatever_is_enabled():
    host = PluginHost()
    host.register(manifest("guards", "cordee_check_transitions"), Guards())
    host.register_feature("plans", Guards())
    assert [answer.plugin for answer in decide(host)] == ["core.plans"]
    assert [answer.plugin for answer in decide(host, "guards")] == ["core.plans", "guards"]


def test_a_plugin_gets_only_the_arguments_that_it_asks_for():
    host, listens = PluginHost(), Listens()
    host.register(manifest("listens", "cordee_case_opened"), listens)
    (one,) = host.implementations("cordee_case_opened")
    assert one.arguments == ("case",)


def test_a_name_is_registered_once():
    host = PluginHost()
    host.register(manifest("one", "cordee_case_opened"), Listens())
    with pytest.raises(PluginError, match="registered already"):
        host.register(manifest("one", "cordee_case_opened"), Listens())
    assert set(host.manifests) == {"one"}


def test_a_refused_plugin_leaves_no_trace():
    host = PluginHost()
    with pytest.raises(PluginError, match="disagree about hooks"):
        host.register(manifest("guards"), Guards())
    assert host.manifests == {}
    assert host.content == {}
    assert list(host.implementations("cordee_check_transitions")) == []


def test_what_a_lazy_hook_raises_refuses_the_plugin_and_goes_on():
    class Broken:
        @hookimpl
        def cordee_tables(self):
            raise RuntimeError("no tables today")

    host = PluginHost()
    host.register(manifest("broken", "cordee_tables"), Broken())
    host.register(manifest("listens", "cordee_case_opened"), Listens())
    assert list(host.collect("cordee_tables")) == []
    assert "no tables today" in str(host.failures["broken"])
    assert set(host.manifests) == {"listens"}


def test_what_is_not_there_is_unknown():
    host = PluginHost()
    with pytest.raises(UnknownInstrumentError):
        host.instrument("nobody.thing")
    with pytest.raises(UnknownRuleError):
        host.rule("thing")
    with pytest.raises(UnknownPluginError):
        host.version("nobody")


def test_versions_and_folders_are_known():
    host = PluginHost.discover(strict=True)
    assert host.version("housing") == "0.1.0"
    assert (host.folder("housing") / "plugin.toml").is_file()


@pytest.mark.parametrize("kind", sorted(PARSERS))
def test_each_kind_of_content_has_a_parser(kind):
    assert callable(parser(kind))


# First loads, in a child process.


def probed(monkeypatch) -> list[str]:
    names: list[str] = []
    real = isolation.probe

    def probe(name: str, package: str) -> None:
        names.append(name)
        real(name, package)

    monkeypatch.setattr("cordee_core.plugins.host.probe", probe)
    return names


def test_a_plugin_is_loaded_in_a_child_once_and_again_when_it_changes(
    make_plugin, cache, monkeypatch, tmp_path
):
    names = probed(monkeypatch)
    make_plugin("calm", ONE_HOOK, hooks=["cordee_case_opened"])
    PluginHost.discover(names={"calm"}, strict=True)
    PluginHost.discover(names={"calm"}, strict=True)
    assert names == ["calm"]
    (tmp_path / "site" / "cordee_calm" / "more.py").write_text("# new\n")
    PluginHost.discover(names={"calm"}, strict=True)
    assert names == ["calm", "calm"]


def test_a_cache_that_cant_be_written_costs_time_and_nothing_else(
    make_plugin, monkeypatch, tmp_path
):
    names = probed(monkeypatch)
    in_the_way = tmp_path / "a_file"
    in_the_way.write_text("")
    monkeypatch.setenv("CORDEE_CACHE", str(in_the_way))
    make_plugin("calm", ONE_HOOK, hooks=["cordee_case_opened"])
    for _ in range(2):
        assert "calm" in PluginHost.discover(names={"calm"}, strict=True).manifests
    assert names == ["calm", "calm"]


def test_a_damaged_note_in_the_cache_is_as_good_as_none(make_plugin, cache, monkeypatch):
    names = probed(monkeypatch)
    make_plugin("calm", ONE_HOOK, hooks=["cordee_case_opened"])
    PluginHost.discover(names={"calm"}, strict=True)
    for note in (cache / "plugins").iterdir():
        note.write_text("[]")
    PluginHost.discover(names={"calm"}, strict=True)
    assert names == ["calm", "calm"]


def test_the_cache_keeps_a_few_notes_of_each_plugin(make_plugin, cache, tmp_path):
    make_plugin("calm")
    make_plugin("calm_too")
    PluginHost.discover(names={"calm_too"}, strict=True)
    for number in range(isolation.KEPT + 3):
        (tmp_path / "site" / "cordee_calm" / "state.txt").write_text(str(number))
        PluginHost.discover(names={"calm"}, strict=True)
    names = [note.name.rpartition("-")[0] for note in (cache / "plugins").iterdir()]
    assert names.count("calm") == isolation.KEPT
    assert names.count("calm_too") == 1


def test_the_cache_folder_follows_the_environment(tmp_path):
    assert isolation.cache_folder({"CORDEE_CACHE": "/c"}) == Path("/c")
    assert isolation.cache_folder({"XDG_CACHE_HOME": "/x"}) == Path("/x/cordee")
    assert isolation.cache_folder({}).parts[-2:] == (".cache", "cordee")


# What a tenant sets for a plugin.


@dataclass(frozen=True)
class Days:
    days: int = 15


def test_settings_are_read_with_their_defaults():
    assert build_settings(Days, {}) == Days()
    assert build_settings(Days, {"days": 3}) == Days(3)
    assert show_settings(Days(3)) == {"days": 3}


@pytest.mark.parametrize("values", [{"day": 3}, {"days": "3"}, {"days": 1.5}, {"days": None}])
def test_settings_of_another_name_or_type_are_refused(values):
    with pytest.raises(InvalidInputError) as caught:
        build_settings(Days, values)
    assert caught.value.path[0] == "settings"


# The contract.


def test_every_hook_has_one_kind_and_a_page_in_its_docstring():
    kinds = [REGISTRATION, DECISION, EVENT]
    assert sum(map(len, kinds)) == len(HOOKS)
    for specs in SPECS:
        for name in HOOKS:
            if name in vars(specs):
                assert vars(specs)[name].__doc__, name


def test_every_event_offers_effects_and_starts_with_the_tenant():
    for name, arguments in EVENT.items():
        assert arguments[0] == "tenant", name
        assert arguments[-1] == "effects", name
