"""Activation lists all that is missing; own rules are checked; adaptations are recorded."""

from typing import Any

import pytest
from levels_ground import (
    METHOD,
    MODEL,
    PROGRAMME,
    RULE,
    activate,
    activated,
    edit,
    fresh,
    node,
    text,
    written,
)
from refusals import nothing_written, refused

MISSING = "missing { code label }"
ALL = {
    "motivation", "target_group", "criteria", "objectives", "methods", "resources", "model",
    "closure_vocabulary",
}  # fmt: skip


async def programme_of(world: Any, want: str) -> dict[str, Any]:
    return await node(world, world.ids["programme"], "Programme", want)


async def test_activation_lists_all_that_is_missing(world: Any, rows: Any) -> None:
    given = {"code": "bare", "parts": {"title": text("Bare")}}
    await world.do("supervisor", "programmeCreate", given, "programme")
    found = (await programme_of(world, MISSING))["missing"]
    assert {one["code"] for one in found} == ALL
    activate_it = {"programmeId": world.ids["programme"], "rowVersion": 1}
    async with nothing_written(rows, world):
        told = await refused(
            world, "supervisor", "programmeActivate", activate_it, "PROGRAMME_INCOMPLETE"
        )
    assert all(one["label"] in told["en"] for one in found)
    assert "zéro est une valeur" in told["fr"]


LACKS = [
    ({"links": [{"objective": "diploma", "method": "thread"}]}, "links:diploma"),
    ({"links": []}, "links:diploma"),
    (
        {"objectives": [{"code": "diploma", "name": text("D"), "indicators": []}]},
        "indicators:diploma",
    ),
    ({"targetGroup": [{"code": "young", "name": text("Y")}]}, "criteria:young"),
    (
        {"targetGroup": [{"code": "young", "name": text("Y"), "criteria": "nobody.rule"}]},
        "rule:nobody.rule",
    ),
    ({"closureVocabulary": "nobody.closure"}, "vocabulary:nobody.closure"),
    ({"resources": None}, "resources"),
]


@pytest.mark.parametrize(
    ("parts", "missing"),
    LACKS,
    ids=["theory", "link", "indicator", "criteria", "rule", "vocabulary", "resources"],
)
async def test_each_part_is_asked_for(
    world: Any, rows: Any, parts: dict[str, Any], missing: str
) -> None:
    await written(world, **parts)
    found = (await programme_of(world, MISSING))["missing"]
    assert [one["code"] for one in found] == [missing]
    given = {"programmeId": world.ids["programme"], "rowVersion": 1}
    async with nothing_written(rows, world):
        await refused(world, "supervisor", "programmeActivate", given, "PROGRAMME_INCOMPLETE")


async def test_zero_resources_are_a_value_and_what_is_said_can_be_read(world: Any) -> None:
    parts = {
        "funding": text("The canton"), "ends": "2030-12-31", "places": 0, "effect": "CLINICAL",
        "domains": ["housing", "schooling"], "finality": "CONTINUITY", "type": "ADVOCACY",
    }  # fmt: skip
    await activated(world, **parts)
    want = (
        "status resources { money { minorUnits } } funding ends places effect domains finality type"
        " links { theory change } objectives { indicators { baseline target date rationale } }"
    )
    found = await programme_of(world, want)
    assert found["status"] == "ACTIVE"
    assert found["resources"] == {"money": {"minorUnits": "0"}}
    assert (found["funding"], found["ends"], found["places"]) == ("The canton", "2030-12-31", 0)
    assert (found["effect"], found["domains"]) == ("CLINICAL", ["housing", "schooling"])
    assert (found["finality"], found["type"]) == ("CONTINUITY", "ADVOCACY")
    assert found["links"][0]["change"] == "Fewer breaks between school and work"
    (indicator,) = found["objectives"][0]["indicators"]
    assert indicator == {
        "baseline": "90", "target": "95", "date": "2030-12-31",
        "rationale": "Neighbouring cantons are there",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("finality", "kind"),
    [("ACCESS", "GATEKEEPER"), ("CONTINUITY", "GATEKEEPER"), ("COST_CONTROL", "ADVOCACY")],
)
async def test_finality_and_type_belong_together(
    world: Any, rows: Any, finality: str, kind: str
) -> None:
    await written(world)
    given = {
        "programmeId": world.ids["programme"], "rowVersion": 1,
        "parts": {"finality": finality, "type": kind},
    }  # fmt: skip
    async with nothing_written(rows, world):
        told = await refused(
            world, "supervisor", "programmeUpdate", given, "INVALID_INPUT", "input", "parts"
        )
    assert " va avec " in told["fr"]
    assert " goes with " in told["en"]


def _misspelt(rule: dict[str, Any]) -> None:
    rule["criteria"]["all"][1] = {"fact": "at_riks"}


def _mistyped(rule: dict[str, Any]) -> None:
    rule["criteria"]["all"][0]["cmp"]["right"] = "seven"


def _untranslated(rule: dict[str, Any]) -> None:
    rule["title"].pop("fr")


WRONG = [
    (_misspelt, "criteria.all[1].fact", "fait inconnu 'at_riks' ; vouliez-vous dire 'at_risk' ?"),
    (_mistyped, "criteria.all[0].cmp", "un nombre ne se compare pas à un texte"),
    (_untranslated, "title.fr", "texte manquant : français"),
]


@pytest.mark.parametrize(("damage", "place", "french"), WRONG, ids=["fact", "type", "language"])
async def test_a_rule_of_ones_own_is_checked_when_it_is_saved(
    world: Any, rows: Any, damage: Any, place: str, french: str
) -> None:
    await written(world)
    rule = fresh(RULE)
    damage(rule)
    profile = {"code": "young", "name": text("Y"), "own_criteria": rule}
    given = {
        "programmeId": world.ids["programme"], "rowVersion": 1,
        "parts": {"targetGroup": [profile]},
    }  # fmt: skip
    async with nothing_written(rows, world):
        told = await refused(
            world, "supervisor", "programmeUpdate", given, "INVALID_INPUT", "input", "parts"
        )
    for language in told.values():
        assert f"target_group[0].own_criteria.{place}" in language
    assert french in told["fr"]


async def test_a_method_that_nobody_has_is_refused(world: Any, rows: Any) -> None:
    await written(world)
    given = {
        "programmeId": world.ids["programme"], "rowVersion": 1,
        "parts": {"methods": [{"code": "thread", "uses": "canton.nothing"}]},
    }  # fmt: skip
    async with nothing_written(rows, world):
        told = await refused(
            world, "supervisor", "programmeUpdate", given, "INVALID_INPUT", "input", "parts"
        )
    assert "canton.nothing" in told["fr"]


@pytest.mark.parametrize(
    ("name", "parts"), [("modelCreate", MODEL), ("methodCreate", METHOD)], ids=["model", "method"]
)
async def test_codes_of_plugins_are_theirs(world: Any, rows: Any, name: str, parts: Any) -> None:
    given = {"code": "housing.mine", "parts": parts}
    async with nothing_written(rows, world):
        await refused(world, "supervisor", name, given, "INVALID_INPUT", "input", "code")


async def test_an_adaptation_names_original_change_reason_and_who_was_consulted(
    world: Any,
) -> None:
    template = {"template": "housing.support_to_housing"}
    await world.do("supervisor", "programmeCopyTemplate", template, "programme")
    profile = {"code": "homeless_or_threatened", "name": text("H"), "own_criteria": RULE}
    given = {
        "programmeId": world.ids["programme"], "rowVersion": 1,
        "parts": {"targetGroup": [profile]}, "reason": "The canton has its own criteria",
        "consulted": [
            {"who": "PERSONS", "note": "Four evenings with residents"},
            {"who": "RELATIVES", "note": "A letter to each family"},
            {"who": "COMMUNITY", "note": "The quarter's council"},
        ],
        "unvalidatedScoring": ["housing.ssm"],
    }  # fmt: skip
    await world.do("supervisor", "programmeUpdate", given)
    await edit(world, places=3)
    want = (
        "adaptation { original version unvalidatedScoring changes { parts reason explained"
        " consulted { who note } member { displayName } } }"
    )
    found = (await programme_of(world, want))["adaptation"]
    assert (found["original"], found["version"]) == ("housing.support_to_housing", "1.0.0")
    first, second = found["changes"]
    assert first["parts"] == ["target_group"]
    assert first["reason"] == "The canton has its own criteria"
    assert [one["who"] for one in first["consulted"]] == ["PERSONS", "RELATIVES", "COMMUNITY"]
    assert first["member"] == {"displayName": "supervisor"}
    assert (first["explained"], second["explained"]) == (True, False)
    assert found["unvalidatedScoring"] == ["housing.ssm", "housing.support_selection"]


@pytest.mark.parametrize(
    ("kind", "template", "parts"),
    [
        ("model", "housing.single_referent", {"supervisionDays": 10}),
        ("vocabulary", "housing.closure", {"title": text("Ours")}),
        ("vocabulary", "core.life_domains", {"title": text("Ours")}),
    ],
)
async def test_what_plugins_offer_is_copied_and_changed_with_a_record(
    world: Any, kind: str, template: str, parts: Any
) -> None:
    await world.do("supervisor", f"{kind}CopyTemplate", {"template": template}, kind)
    given = {f"{kind}Id": world.ids[kind], "rowVersion": 1, "parts": parts, "reason": "Ours"}
    await world.do("supervisor", f"{kind}Update", given)
    want = "version templateCode adaptation { original changes { parts reason } }"
    found = await node(world, world.ids[kind], kind.title(), want)
    assert (found["version"], found["templateCode"]) == (2, template)
    assert found["adaptation"]["original"] == template
    assert found["adaptation"]["changes"][0]["reason"] == "Ours"


async def test_a_vocabulary_of_ones_own_goes_before_a_plugins(world: Any) -> None:
    await world.do(
        "supervisor", "vocabularyCopyTemplate", {"template": "housing.closure"}, "vocabulary"
    )
    entries = [{"code": "done", "label": text("Done")}]
    given = {"vocabularyId": world.ids["vocabulary"], "rowVersion": 1}
    await world.do("supervisor", "vocabularyUpdate", {**given, "parts": {"entries": entries}})
    found = await node(world, world.ids["vocabulary"], "Vocabulary", "entries { code label }")
    assert found["entries"] == [{"code": "done", "label": "Done"}]
    code = {"code": "canton.ends", "parts": {"title": text("Ends"), "entries": entries}}
    await world.do("supervisor", "vocabularyCreate", code, "vocabulary")
    await written(world, closureVocabulary="canton.ends")
    await activate(world)


async def test_the_programme_is_written_with_its_own_parts_only(world: Any) -> None:
    await activated(world)
    found = await programme_of(world, "title targetGroup { profiles { code ownCriteria } }")
    assert found["title"] == PROGRAMME["title"]["en"]
    assert found["targetGroup"]["profiles"][0]["ownCriteria"]["code"] == RULE["code"]
