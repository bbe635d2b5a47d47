"""Bad input: a coded error in both languages, nothing written, "absent" and "not yours" alike."""

import json
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from cordee_core.access.context import ContextKeys
from cordee_core.clock import now
from cordee_graphql.backend import Database
from cordee_graphql.context import Context
from cordee_graphql.ids import decode, encode
from cordee_graphql.operation import Operation
from cordee_graphql.schema import build_schema

LANGUAGES = ("en", "fr")
WANT = "userErrors { code message path }"
ASSESSED = {"instrument": "housing.ssm", "assessedOn": "2026-01-15"}


@asynccontextmanager
async def nothing_written(rows: Any, *worlds: Any) -> AsyncIterator[None]:
    """Check that no row of the tenants came or went inside the block."""
    before = [await rows(world.tenant) for world in worlds]
    yield
    assert [await rows(world.tenant) for world in worlds] == before


async def refused(
    world: Any, role: str, name: str, given: Mapping[str, Any], code: str, *path: str
) -> dict[str, str]:
    """Check the one user error in both languages; return its messages."""
    messages = {}
    for language in LANGUAGES:
        token = world.tokens[role]
        answer = await world.client.change(token, name, given, language=language)
        assert "errors" not in answer, answer
        (error,) = answer["data"][name]["userErrors"]
        assert (error["code"], error["path"]) == (code, list(path)), error
        messages[language] = error["message"]
    readable(messages)
    return messages


def readable(messages: Mapping[str, str]) -> None:
    """Check that both languages say it, in words of their own, with nothing left out."""
    assert messages["en"] != messages["fr"]
    assert all(text and "…" not in text and "{" not in text for text in messages.values())


def case_of(world: Any) -> dict[str, str]:
    return {"caseId": world.ids["case"]}


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


def inputs_of(world: Any) -> dict[str, dict[str, Any]]:
    """An input with every id that it takes, for each mutation that takes one."""
    ids, case = world.ids, case_of(world)
    version = {"rowVersion": 999}
    referral = {"referralId": ids["referral"], **version}
    consent = {"givenOn": "2026-01-15", "informationGivenOn": "2026-01-15", "form": "SIGNED"}
    return {
        "memberInvite": {
            "email": "p@x.example", "displayName": "P", "roles": ["PERSON"],
            "personId": ids["person"],
        },
        "membershipEnd": {"memberId": ids["member"], **version},
        "teamCreate": {"name": "South", "memberIds": [ids["member"]]},
        "teamMemberAdd": {"teamId": ids["team"], "memberId": ids["member"]},
        "programmeUpdate": {"programmeId": ids["programme"], "parts": {}, **version},
        "programmeActivate": {"programmeId": ids["programme"], **version},
        "personUpdate": {"personId": ids["person"], "phone": "1", **version},
        "caseOpen": {**world.request(), "teamId": ids["team"]},
        "selectionDecide": {**case, "facts": {}, "decision": "ADMITTED", "reason": "why"},
        "consentRecord": {**case, "language": "fr", **consent},
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


MANAGED = ("member", "team", "programme", "service")


def role_for(name: str) -> str:
    if name == "referentDesignate":
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
    *[("caseOpen", "teamId"), ("selectionDecide", "caseId"), ("consentRecord", "caseId")],
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


@pytest.mark.parametrize(("name", "field"), IDS)
async def test_another_tenants_id_gives_the_body_of_an_absent_one(
    worlds: Any, rows: Any, name: str, field: str
) -> None:
    own, other = (inputs_of(world)[name] for world in worlds)
    listed = isinstance(own[field], list)
    foreign = other[field][0] if listed else other[field]
    kind = decode(foreign)[0]
    place = ["input", field, "0"] if listed else ["input", field]
    malformed = ("x", encode("Nothing", uuid4()), "caseTenant-1", "=" * 300)
    async with nothing_written(rows, *worlds):
        for language in LANGUAGES:
            bodies = set()
            for one in (foreign, encode(kind, uuid4()), *malformed):
                given = {**own, field: [one] if listed else one}
                bodies.add(await body_of(worlds[0], name, given, language))
            (body,) = bodies
            (error,) = json.loads(body)["data"][name]["userErrors"]
            assert (error["code"], error["path"]) == ("NOT_FOUND", place)


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
    *["serviceProviderSet", "referralSend"],
]


@pytest.mark.parametrize("name", STALE)
async def test_a_stale_row_version(worlds: Any, rows: Any, name: str) -> None:
    world = worlds[0]
    given = dict(inputs_of(world)[name])
    if name in ("membershipEnd", "referentDesignate"):
        given |= {"memberId": await another_member(world), "reason": "Handover"}
    if name == "membershipEnd":
        del given["reason"]
    async with nothing_written(rows, world):
        await refused(world, role_for(name), name, given, "STALE_OBJECT", "input", "rowVersion")


async def another_member(world: Any) -> str:
    answer = await world.client.ask(
        "{ viewer { member { id } } }", token=world.tokens["supervisor"]
    )
    return answer["data"]["viewer"]["member"]["id"]


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


async def coded(post: Callable[[str], Any], code: str, status: int) -> list[dict[str, Any]]:
    """Check a refusal of the whole request in both languages; return the errors."""
    found = []
    for language in LANGUAGES:
        answer = await post(language)
        assert answer.status_code == status, answer.text
        assert "data" not in answer.json()
        (error,) = answer.json()["errors"]
        assert error["extensions"]["code"] == code
        assert answer.headers["content-language"] == language
        found.append(error)
    readable({"en": found[0]["message"], "fr": found[1]["message"]})
    return found


def raw(world: Any, content: bytes) -> Callable[[str], Any]:
    async def post(language: str) -> Any:
        return await world.client.http.post(
            "/graphql", content=content,
            headers={
                "Authorization": f"Bearer {world.tokens['referent']}",
                "Content-Type": "application/json", "Accept-Language": language,
                "Accept": "application/graphql-response+json",
            },
        )  # fmt: skip

    return post


@pytest.mark.parametrize(
    ("content", "code", "status"),
    [
        (b"", "BAD_REQUEST", 400),
        (b'{"query": ', "BAD_REQUEST", 400),
        (b"\xff\xfe", "BAD_REQUEST", 400),
        (b"[1, 2]", "BAD_REQUEST", 400),
        (b'{"query": 7}', "BAD_REQUEST", 400),
        (b'{"query": "{"}', "GRAPHQL_PARSE_FAILED", 400),
        (b'{"query": "{ nothingLikeThis }"}', "GRAPHQL_VALIDATION_FAILED", 400),
        (b'{"query": "mutation { noteAdd(input: 3) { note { id } } }"}', "BAD_USER_INPUT", 400),
        (b'{"query": "{ __typename }", "variables": {"a": "\\u0000"}}', "INVALID_TEXT", 400),
        (b'{"query": "{ __typename }", "variables": {"a": "\\ud800"}}', "INVALID_TEXT", 400),
        (b'{"query": "' + b" " * (1 << 20) + b'{ __typename }"}', "PAYLOAD_TOO_LARGE", 413),
        (b'{"query": "' + b" " * (9 << 20) + b'{ __typename }"}', "PAYLOAD_TOO_LARGE", 413),
    ],
)
async def test_a_request_that_is_malformed_or_too_large(
    worlds: Any, rows: Any, content: bytes, code: str, status: int
) -> None:
    async with nothing_written(rows, worlds[0]):
        if code == "GRAPHQL_VALIDATION_FAILED" or code == "BAD_USER_INPUT":
            answer = await raw(worlds[0], content)("fr")
            assert answer.status_code == status
            assert {e["extensions"]["code"] for e in answer.json()["errors"]} <= {
                "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT",
            }  # fmt: skip
        else:
            await coded(raw(worlds[0], content), code, status)


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_text_in_a_literal_that_cannot_be_stored(
    worlds: Any, rows: Any, text: str, language: str
) -> None:
    world = worlds[0]
    written = json.dumps(text)
    fields = {
        "noteAdd": f'caseId: "{world.ids["case"]}", text: {written}',
        "personRegister": f"familyName: {written}",
        "assessmentComplete": f'caseId: "{world.ids["case"]}", instrument: "housing.ssm",'
        f' assessedOn: "2026-01-15", answers: {{housing: {written}}}',
        "eligibilityEvaluate": f'caseId: "{world.ids["case"]}", rule: "housing.uk_homeless_duty",'
        f" facts: {{groups: [{written}]}}",
    }
    async with nothing_written(rows, world):
        for name, given in fields.items():
            answer = await world.client.ask(
                f"mutation {{ {name}(input: {{ {given} }}) {{ {WANT} }} }}",
                token=world.tokens["referent"], language=language,
            )  # fmt: skip
            assert "data" not in answer
            # GraphQL itself takes no lone surrogate (draft of 2025, §2.9.4).
            expected = "INVALID_TEXT" if "\0" in text else "GRAPHQL_PARSE_FAILED"
            assert [error["extensions"]["code"] for error in answer["errors"]] == [expected]


async def test_a_key_used_again_with_another_body(world: Any, rows: Any) -> None:
    await world.open()
    key, case = f"k-{uuid4()}", case_of(world)
    token = world.tokens["referent"]
    first = await world.client.do(token, "noteAdd", {**case, "text": "One"}, "note { id }", key=key)
    async with nothing_written(rows, world):
        again = await world.client.do(
            token, "noteAdd", {**case, "text": "One"}, "note { id }", key=key
        )
        assert again == first
        for language in LANGUAGES:
            answer = await world.client.change(
                token, "noteAdd", {**case, "text": "Two"}, key=key, language=language
            )
            assert answer["data"] == {"noteAdd": None}
            (error,) = answer["errors"]
            assert error["extensions"]["code"] == "IDEMPOTENCY_MISMATCH"
    # The key is the member's own: somebody else's use of it is another one.
    other = world.tokens["supervisor"]
    await world.client.do(other, "noteAdd", {**case, "text": "Two"}, key=key)


@pytest.mark.parametrize("key", ["a b", "é", "x" * 256])
async def test_a_key_that_is_none(worlds: Any, rows: Any, key: str) -> None:
    async def post(language: str) -> Any:
        headers = {
            "Authorization": f"Bearer {worlds[0].tokens['referent']}",
            "Idempotency-Key": key, "Accept-Language": language,
            "Accept": "application/graphql-response+json",
        }  # fmt: skip
        return await worlds[0].client.http.post(
            "/graphql", json={"query": "{ __typename }"},
            headers={name: value.encode() for name, value in headers.items()},
        )  # fmt: skip

    await coded(post, "IDEMPOTENCY_INVALID", 400)


EXPIRED: Mapping[str, Any] = {"clock": lambda: now() - timedelta(hours=1)}
FORGED: Mapping[str, Any] = {"keys": ContextKeys({"k1": b"forged" * 8})}
UNKNOWN_KEY: Mapping[str, Any] = {"keys": ContextKeys({"k9": b"forged" * 8})}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (EXPIRED, "CONTEXT_EXPIRED"),
        (FORGED, "CONTEXT_INVALID"),
        (UNKNOWN_KEY, "CONTEXT_INVALID"),
    ],
)
async def test_an_expired_or_forged_context(
    engine: Any, host: Any, tenant: Any, rows: Any, changed: Mapping[str, Any], code: str
) -> None:
    scope = replace(tenant["referent"], **changed)
    schema = build_schema(host, strict=True)
    before = await rows(tenant.id)
    messages = {}
    for language in LANGUAGES:
        operation = Operation(Database(engine), scope, language=language)
        result = await schema.execute(
            'mutation { personRegister(input: {familyName: "Étoile"}) { person { id } } }',
            context_value=Context(operation),
        )
        assert result.data == {"personRegister": None}
        assert result.errors is not None
        (error,) = result.errors
        assert error.extensions is not None
        assert error.extensions["code"] == code
        messages[language] = error.message
        person = encode("Person", tenant.person)
        operation = Operation(Database(engine), scope, language=language)
        result = await schema.execute(
            "query ($id: ID!) { node(id: $id) { id } }",
            variable_values={"id": person}, context_value=Context(operation),
        )  # fmt: skip
        assert result.data == {"node": None}
        assert result.errors is not None
        assert [one.extensions["code"] for one in result.errors if one.extensions] == [code]
    readable(messages)
    assert await rows(tenant.id) == before
