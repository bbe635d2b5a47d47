"""The bundled catalog, programme and model: codes that fit together, terms that exist."""

import itertools
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from cordee_core.instruments.definition import parse_instrument
from cordee_core.instruments.functions import FUNCTIONS
from cordee_core.instruments.model import ITEM_TYPES, VERDICTS
from cordee_core.instruments.score import check_answers
from cordee_core.programmes.definition import parse_model, parse_programme
from cordee_core.programmes.model import STAGES
from cordee_core.services.definition import parse_service
from cordee_core.vocabularies import parse_vocabulary

ROOT = Path(__file__).parents[2] / "plugins"
KINDS = {
    "instruments": parse_instrument,
    "services": parse_service,
    "programmes": parse_programme,
    "models": parse_model,
    "vocabularies": parse_vocabulary,
}
FILES = sorted(path for kind in KINDS for path in ROOT.glob(f"*/cordee_*/content/{kind}/*.yaml"))
TERMS = {
    # data·inclusion v1, Licence Ouverte 2.0, as of 2026-04-27: those that the catalog uses.
    "logement-hebergement--rechercher-une-solution-dhebergement-temporaire",
    "logement-hebergement--reduire-les-impayes-de-loyer",
    "logement-hebergement--louer-un-logement",
    "logement-hebergement--sinformer-sur-les-demarches-liees-a-lacces-au-logement",
    "logement-hebergement--se-maintenir-dans-le-logement",
    "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches-administratives",
    "sante--acces-aux-soins",
    "mobilite--financer-ma-mobilite",
    "famille--soutien-a-la-parentalite-et-a-leducation",
}
PUBLICS = {
    "demandeurs-emploi",
    "familles",
    "jeunes",
    "personnes-en-situation-de-handicap",
    "personnes-en-situation-durgence",
    "seniors",
    "tous-publics",
}


def _raw(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _schema(kind: str) -> dict[str, Any]:
    source = files("cordee_core") / "schemas" / f"{kind}.json"
    return json.loads(source.read_text(encoding="utf-8"))


def _all(kind: str) -> dict[str, Any]:
    parse: Any = KINDS[kind]
    found = [parse(_raw(path)) for path in FILES if path.parent.name == kind]
    return {one.code: one for one in found}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_file_is_right_by_parser_and_by_schema(path: Path) -> None:
    raw = _raw(path)
    plugin = path.parents[2].name.removeprefix("cordee_")
    parse: Any = KINDS[path.parent.name]
    assert parse(raw).code == f"{plugin}.{path.stem}"
    Draft202012Validator(_schema(path.parent.name)).validate(raw)


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_is_a_schema(kind: str) -> None:
    Draft202012Validator.check_schema(_schema(kind))


def test_the_schemas_know_what_the_parsers_know() -> None:
    definitions = _schema("instruments")["$defs"]
    assert set(definitions["score"]["properties"]["function"]["enum"]) == set(FUNCTIONS)
    assert set(definitions["item"]["properties"]["type"]["enum"]) == set(ITEM_TYPES)
    licence = _schema("instruments")["properties"]["licence"]["properties"]["verdict"]["enum"]
    assert {*licence, "forbidden"} == set(VERDICTS)
    stages = _schema("models")["properties"]["stages"]["items"]["properties"]["code"]["enum"]
    assert stages == list(STAGES)


def test_the_eight_services_are_there_and_one_of_each_other_plugin() -> None:
    assert sorted(_all("services")) == [
        "child_protection.aed",
        "employment.aide_mobilite",
        "health.ssiad",
        "housing.115_siao",
        "housing.chez_soi_dabord",
        "housing.dalo_recours",
        "housing.domiciliation",
        "housing.fsl_acces",
        "housing.fsl_impayes",
        "housing.intermediation_locative",
        "housing.maintien",
    ]


def test_services_use_terms_that_exist() -> None:
    for service in _all("services").values():
        assert set(service.thematiques) <= TERMS, service.code
        assert set(service.publics) <= PUBLICS, service.code
        assert service.source.citation


def test_what_concerns_children_is_confidential() -> None:
    assert _all("services")["child_protection.aed"].confidential


def test_rules_that_are_named_exist() -> None:
    named = {one.eligibility for one in _all("services").values() if one.eligibility}
    for template in _all("programmes").values():
        named |= {profile.criteria for profile in template.definition.target_group}
    assert named == {"housing.fr_dalo", "housing.support_selection"}
    for code in named:
        plugin, _, name = code.partition(".")
        assert (ROOT / plugin / f"cordee_{plugin}" / "content" / "rules" / f"{name}.yaml").is_file()


def test_the_programme_names_only_what_is_there() -> None:
    template = _all("programmes")["housing.support_to_housing"].definition
    model = _all("models")[template.model]
    assert template.closure_vocabulary in _all("vocabularies")
    assert set(template.services) <= set(_all("services"))
    steps = {step.code for step in model.intensities}
    assert {profile.intensity for profile in template.target_group} <= steps
    used = {
        code for method in template.methods for one in method.episodes for code in one.instruments
    }
    used |= {code for stage in model.stages for code in stage.instruments}
    assert used <= set(_all("instruments"))


def test_the_model_lets_a_case_run_from_intake_to_closure() -> None:
    model = _all("models")["housing.single_referent"]
    life = ["intake", "assessment", "planning", "implementation", "evaluation", "closed"]
    assert all(model.allows(start, end) for start, end in itertools.pairwise(life))
    assert model.allows("intake", "refused")
    assert not model.allows("intake", "closed")


def test_the_demonstration_names_only_what_is_there() -> None:
    demo = _raw(ROOT / "housing" / "cordee_housing" / "content" / "demo" / "demo.yaml")
    persons = {person["key"] for person in demo["persons"]}
    assert 4 <= len(persons) <= 6
    instruments, programmes = _all("instruments"), _all("programmes")
    for case in demo["cases"]:
        assert case["person"] in persons
        assert case["programme"] in programmes
        assert case["stage"] in STAGES
        for assessment in case.get("assessments", []):
            check_answers(instruments[assessment["instrument"]], assessment["answers"])
