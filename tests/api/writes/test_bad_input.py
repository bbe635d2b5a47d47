"""Bad input: a coded error in both languages, and nothing written."""

import secrets
from typing import Any

import pytest
from refusals import ASSESSED, LANGUAGES, case_of, nothing_written, readable, refused


async def test_an_unknown_plugin(worlds: Any, rows: Any) -> None:
    world = worlds[0]
    async with nothing_written(rows, world):
        for name in ("pluginEnable", "pluginDisable"):
            found = await refused(
                world, "admin", name, {"plugin": "nope"}, "UNKNOWN_PLUGIN", "input", "plugin"
            )
            assert "nope" in found["fr"]


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"referral_followup_day": 3}, ["settings", "referral_followup_day"]),
        ({"referral_followup_days": 0}, ["settings"]),
        ([3], ["settings"]),
    ],
)
async def test_settings_that_the_plugin_does_not_take(
    worlds: Any, rows: Any, settings: Any, path: list[str]
) -> None:
    async with nothing_written(rows, worlds[0]):
        answer = await worlds[0].client.change(
            worlds[0].tokens["admin"], "pluginEnable", {"plugin": "housing", "settings": settings}
        )
        (error,) = answer["data"]["pluginEnable"]["userErrors"]
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", *path])


@pytest.mark.parametrize(
    ("answers", "path"),
    [
        ({"housing": 9}, ["answers", "housing"]),
        ([5, 4, 0], ["answers", "2"]),
        ({"no_such_item": 1}, ["answers", "no_such_item"]),
        ({"housing": "often"}, ["answers", "housing"]),
        (7, ["answers"]),
    ],
)
async def test_an_answer_out_of_range(
    worlds: Any, rows: Any, answers: Any, path: list[str]
) -> None:
    given = {**case_of(worlds[0]), **ASSESSED, "answers": answers}
    async with nothing_written(rows, worlds[0]):
        await refused(
            worlds[0], "referent", "assessmentComplete", given, "INVALID_ANSWER", "input", *path
        )


async def test_an_unknown_instrument_and_an_unknown_rule(worlds: Any, rows: Any) -> None:
    world, case = worlds[0], case_of(worlds[0])
    assessed = {**case, **ASSESSED, "answers": {}}
    async with nothing_written(rows, world):
        for code in ("housing.none", "health.none", "x"):
            await refused(
                world, "referent", "assessmentComplete", {**assessed, "instrument": code},
                "UNKNOWN_INSTRUMENT", "input", "instrument",
            )  # fmt: skip
            await refused(
                world, "referent", "eligibilityEvaluate", {**case, "rule": code, "facts": {}},
                "UNKNOWN_RULE", "input", "rule",
            )  # fmt: skip


async def test_a_fact_of_another_type(worlds: Any, rows: Any) -> None:
    facts = {"days_until_homeless": "soon"}
    given = {**case_of(worlds[0]), "rule": "housing.uk_homeless_duty", "facts": facts}
    async with nothing_written(rows, worlds[0]):
        await refused(
            worlds[0], "referent", "eligibilityEvaluate", given,
            "INVALID_INPUT", "input", "facts", "days_until_homeless",
        )  # fmt: skip


async def test_a_parameter_without_a_value_for_the_date_is_unknown_and_says_so(
    world: Any, rows: Any
) -> None:
    await world.open()
    facts = {"household_category": 2, "zone": "autres_regions", "rfr_n_minus_2": 31000}
    payload = await world.client.do(
        world.tokens["referent"], "eligibilityEvaluate",
        {**case_of(world), "rule": "housing.fr_plus_ceiling", "facts": facts, "on": "2024-03-01"},
        "result { outcome missingParameters indicative ask { fact } }",
    )  # fmt: skip
    assert payload["result"]["outcome"] == "unknown"
    assert payload["result"]["missingParameters"] == ["ceilings"]
    assert payload["result"]["ask"] == []


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("tenantSignUp", {"name": " "}, "name"),
        ("tenantSignUp", {"slug": "Été"}, "slug"),
        ("tenantSignUp", {"plan": "gold"}, "plan"),
        ("tenantSignUp", {"adminName": ""}, "adminName"),
        ("tenantSignUp", {"adminEmail": "nobody"}, "adminEmail"),
    ],
)
async def test_a_sign_up_that_does_not_fit(
    client: Any, name: str, given: dict[str, str], field: str
) -> None:
    slug = f"s-{secrets.token_hex(6)}"
    whole = {"name": "S", "slug": slug, "plan": "starter", "adminName": "A", "adminEmail": "a@b.co"}
    messages = {}
    for language in LANGUAGES:
        answer = await client.change(None, name, whole | given, language=language)
        (error,) = answer["data"][name]["userErrors"]
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", field])
        messages[language] = error["message"]
    readable(messages)
    # The short name was not taken by the attempt.
    await client.do(None, name, whole)


async def test_a_short_name_is_taken_once(client: Any, worlds: Any, rows: Any) -> None:
    given = {"name": "S", "slug": worlds[0].slug, "plan": "starter", "adminName": "A"}
    async with nothing_written(rows, *worlds):
        answer = await client.change(None, "tenantSignUp", {**given, "adminEmail": "a@b.co"})
    (error,) = answer["data"]["tenantSignUp"]["userErrors"]
    assert (error["code"], error["path"]) == ("SLUG_TAKEN", ["input", "slug"])
