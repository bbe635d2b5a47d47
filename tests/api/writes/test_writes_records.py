"""What each mutation does to the records, as a front end sees it."""

from typing import Any

import pytest

from cordee_graphql.ids import encode


async def test_a_patch_leaves_what_is_absent_and_empties_what_is_null(world: Any) -> None:
    token = world.tokens["referent"]
    ask = "person { id rowVersion familyName givenNames phone safeContact languages sex }"
    made = await world.client.do(
        token, "personRegister",
        {
            "familyName": "Étoile", "givenNames": "Nour", "phone": "1", "safeContact": "By text",
            "languages": ["ar", "fr"],
        },
        ask,
    )  # fmt: skip
    person = made["person"]
    changed = await world.client.do(
        token, "personUpdate",
        {
            "personId": person["id"], "rowVersion": person["rowVersion"], "phone": None,
            "languages": [], "sex": "REFUSED",
        },
        ask,
    )  # fmt: skip
    assert changed["person"] == {
        **person, "phone": None, "languages": [], "sex": "REFUSED", "rowVersion": 2,
    }  # fmt: skip


async def test_what_nobody_asked_or_knows_can_be_empty_again(world: Any) -> None:
    token, ask = world.tokens["referent"], "person { id givenNames sex interpreterNeeded }"
    answers = {"givenNames": "Nour", "sex": "UNKNOWN", "interpreterNeeded": False}
    given = {"familyName": "Étoile", **answers}
    person = (await world.client.do(token, "personRegister", given, ask))["person"]
    assert person == {"id": person["id"], **answers}
    for version, name in enumerate(answers, 1):
        nulled = {"personId": person["id"], "rowVersion": version, name: None}
        changed = await world.client.do(token, "personUpdate", nulled, ask)
        person[name] = "" if name == "givenNames" else None
        assert changed["person"] == person


@pytest.mark.parametrize("name", ["familyName"])
async def test_what_cannot_be_empty_takes_no_null(worlds: Any, name: str) -> None:
    given = {"personId": worlds[0].ids["person"], "rowVersion": 1, name: None}
    answer = await worlds[0].client.change(worlds[0].tokens["referent"], "personUpdate", given)
    (error,) = answer["data"]["personUpdate"]["userErrors"]
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", name])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"birthDate": "2999-01-01", "birthDatePrecision": "DAY"}, "birthDate"),
        ({"birthDate": "1990-01-01"}, "birthDatePrecision"),
        ({"languages": ["fr", "français"]}, "languages"),
        ({"email": "nobody"}, "email"),
        ({"familyName": " "}, "familyName"),
        ({"familyName": "x" * 201}, "familyName"),
    ],
)
async def test_a_person_that_does_not_fit(worlds: Any, given: dict[str, Any], field: str) -> None:
    answer = await worlds[0].client.change(
        worlds[0].tokens["referent"], "personRegister", {"familyName": "X", **given}
    )
    (error,) = answer["data"]["personRegister"]["userErrors"]
    assert (error["code"], error["path"][:2]) == ("INVALID_INPUT", ["input", field])


async def test_a_programme_keeps_the_record_of_its_adaptation(world: Any) -> None:
    template = {"template": "housing.support_to_housing", "code": "own.support"}
    await world.do("supervisor", "programmeCopyTemplate", template, "programme")
    ask = (
        "programme { rowVersion places ends motivation missing { code }"
        " adaptation { changes { parts reason } } }"
    )
    given = {"programmeId": world.ids["programme"], "rowVersion": 1, "reason": "Fewer places"}
    parts = {"places": 12, "ends": "2027-12-31", "motivation": None}
    changed = await world.client.do(
        world.tokens["supervisor"], "programmeUpdate", {**given, "parts": parts}, ask
    )
    assert changed["programme"] == {
        "rowVersion": 2, "places": 12, "ends": "2027-12-31", "motivation": None,
        "missing": [{"code": "motivation"}],
        "adaptation": {"changes": [
            {"parts": ["ends", "motivation", "places"], "reason": "Fewer places"}
        ]},
    }  # fmt: skip
    answer = await world.client.change(
        world.tokens["supervisor"], "programmeActivate",
        {"programmeId": world.ids["programme"], "rowVersion": 2},
    )  # fmt: skip
    (error,) = answer["data"]["programmeActivate"]["userErrors"]
    assert error["code"] == "PROGRAMME_INCOMPLETE"


async def test_a_programme_of_ones_own_is_written_part_by_part(world: Any) -> None:
    text = {"en": "Text", "fr": "Texte"}
    parts = {
        "title": text, "motivation": text, "effect": "SOCIAL", "finality": "CONTINUITY",
        "type": "BROKERAGE", "model": "housing.single_referent",
        "targetGroup": [{"code": "all", "name": text, "criteria": "housing.support_selection"}],
    }  # fmt: skip
    made = await world.client.do(
        world.tokens["supervisor"], "programmeCreate", {"code": "own.one", "parts": parts},
        "programme { title(language: FR) effect finality type missing { code } }",
    )  # fmt: skip
    programme = made["programme"]
    assert programme.pop("missing")
    assert programme == {
        "title": "Texte", "effect": "SOCIAL", "finality": "CONTINUITY", "type": "BROKERAGE",
    }  # fmt: skip
    for wrong in ({"places": -1}, {"type": "GATEKEEPER"}, {"objectives": [{}]}, {"links": 3}):
        answer = await world.client.change(
            world.tokens["supervisor"], "programmeCreate",
            {"code": "own.two", "parts": {**parts, **wrong}},
        )  # fmt: skip
        (error,) = answer["data"]["programmeCreate"]["userErrors"]
        assert (error["code"], error["path"][:2]) == ("INVALID_INPUT", ["input", "parts"])


async def test_a_refusal_says_how_to_appeal_and_where_to_go(world: Any) -> None:
    await world.open()
    given = {
        "caseId": world.ids["case"], "facts": {"wants_support": False}, "decision": "REFUSED",
        "reason": "Does not want support",
    }  # fmt: skip
    token = world.tokens["referent"]
    for missing, more in (("appealRoute", {}), ("onwardReferral", {"appealRoute": "Committee"})):
        answer = await world.client.change(token, "selectionDecide", {**given, **more})
        (error,) = answer["data"]["selectionDecide"]["userErrors"]
        assert error["path"] == ["input", missing]
    whole = {**given, "appealRoute": "Committee", "onwardReferral": "Social services"}
    done = await world.client.do(
        token, "selectionDecide", whole, "selection { outcome decision } case { rowVersion }"
    )
    assert done["selection"] == {"outcome": "not_eligible", "decision": "REFUSED"}
    again = await world.client.change(token, "selectionDecide", whole)
    assert again["data"]["selectionDecide"]["userErrors"][0]["code"] == "ALREADY_DECIDED"
    moved = await world.client.do(
        token, "caseMove",
        {**_case(world), "rowVersion": done["case"]["rowVersion"], "stage": "REFUSED"},
        "case { stage }",
    )  # fmt: skip
    assert moved["case"] == {"stage": "REFUSED"}
    closed = await world.client.change(
        token, "assessmentComplete",
        {**_case(world), "instrument": "housing.ssm", "answers": [1], "assessedOn": "2026-01-15"},
    )  # fmt: skip
    (error,) = closed["data"]["assessmentComplete"]["userErrors"]
    assert error["code"] == "TRANSITION_BLOCKED"


def _case(world: Any) -> dict[str, str]:
    return {"caseId": world.ids["case"]}


async def test_a_withdrawn_consent_closes_the_way_again(world: Any) -> None:
    await world.open()
    await world.admit()
    token = world.tokens["referent"]
    given = {"consentId": world.ids["consent"], "rowVersion": 1, "note": "Changed her mind"}
    done = await world.client.do(
        token, "consentWithdraw", given, "consent { withdrawnAt withdrawalNote }"
    )
    assert done["consent"]["withdrawnAt"]
    assert done["consent"]["withdrawalNote"] == "Changed her mind"
    again = await world.client.change(token, "consentWithdraw", {**given, "rowVersion": 2})
    assert again["data"]["consentWithdraw"]["userErrors"][0]["code"] == "ALREADY_DECIDED"
    moved = await world.client.change(
        token, "caseMove",
        {**_case(world), "rowVersion": await world.version("case"), "stage": "ASSESSMENT"},
    )  # fmt: skip
    (error,) = moved["data"]["caseMove"]["userErrors"]
    assert (error["code"], error["path"]) == ("TRANSITION_BLOCKED", ["input", "stage"])


async def test_a_basis_in_law_names_the_law(world: Any) -> None:
    await world.open()
    given = {
        **_case(world), "language": "fr", "givenOn": "2026-01-15",
        "informationGivenOn": "2026-01-15", "legalBasis": "PUBLIC_TASK",
    }  # fmt: skip
    token = world.tokens["referent"]
    for more, field in (({}, "legalBasisNote"), ({"form": "SIGNED"}, "form")):
        answer = await world.client.change(token, "consentRecord", {**given, **more})
        (error,) = answer["data"]["consentRecord"]["userErrors"]
        assert error["path"] == ["input", field]
    done = await world.client.do(
        token, "consentRecord", {**given, "legalBasisNote": "CASF L345-2"},
        "consent { legalBasis form legalBasisNote }",
    )  # fmt: skip
    assert done["consent"] == {
        "legalBasis": "PUBLIC_TASK", "form": None, "legalBasisNote": "CASF L345-2",
    }  # fmt: skip


async def test_a_decision_stands_once_beside_a_result(world: Any) -> None:
    await world.open()
    await world.refer()
    token = world.tokens["referent"]
    given = {
        "resultId": world.ids["result"], "rowVersion": 1, "decision": "POSTPONED",
        "reason": "Papers are missing",
    }  # fmt: skip
    done = await world.client.do(
        token, "eligibilityDecide", given, "result { decision decisionReason rowVersion }"
    )
    assert done["result"] == {
        "decision": "POSTPONED", "decisionReason": "Papers are missing", "rowVersion": 2,
    }  # fmt: skip
    again = await world.client.change(token, "eligibilityDecide", {**given, "rowVersion": 2})
    assert again["data"]["eligibilityDecide"]["userErrors"][0]["code"] == "ALREADY_DECIDED"


async def test_a_service_that_is_not_offered_takes_no_referral(world: Any) -> None:
    await world.open()
    await world.refer()
    given = {
        "serviceId": world.ids["service"],
        "rowVersion": 1,
        "provider": "Abri",
        "active": False,
    }
    done = await world.client.do(
        world.tokens["admin"], "serviceProviderSet", given, "service { code provider active }"
    )
    assert done["service"] == {"code": "own.shelter", "provider": "Abri", "active": False}
    answer = await world.client.change(
        world.tokens["referent"], "referralCreate",
        {**_case(world), "serviceId": world.ids["service"], "reason": "x"},
    )  # fmt: skip
    (error,) = answer["data"]["referralCreate"]["userErrors"]
    assert error["code"] == "TRANSITION_BLOCKED"


async def test_a_declined_referral_says_why(world: Any) -> None:
    await world.open()
    await world.refer()
    token, referral = world.tokens["referent"], {"referralId": world.ids["referral"]}
    early = await world.client.change(token, "referralAccept", {**referral, "rowVersion": 1})
    assert early["data"]["referralAccept"]["userErrors"][0]["code"] == "TRANSITION_BLOCKED"
    await world.client.do(token, "referralSend", {**referral, "rowVersion": 1})
    await world.client.do(token, "referralReceive", {**referral, "rowVersion": 2})
    empty = await world.client.change(
        token, "referralDecline", {**referral, "rowVersion": 3, "reason": " "}
    )
    assert empty["data"]["referralDecline"]["userErrors"][0]["path"] == ["input", "reason"]
    done = await world.client.do(
        token, "referralDecline", {**referral, "rowVersion": 3, "reason": "Full"},
        "referral { state declineReason events { toState } }",
    )  # fmt: skip
    assert done["referral"] == {
        "state": "DECLINED", "declineReason": "Full",
        "events": [{"toState": one} for one in ("DRAFT", "SENT", "RECEIVED", "DECLINED")],
    }  # fmt: skip


async def test_a_team_has_its_members(world: Any) -> None:
    made = await world.client.do(
        world.tokens["admin"], "teamCreate", {"name": "North"}, "team { id members { id } }"
    )
    assert made["team"]["members"] == []
    given = {"teamId": made["team"]["id"], "memberId": world.ids["member"]}
    for _ in range(2):
        joined = await world.client.do(
            world.tokens["admin"], "teamMemberAdd", given, "team { members { id } }"
        )
        assert joined["team"]["members"] == [{"id": world.ids["member"]}]
    absent = {**given, "memberId": encode("Member", world.tenant)}
    answer = await world.client.change(world.tokens["admin"], "teamMemberAdd", absent)
    assert answer["data"]["teamMemberAdd"]["userErrors"][0]["path"] == ["input", "memberId"]


@pytest.mark.parametrize(
    "moment", ["2999-01-01T10:00:00Z", "2026-01-15T10:00:00"], ids=["ahead", "no zone"]
)
async def test_a_note_has_a_moment_that_was(worlds: Any, moment: str) -> None:
    answer = await worlds[0].client.change(
        worlds[0].tokens["referent"], "noteAdd",
        {**_case(worlds[0]), "text": "x", "occurredAt": moment},
    )  # fmt: skip
    (error,) = answer["data"]["noteAdd"]["userErrors"]
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "occurredAt"])
