"""Programmes, models, methods and vocabularies come from hooks as from data files."""

from typing import Any

import pytest

from cordee_core import (
    MethodTemplate,
    ModelTemplate,
    ProgrammeTemplate,
    Vocabulary,
    hookimpl,
)
from cordee_core.errors import PluginError
from cordee_core.plugins.content import Content
from cordee_core.plugins.host import PluginHost
from cordee_core.plugins.manifest import Manifest

HOOKS = {
    "cordee_programme_templates": "programmes",
    "cordee_models": "models",
    "cordee_methods": "methods",
    "cordee_vocabularies": "vocabularies",
}


class Brings:
    """Returns from its hooks what another plugin has in data files."""

    def __init__(self, content: Content) -> None:
        self.content = content

    @hookimpl
    def cordee_programme_templates(self) -> Any:
        return self.content.programmes.values()

    @hookimpl
    def cordee_models(self) -> Any:
        return self.content.models.values()

    @hookimpl
    def cordee_methods(self) -> Any:
        return self.content.methods.values()

    @hookimpl
    def cordee_vocabularies(self) -> Any:
        return self.content.vocabularies.values()


def brought(host: PluginHost) -> PluginHost:
    """A host whose one plugin says everything by hooks."""
    found = PluginHost(strict=True)
    manifest = Manifest(name="housing", api=1, hooks=frozenset(HOOKS))
    found.register(manifest, Brings(host.content["housing"]))
    return found


@pytest.mark.parametrize("kind", HOOKS.values())
def test_hooks_bring_what_data_files_bring(host: PluginHost, kind: str) -> None:
    files = host.content["housing"].kind(kind)
    assert files
    assert brought(host).content["housing"].kind(kind) == files


def test_each_kind_has_its_type(host: PluginHost) -> None:
    content = host.content["housing"]
    assert isinstance(content.methods["housing.rights_round"], MethodTemplate)
    assert isinstance(content.models["housing.single_referent"], ModelTemplate)
    assert isinstance(content.programmes["housing.support_to_housing"], ProgrammeTemplate)
    assert isinstance(content.vocabularies["housing.closure"], Vocabulary)


def test_an_item_of_another_kind_is_refused(host: PluginHost) -> None:
    class Wrong:
        @hookimpl
        def cordee_methods(self) -> Any:
            return host.content["housing"].models.values()

    manifest = Manifest(name="housing", api=1, hooks=frozenset({"cordee_methods"}))
    with pytest.raises(PluginError, match="which is no MethodTemplate"):
        PluginHost(strict=True).register(manifest, Wrong())


def test_a_template_shows_the_methods_that_it_uses(host: PluginHost) -> None:
    template = host.content["housing"].programmes["housing.support_to_housing"]
    uses = {one.code: one.uses for one in template.definition.methods}
    assert uses == {"outreach_and_settling": None, "rights_round": "housing.rights_round"}
