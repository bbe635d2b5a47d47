"""The hooks of the bundled plugin that has code, called as core calls them."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import pytest
import strawberry

from cordee_core.errors import InvalidInputError
from cordee_core.plugins.dispatch import deliver
from cordee_core.plugins.host import PluginHost
from cordee_core.plugins.settings import build_settings
from cordee_core.testing.call_checks import RecordingEffects, samples


@pytest.fixture(scope="module")
def host() -> PluginHost:
    return PluginHost.discover(names={"housing"}, strict=True)


def refer(host: PluginHost, service: str, **settings: object) -> list:
    effects = RecordingEffects("housing", build_settings(host.settings_types["housing"], settings))
    given = {name: samples("housing")[name] for name in ("tenant", "case", "referral")}
    given["referral"] = replace(given["referral"], service_code=service)
    asyncio.run(deliver(host, "cordee_case_referred", "housing", effects=effects, **given))
    return effects.entries


def test_a_request_to_a_housing_service_leaves_a_reminder(host):
    ((case, kind, label),) = refer(host, "housing.115_siao")
    assert case == samples("housing")["case"].id
    assert kind == "housing.referral_followup"
    assert label == {
        "en": "Housing request sent: check the answer within 15 days.",
        "fr": "Demande de logement envoyée : vérifier la réponse sous 15 jours.",
    }


def test_the_tenant_sets_the_days(host):
    ((_, _, label),) = refer(host, "housing.115_siao", referral_followup_days=1)
    assert label["en"].endswith("within 1 day.")
    assert label["fr"].endswith("sous 1 jour.")


@pytest.mark.parametrize("days", [0, -1, 366, "15", 1.5])
def test_days_out_of_range_are_refused(host, days):
    with pytest.raises(InvalidInputError):
        build_settings(host.settings_types["housing"], {"referral_followup_days": days})


def test_a_request_to_another_plugins_service_leaves_none(host):
    assert refer(host, "health.ssiad") == []


@pytest.mark.parametrize(("language", "word"), [("fr", "abri"), ("en", "shelter")])
def test_the_categories_of_homelessness_are_six_with_twelve_situations(host, language, word):
    ((_, part),) = host.collect("cordee_graphql")
    schema = strawberry.Schema(query=part.query)
    context = SimpleNamespace(operation=SimpleNamespace(language=language))
    query = "{ homelessnessCategories { number situations { number code label } } }"
    result = schema.execute_sync(query, context_value=context)
    assert result.errors is None
    found = result.data["homelessnessCategories"]
    assert [one["number"] for one in found] == [1, 2, 3, 4, 5, 6]
    situations = [inner for one in found for inner in one["situations"]]
    assert [one["number"] for one in situations] == list(range(1, 13))
    assert word in situations[0]["label"]
