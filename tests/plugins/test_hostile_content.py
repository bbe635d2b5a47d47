"""Bad content: refused with file and place, and the other plugins go on."""

from pathlib import Path

import pytest
from hostile_plugins import method, refused

from cordee_core.definitions import DefinitionError
from cordee_core.errors import ContentError
from cordee_core.plugins import content
from cordee_core.plugins.content import PARSERS
from cordee_core.plugins.host import PluginHost

PACKAGE = Path(__file__).parents[2] / "plugins/housing/cordee_housing"


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
