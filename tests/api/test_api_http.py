"""GraphQL over HTTP beyond the audits: what is refused, and with which status and code."""

from typing import Any

import httpx
import pytest
from http_answers import GRAPHQL, code, post

from cordee_graphql.schema import CordeeSchema
from cordee_graphql.throttle import Budget, LocalBuckets

DEEP = b'{"query": "{__typename}", "variables": ' + b'{"a":' * 90 + b"1" + b"}" * 90 + b"}"


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (b"{", 400, "BAD_REQUEST"),
        (b"\xff\xfe", 400, "BAD_REQUEST"),
        (b"[]", 400, "BAD_REQUEST"),
        (b'"text"', 400, "BAD_REQUEST"),
        (b"null", 400, "BAD_REQUEST"),
        (b"", 400, "BAD_REQUEST"),
        (b'{"query": 1}', 400, "BAD_REQUEST"),
        (b'{"query": "{__typename}", "variables": []}', 400, "BAD_REQUEST"),
        (b'{"query": "{__typename}", "variables": {"a": NaN}}', 400, "BAD_REQUEST"),
        (b'{"query": "{__typename}", "operationName": "other"}', 400, "BAD_REQUEST"),
        (b'{"query": "{__typename}", "variables": {"a": "\\u0000"}}', 400, "INVALID_TEXT"),
        (b'{"query": "{__typename}", "variables": {"a": ["\\ud800"]}}', 400, "INVALID_TEXT"),
        (DEEP, 400, "BAD_REQUEST"),
        (b"[" * 1500, 400, "BAD_REQUEST"),
        (b'{"query": "{__typename}' + b" " * 2000 + b'"}', 413, "PAYLOAD_TOO_LARGE"),
    ],
)  # fmt: skip
async def test_malformed_bodies_are_coded_refusals_in_both_languages(
    http: httpx.AsyncClient, body: bytes, status: int, expected: str
) -> None:
    said = set()
    for language in ("en", "fr"):
        headers = {"Content-Type": "application/json", "Accept-Language": language}
        answer = await http.post("/graphql", content=body, headers=headers)
        assert (answer.status_code, code(answer)) == (status, expected)
        assert answer.headers["content-language"] == language
        said.add(answer.json()["errors"][0]["message"])
    assert len(said) == 2


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "text/plain; application/json", "application/json; charset=latin-1",
     "multipart/form-data; boundary=x",
     "application/x-www-form-urlencoded", "xapplication/json"],
)  # fmt: skip
async def test_a_form_of_another_site_cannot_post(
    http: httpx.AsyncClient, content_type: str
) -> None:
    answer = await http.post(
        "/graphql", content=b'{"query":"{__typename}"}', headers={"Content-Type": content_type}
    )
    assert (answer.status_code, code(answer)) == (415, "BAD_REQUEST")


async def test_a_get_may_not_write(http: httpx.AsyncClient, shelf: Any) -> None:
    answer = await http.get(
        "/graphql", params={"query": 'mutation { bookAdd(title: "x") { __typename } }'}
    )
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert shelf.books == {}


async def test_the_same_parameter_twice_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.get("/graphql", params={"query": ["{__typename}", "{a: __typename}"]})
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


async def test_other_methods_and_addresses_are_refused_in_the_same_form(
    http: httpx.AsyncClient,
) -> None:
    for answer in (await http.delete("/graphql"), await http.get("/nowhere")):
        assert answer.status_code in {404, 405}
        assert code(answer) == "BAD_REQUEST"


@pytest.mark.parametrize(
    "authorization", ["Bearer wrong-token-wrong-token", "Basic YTpi", "Bearer", ""]
)
async def test_a_wrong_token_is_401_in_either_media_type(
    http: httpx.AsyncClient, authorization: str
) -> None:
    for accept in (GRAPHQL, "application/json"):
        answer = await post(http, "{ __typename }", Authorization=authorization, Accept=accept)
        assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"].startswith(accept)
        assert "data" not in answer.json()


async def test_without_a_token_only_public_fields_answer(address: str, shelf: Any) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        refused = await post(
            client, "{ ...f } fragment f on Query { t: __typename books { totalCount } }"
        )
        assert (refused.status_code, code(refused)) == (401, "UNAUTHENTICATED")
        both = await post(
            client,
            'mutation { signUp(title: "a") { __typename } bookAdd(title: "b") { __typename } }',
        )
        assert both.status_code == 401
        assert shelf.books == {}
        allowed = await post(client, 'mutation { signUp(title: "a") { userErrors { code } } }')
        assert allowed.json()["data"] == {"signUp": {"userErrors": []}}
        schema = await post(client, "{ __schema { queryType { name } } }")
        assert schema.json()["data"]["__schema"]["queryType"]["name"] == "Query"


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 256])
async def test_a_malformed_idempotency_key_writes_nothing(
    http: httpx.AsyncClient, shelf: Any, key: str
) -> None:
    headers = [(b"idempotency-key", key.encode("latin-1"))]
    body = {"query": 'mutation { bookAdd(title: "a") { __typename } }'}
    answer = await http.post("/graphql", json=body, headers=headers)
    assert (answer.status_code, code(answer)) == (400, "IDEMPOTENCY_INVALID")
    assert shelf.books == {}


async def test_the_key_reaches_the_unit_of_work_with_the_response_key(
    http: httpx.AsyncClient, shelf: Any
) -> None:
    await post(
        http, 'mutation { one: bookAdd(title: "a") { __typename } }', **{"Idempotency-Key": "k-1"}
    )
    assert "write bookAdd k-1/one" in shelf.log


async def test_too_much_in_too_short_a_time_is_429(
    http: httpx.AsyncClient, schema: CordeeSchema
) -> None:
    schema.buckets = LocalBuckets(Budget(capacity=60, restore=1))
    query = "{ books(first: 50) { nodes { others(first: 1) { nodes { id } } } } }"
    answer = await post(http, query, Accept="application/json")
    assert (answer.status_code, code(answer)) == (429, "RATE_LIMITED")
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["ratelimit-limit"] == "60"
    assert "data" not in answer.json()
