"""Languages, media types, ids and headers of GraphQL over HTTP."""

import asyncio
from typing import Any

import httpx
import pytest
from http_answers import GRAPHQL, code, post

from cordee_server.http.ids import request_id
from cordee_server.http.negotiation import language_of, response_type, wants_page


async def test_the_language_is_the_one_asked_for_else_the_members(http: httpx.AsyncClient) -> None:
    asked = await post(http, '{ node(id: "x") { id } }', **{"Accept-Language": "en-GB,fr;q=0.5"})
    assert asked.headers["content-language"] == "en"
    assert "Accept-Language" in asked.headers["vary"]
    assert asked.json()["errors"][0]["message"].startswith("Nothing was found")
    for header in ("de", ""):
        own = await post(http, '{ node(id: "x") { id } }', **{"Accept-Language": header})
        assert own.headers["content-language"] == "fr"
        assert own.json()["errors"][0]["message"].startswith("Rien")


@pytest.mark.parametrize(
    ("header", "language"),
    [("fr", "fr"), ("fr-CA", "fr"), ("EN", "en"), ("de, fr;q=0.1", "fr"), ("de", None),
     (None, None), ("*;q=x", None)],
)  # fmt: skip
def test_language_of(header: str | None, language: str | None) -> None:
    assert language_of(header) == language


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("", "application/json"), ("*/*", "application/json"), (GRAPHQL, GRAPHQL),
     (f"{GRAPHQL};q=0.5, application/json", "application/json"),
     (f"application/json;q=0.1,{GRAPHQL};q=0.2", GRAPHQL),
     (f"{GRAPHQL};q=0", "application/json"), ("text/html;q=nonsense", "application/json")],
)  # fmt: skip
def test_response_type(accept: str, expected: str) -> None:
    assert response_type(accept) == f"{expected}; charset=utf-8"


def test_only_who_likes_html_better_gets_the_page() -> None:
    assert wants_page("text/html,application/xhtml+xml,*/*;q=0.8")
    assert not wants_page("*/*")
    assert not wants_page("application/json, text/html;q=0.9")


async def test_request_ids_are_taken_over_if_fit_for_a_log(http: httpx.AsyncClient) -> None:
    taken = await post(http, "{ nothing }", **{"X-Request-Id": "trace-1.a"})
    assert taken.headers["x-request-id"] == "trace-1.a"
    assert code(taken) == "GRAPHQL_VALIDATION_FAILED"
    for unfit in ("a b", "x" * 65, "-a", "a;b"):
        made = (await post(http, "{ __typename }", **{"X-Request-Id": unfit})).headers[
            "x-request-id"
        ]
        assert made not in {unfit, ""}


def test_a_request_keeps_its_id() -> None:
    scope: dict[str, Any] = {"headers": [(b"x-request-id", b"\r\ninjected: yes")]}
    assert request_id(scope) == request_id(scope)
    assert "\n" not in request_id(scope)


async def test_every_answer_has_the_security_headers(http: httpx.AsyncClient) -> None:
    for answer in (
        await post(http, "{ __typename }"),
        await http.get("/nowhere"),
        await http.get("/livez"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
    assert (await post(http, "{ __typename }")).headers["cache-control"] == "no-store"


async def test_only_configured_origins_may_read_answers(http: httpx.AsyncClient) -> None:
    allowed = await post(http, "{ __typename }", Origin="https://app.example")
    assert allowed.headers["access-control-allow-origin"] == "https://app.example"
    foreign = await post(http, "{ __typename }", Origin="https://evil.example")
    assert "access-control-allow-origin" not in foreign.headers
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    refused = await http.options("/graphql", headers=preflight)
    assert refused.headers.get("access-control-allow-origin") != "https://evil.example"


async def test_statuses_of_errors_follow_the_media_type(http: httpx.AsyncClient) -> None:
    for query, expected in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
    ]:
        strict = await post(http, query, Accept=GRAPHQL)
        lenient = await post(http, query, Accept="application/json")
        assert (strict.status_code, lenient.status_code) == (400, 200)
        assert code(strict) == code(lenient) == expected
    with_data = await post(http, '{ node(id: "x") { id } }', Accept=GRAPHQL)
    assert (with_data.status_code, with_data.json()["data"]) == (200, {"node": None})


async def test_concurrent_requests_keep_their_own_headers(http: httpx.AsyncClient) -> None:
    async def ask(number: int) -> None:
        language = ("en", "fr")[number % 2]
        accept = (GRAPHQL, "application/json")[number % 3 % 2]
        headers = {"X-Request-Id": f"r{number}", "Accept-Language": language, "Accept": accept}
        answer = await post(http, '{ books { totalCount } node(id: "x") { id } }', **headers)
        assert answer.headers["content-language"] == language
        assert answer.headers["content-type"].startswith(accept)
        assert answer.json()["errors"][0]["extensions"]["requestId"] == f"r{number}"

    await asyncio.gather(*(ask(number) for number in range(40)))
