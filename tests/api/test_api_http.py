"""GraphQL over HTTP beyond the audits: refusals, languages, headers, pages, health."""

import asyncio
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest

from cordee_graphql.schema import CordeeSchema
from cordee_graphql.throttle import Budget, LocalBuckets
from cordee_server.http.application import make_application
from cordee_server.http.controller import Gateway
from cordee_server.http.ids import request_id
from cordee_server.http.negotiation import language_of, response_type, wants_page
from cordee_server.http.pages import ASSETS, Pages
from cordee_server.readiness import Readiness

GRAPHQL = "application/graphql-response+json"
DEEP = b'{"query": "{__typename}", "variables": ' + b'{"a":' * 90 + b"1" + b"}" * 90 + b"}"


def code(answer: httpx.Response) -> str:
    errors = answer.json()["errors"]
    assert set(errors[0]) >= {"message", "extensions"}
    assert errors[0]["extensions"]["requestId"] == answer.headers["x-request-id"]
    found: str = errors[0]["extensions"]["code"]
    return found


async def post(client: httpx.AsyncClient, query: str, **headers: str) -> httpx.Response:
    return await client.post("/graphql", json={"query": query}, headers=headers)


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


async def _get(application: Any, path: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path, headers=headers)


async def test_a_process_that_is_not_ready_only_says_so(schema: CordeeSchema, shelf: Any) -> None:
    problems = ["role postgres: is superuser"]

    async def required() -> Sequence[str]:
        return problems

    async def optional() -> Sequence[str]:
        return ["redis"]

    moment = [0.0]
    readiness = Readiness(required, optional, clock=lambda: moment[0])

    async def nobody(*_: Any) -> None:
        return None

    gateway = Gateway(schema, shelf, nobody, Pages(), 5.0)
    application = make_application(gateway, readiness, max_body=1000)
    unready = await _get(application, "/readyz")
    assert (unready.status_code, unready.json()["problems"]) == (503, problems)
    assert (await _get(application, "/livez")).status_code == 200
    for path in ("/graphql?query={__typename}", "/nowhere"):
        refused = await _get(application, path, **{"Accept-Language": "fr"})
        assert (refused.status_code, code(refused)) == (503, "NOT_READY")
        assert refused.headers["retry-after"] == "1"
    problems.clear()
    moment[0] += 10
    ready = await _get(application, "/readyz")
    assert (ready.status_code, ready.json()["degraded"]) == (200, ["redis"])
    assert (await _get(application, "/graphql?query={__typename}")).status_code == 200


async def test_a_browser_gets_a_page_that_names_no_other_host(
    http: httpx.AsyncClient, tmp_path: Any
) -> None:
    page = await http.get("/graphql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "http" not in page.headers["content-security-policy"]
    assert "//" not in page.text.replace("<!doctype", "")


async def test_without_assets_the_page_is_plain(tmp_path: Any) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "plain.html").write_text("plain")
    pages = Pages(root=tmp_path)
    assert pages.page().content == b"plain"


async def test_with_assets_the_page_is_graphiql_and_all_it_names_is_served(tmp_path: Any) -> None:
    own = files("cordee_server") / "pages"
    (tmp_path / "pages").mkdir()
    for name in ("graphiql.html", "plain.html", "start.js", "start.css"):
        (tmp_path / "pages" / name).write_bytes((own / name).read_bytes())
    (tmp_path / "static" / "graphiql").mkdir(parents=True)
    for name in ASSETS:
        (tmp_path / "static" / "graphiql" / name).write_text(name)
    pages = Pages(root=tmp_path)
    page = pages.page().content.decode()
    named = re.findall(r'(?:src|href)="/graphql/assets/([^"]+)"', page)
    assert set(named) == {*ASSETS, "start.js", "start.css"}
    for name in named:
        assert pages.asset(name).content
    assert "GraphiQL" not in Pages(root=tmp_path, enabled=False).page().content.decode()


def test_the_build_copies_the_assets_that_the_page_needs(root: Path) -> None:
    folder = root / "platform" / "server" / "graphiql"
    copied = re.findall(r'^    "[^"]*/([^"/]+)",$', (folder / "build.py").read_text(), re.MULTILINE)
    assert set(copied) == set(ASSETS)
    assert '"resolved"' not in (folder / "package-lock.json").read_text()


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


async def test_assets_are_a_closed_list(http: httpx.AsyncClient) -> None:
    for name in ("app.py", "..%2fapp.py", "plain.html", "start.html"):
        assert (await http.get(f"/graphql/assets/{name}")).status_code == 404
