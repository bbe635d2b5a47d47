"""Ids and row versions: "absent" and "not yours" alike, and what is stale is refused."""

import json
from typing import Any
from uuid import uuid4

import pytest
from levels_ground import LEVELS_IDS, LEVELS_MANAGED, levels_inputs
from persons_ground import PERSON_IDS, PERSON_STALE, PERSON_SUPERVISED, person_inputs
from plans_ground import LISTED, OF_THE_CASE, PLANS_APART, PLANS_IDS, PLANS_ROLES, plans_inputs
from refusals import ASSESSED, LANGUAGES, WANT, case_of, nothing_written, refused
from work_ground import WORK_APART, WORK_IDS, WORK_ROLES, member_of, work_inputs

from cordee_graphql.ids import decode, encode
from cordee_graphql.schema import build_schema


def inputs_of(world: Any) -> dict[str, dict[str, Any]]:
    """An input with every id that it takes, for each mutation that takes one."""
    ids, case = world.ids, case_of(world)
    version = {"rowVersion": 999}
    referral = {"referralId": ids["referral"], **version}
    consent = {"givenOn": "2026-01-15", "informationGivenOn": "2026-01-15", "form": "SIGNED"}
    return {
        "memberInvite": {
            "email": "p@x.example", "displayName": "P", "roles": ["PERSON"],
            "personId": ids["person"], "ownRoleIds": [ids["role"]], "supervisorId": ids["boss"],
        },
        "membershipEnd": {"memberId": ids["member"], **version},
        "teamCreate": {"name": "South", "memberIds": [ids["member"]]},
        "teamMemberAdd": {"teamId": ids["team"], "memberId": ids["member"]},
        "programmeUpdate": {"programmeId": ids["programme"], "parts": {}, **version},
        "programmeActivate": {"programmeId": ids["programme"], **version},
        **levels_inputs(world),
        **person_inputs(world),
        **work_inputs(world),
        **plans_inputs(world),
        "personUpdate": {"personId": ids["person"], "phone": "1", **version},
        "caseOpen": {
            **world.request(), "teamId": ids["team"], "modelId": ids["model"],
            "householdId": ids["household"], "householdPersonIds": [ids["workPerson"]],
        },
        "selectionDecide": {**case, "facts": {}, "decision": "ADMITTED", "reason": "why"},
        "consentRecord": {
            **case, "language": "fr", **consent, "personId": ids["person"],
            "interpreterBookingId": ids["booking"],
        },
        "consentWithdraw": {"consentId": ids["consent"], **version},
        "referentDesignate": {**case, "memberId": ids["member"], **version},
        "caseMove": {**case, "stage": "ASSESSMENT", **version},
        "noteAdd": {**case, "text": "x"},
        "assessmentComplete": {**case, **ASSESSED, "answers": {}},
        "eligibilityEvaluate": {**case, "rule": "housing.uk_homeless_duty", "facts": {}},
        "eligibilityDecide": {
            "resultId": ids["result"], "decision": "GRANTED", "reason": "x", **version,
        },
        "serviceProviderSet": {"serviceId": ids["service"], "provider": "x", **version},
        "referralCreate": {**case, "serviceId": ids["service"], "reason": "x"},
        "referralSend": referral,
        "referralReceive": referral,
        "referralAccept": referral,
        "referralDecline": {**referral, "reason": "x"},
    }  # fmt: skip


MANAGED = ("member", "team", "programme", "service", *LEVELS_MANAGED)


def role_for(name: str) -> str:
    if name in (roles := {**WORK_ROLES, **PLANS_ROLES}):
        return str(roles[name])
    supervised = ("referentDesignate", *PERSON_SUPERVISED)
    if name in supervised or name.startswith("authorisation"):
        return "supervisor"
    return "admin" if name.startswith(MANAGED) else "referent"


def test_the_inputs_have_every_id(worlds: Any, host: Any) -> None:
    mutation = build_schema(host, strict=True)._schema.mutation_type
    assert mutation is not None
    takes = {
        name: {each for each in field.args["input"].type.of_type.fields if _is_id(each)}
        for name, field in mutation.fields.items()
        if "input" in field.args
    }
    given = {name: set(filter(_is_id, one)) for name, one in inputs_of(worlds[0]).items()}
    assert given == {name: names for name, names in takes.items() if names}


def _is_id(name: str) -> bool:
    return name.endswith(("Id", "Ids"))


IDS = [
    *[("memberInvite", "personId"), ("membershipEnd", "memberId"), ("teamCreate", "memberIds")],
    *[("teamMemberAdd", "teamId"), ("teamMemberAdd", "memberId")],
    *[("programmeUpdate", "programmeId"), ("programmeActivate", "programmeId")],
    *[("personUpdate", "personId"), ("caseOpen", "personId"), ("caseOpen", "programmeId")],
    *LEVELS_IDS,
    *PERSON_IDS,
    *WORK_IDS,
    *PLANS_IDS,
    *[
        ("caseOpen", "teamId"),
        ("caseOpen", "modelId"),
        ("selectionDecide", "caseId"),
        ("consentRecord", "caseId"),
        ("consentRecord", "personId"),
        ("consentRecord", "interpreterBookingId"),
        ("memberInvite", "ownRoleIds"),
        ("memberInvite", "supervisorId"),
        ("caseOpen", "householdId"),
        ("caseOpen", "householdPersonIds"),
    ],
    *[("consentWithdraw", "consentId"), ("referentDesignate", "caseId")],
    *[("referentDesignate", "memberId"), ("caseMove", "caseId"), ("noteAdd", "caseId")],
    *[("assessmentComplete", "caseId"), ("eligibilityEvaluate", "caseId")],
    *[("eligibilityDecide", "resultId"), ("serviceProviderSet", "serviceId")],
    *[("referralCreate", "caseId"), ("referralCreate", "serviceId")],
    *[(f"referral{step}", "referralId") for step in ("Send", "Receive", "Accept", "Decline")],
]


def test_every_id_is_tried(worlds: Any) -> None:
    given = inputs_of(worlds[0])
    assert sorted(IDS) == sorted((n, f) for n, one in given.items() for f in one if _is_id(f))


@pytest.mark.parametrize(("name", "field"), [one for one in IDS if one not in LISTED])
async def test_another_tenants_id_gives_the_body_of_an_absent_one(
    worlds: Any, rows: Any, name: str, field: str
) -> None:
    own, other = (inputs_of(world)[name] for world in worlds)
    own |= {**WORK_APART, **PLANS_APART}.get((name, field), {})
    listed = isinstance(own[field], list)
    foreign = other[field][0] if listed else other[field]
    kind = decode(foreign)[0]
    place = ["input", field, "0"] if listed else ["input", field]
    malformed: tuple[str, ...] = ("x", encode("Nothing", uuid4()), "caseTenant-1", "=" * 300)
    code = "NOT_FOUND"
    if (name, field) in OF_THE_CASE:
        malformed, code = (), "INVALID_INPUT"
    async with nothing_written(rows, *worlds):
        for language in LANGUAGES:
            bodies = set()
            for one in (foreign, encode(kind, uuid4()), *malformed):
                given = {**own, field: [one] if listed else one}
                bodies.add(await body_of(worlds[0], name, given, language))
            (body,) = bodies
            (error,) = json.loads(body)["data"][name]["userErrors"]
            assert (error["code"], error["path"]) == (code, place)


async def test_cases_of_another_tenant_and_absent_ones_are_listed_alike(worlds: Any) -> None:
    own, other = (inputs_of(world)["casesInterrupt"] for world in worlds)
    want = "interruption { reached notReached { caseId reasons } }"
    told = []
    for one in (other["caseIds"][0], encode("Case", uuid4())):
        token, given = worlds[0].tokens["supervisor"], {**own, "caseIds": [one]}
        done = await worlds[0].client.do(token, "casesInterrupt", given, want)
        (listed,) = done["interruption"]["notReached"]
        assert (done["interruption"]["reached"], listed["caseId"]) == (0, one)
        told.append(listed["reasons"])
    assert told[0] == told[1] != []


async def body_of(world: Any, name: str, given: Any, language: str) -> bytes:
    """The body of the answer, without what counts requests."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {WANT} }} }}"
    token = world.tokens[role_for(name)]
    answer = await world.client.post(document, {"input": given}, token=token, language=language)
    body = answer.json()
    body.pop("extensions")
    assert answer.headers["x-request-id"] not in answer.text
    return json.dumps(body).encode()


STALE = [
    *["membershipEnd", "programmeUpdate", "programmeActivate", "personUpdate"],
    *["consentWithdraw", "referentDesignate", "caseMove", "eligibilityDecide"],
    *["serviceProviderSet", "referralSend", *PERSON_STALE],
]


@pytest.mark.parametrize("name", STALE)
async def test_a_stale_row_version(worlds: Any, rows: Any, name: str) -> None:
    world = worlds[0]
    given = dict(inputs_of(world)[name])
    if name == "membershipEnd":
        given["memberId"] = await member_of(world, "reader")
    if name == "referentDesignate":
        given |= {"memberId": world.ids["boss"], "reason": "Handover"}
    async with nothing_written(rows, world):
        await refused(world, role_for(name), name, given, "STALE_OBJECT", "input", "rowVersion")
