"""plugin.toml: what is read, what is refused, and that no code of the plugin runs for it."""

import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_core.definitions import DefinitionError
from cordee_core.errors import IncompatiblePluginError, ManifestError
from cordee_core.plugins.content import load_yaml
from cordee_core.plugins.manifest import read_manifest

BOOBY_TRAP = 'raise RuntimeError("a manifest is read without running code")\n'


def test_a_manifest_is_read_without_importing_the_plugin(make_plugin):
    make_plugin(
        "quiet",
        code=BOOBY_TRAP,
        files={"__init__.py": BOOBY_TRAP},
        manifest="""
[plugin]
name = "quiet"
api = 1
hooks = ["cordee_case_opened"]
data_categories = ["genetic"]
network = ["api.example.org"]
issues = "https://example.org/issues"
quality = "silver"

[plugin.exempt]
translations = "in one language by request"
""",
    )
    manifest = read_manifest("quiet", "cordee_quiet")
    assert manifest.hooks == {"cordee_case_opened"}
    assert manifest.data_categories == {"genetic"}
    assert manifest.network == {"api.example.org"}
    assert manifest.quality == "silver"
    assert manifest.exempt == {"translations": "in one language by request"}
    assert "cordee_quiet" not in sys.modules


GOOD = '[plugin]\nname = "odd"\napi = 1\nhooks = []\n'


@pytest.mark.parametrize(
    ("manifest", "found"),
    [
        ("[plugin\nname = 1", "plugin.toml: Expected"),
        (GOOD + 'colour = "red"\n', "plugin.colour: this key is not known"),
        (GOOD + 'qualty = "silver"\n', "did you mean 'quality'?"),
        (GOOD + "[tool.other]\n", "tool: this key is not known"),
        ("", "plugin: this key is missing"),
        ('[plugin]\nname = "odd"\nhooks = []\n', "plugin.api: this key is missing"),
        ('[plugin]\nname = "odd"\napi = "1"\nhooks = []\n', "plugin.api: a whole number"),
        ('[plugin]\nname = "odd"\napi = true\nhooks = []\n', "plugin.api: a whole number"),
        ('[plugin]\nname = "other"\napi = 1\nhooks = []\n', "the entry point says 'odd'"),
        ('[plugin]\nname = "odd"\napi = 1\nhooks = "none"\n', "plugin.hooks: a list is needed"),
        (
            '[plugin]\nname = "odd"\napi = 1\nhooks = ["cordee_case_opend"]\n',
            "plugin.hooks[0]: no such hook: cordee_case_opend; did you mean 'cordee_case_opened'?",
        ),
        (
            '[plugin]\nname = "odd"\napi = 1\nhooks = ["cordee_case_opened"]\n',
            "names hooks, but the package has no plugin.py",
        ),
        (GOOD + 'network = ["https://example.org/x"]\n', "must be the name of a host"),
        (GOOD + 'issues = "ask Anna"\n', "must start with https:// or mailto:"),
        (GOOD + 'quality = "platinum"\n', "none of required, silver, gold"),
        (GOOD + '[plugin.exempt]\ntranslations = ""\n', "plugin.exempt.translations"),
    ],
)
def test_a_wrong_manifest_is_refused_with_its_place(make_plugin, manifest, found):
    make_plugin("odd", manifest=manifest)
    with pytest.raises(ManifestError) as caught:
        read_manifest("odd", "cordee_odd")
    assert found in caught.value.problem
    assert caught.value.plugin == "odd"


def test_code_without_hooks_in_the_manifest_is_refused(make_plugin):
    make_plugin("odd", code="plugin = object()\n")
    with pytest.raises(ManifestError, match="names no hooks"):
        read_manifest("odd", "cordee_odd")


def test_another_hook_api_is_refused_by_its_number(make_plugin):
    make_plugin("late", manifest='[plugin]\nname = "late"\napi = 2\nhooks = []\n')
    with pytest.raises(IncompatiblePluginError, match="speaks hook API 2, this core speaks 1"):
        read_manifest("late", "cordee_late")


def test_the_entry_point_names_the_package_alone(make_plugin):
    make_plugin("odd")
    with pytest.raises(ManifestError, match="must name the package alone"):
        read_manifest("odd", "cordee_odd.plugin:plugin")


def test_a_package_that_is_not_there_is_named():
    with pytest.raises(ManifestError, match="'cordee_nowhere' is not installed"):
        read_manifest("nowhere", "cordee_nowhere")


def test_a_package_without_a_manifest_is_refused(make_plugin, tmp_path):
    make_plugin("bare")
    (tmp_path / "site" / "cordee_bare" / "plugin.toml").unlink()
    with pytest.raises(ManifestError, match="the package has no plugin"):
        read_manifest("bare", "cordee_bare")


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!#|>'\"%@`,?\n 01.\t\x00\ud800é~<=")))
def test_whatever_a_content_file_says_is_read_or_refused(text):
    with suppress(DefinitionError):
        load_yaml(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on: 2026-01-02", {"on": "2026-01-02"}),
        ("a: 2026-01-02T03:04:05Z", {"a": "2026-01-02T03:04:05Z"}),
        ("a: 12.50", {"a": 12.5}),
        ("on: [yes, no, true, false, True]", {"on": ["yes", "no", True, False, "True"]}),
        (
            "[12:30, 010, 0x1f, 1_000, -7, 1e3, .5]",
            ["12:30", "010", "0x1f", "1_000", -7, 1e3, ".5"],
        ),
        ("{a: 1, b: {c: null}}", {"a": 1, "b": {"c": None}}),
        ("a:\nb: ~", {"a": None, "b": None}),
    ],
)
def test_plain_words_are_what_they_are_in_json(text, value):
    assert load_yaml(text) == value
