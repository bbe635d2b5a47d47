"""Whole requests that are refused: malformed, too large, a key or a context that is none."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from refusals import LANGUAGES, WANT, case_of, nothing_written, readable

from cordee_core.access.context import ContextKeys
from cordee_core.clock import now
from cordee_graphql.backend import Database
from cordee_graphql.context import Context
from cordee_graphql.ids import encode
from cordee_graphql.operation import Operation
from cordee_graphql.schema import build_schema


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
