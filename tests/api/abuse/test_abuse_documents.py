"""Documents and variables made to hurt: refused early with a code, and nobody else notices."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from graphql import get_introspection_query

from cordee_graphql.documents import KEPT_CHARACTERS, MAX_CHARACTERS, Documents
from cordee_graphql.limits import Limits


def fragments(number: int, body: Callable[[int], str]) -> str:
    spread = " ".join(f"...f{n}" for n in range(number))
    return f"{{ {spread} }} " + " ".join(
        f"fragment f{n} on Query {{ {body(n)} }}" for n in range(number)
    )


DEEP = "{ viewer { " + "member { teams { members { " * 30 + "id" + " } } }" * 30 + " } }"
CASES = "nodes { person { cases { " * 12 + "totalCount" + " } } }" * 12
HURTFUL: dict[str, tuple[str, set[str]]] = {
    "nested beyond any parser": ("{" + "a{" * 400 + "b" + "}" * 401, {"GRAPHQL_PARSE_FAILED"}),
    "deep": ("{ cases { " + CASES + " } }", {"LIMIT_EXCEEDED"}),
    "deep and unknown": (DEEP, {"GRAPHQL_VALIDATION_FAILED", "LIMIT_EXCEEDED"}),
    "wide": ("{ " + "a " * 4_000 + "}", {"LIMIT_EXCEEDED"}),
    "wide, one name": ("{ " + "__typename " * 900 + "}", {"LIMIT_EXCEEDED"}),
    "wide, nested, one name": ("{ " + "viewer { member { id } } " * 300 + "}", {"LIMIT_EXCEEDED"}),
    "one name in a tree": (
        "{ viewer { " + "member { id id id id } " * 8 + " } } ", {"LIMIT_EXCEEDED"}
    ),
    "aliased": (
        "{ " + " ".join(f"a{n}: __typename" for n in range(400)) + " }", {"LIMIT_EXCEEDED"}
    ),
    "aliased, dear": (
        "{ " + " ".join(
            f"a{n}: cases(first: 100) {{ nodes {{ notes(first: 20) {{ nodes {{ id }} }} }} }}"
            for n in range(20)
        ) + " }", {"LIMIT_EXCEEDED"},
    ),
    "cyclic fragments": (
        fragments(40, lambda n: f"...f{(n + 1) % 40}"),
        {"GRAPHQL_VALIDATION_FAILED", "LIMIT_EXCEEDED"},
    ),
    "a fragment in itself": (
        "{ ...f } fragment f on Query { ...f }", {"GRAPHQL_VALIDATION_FAILED"}
    ),
    "amplified by fragments": (
        "{ ...f0 }" + "".join(
            f" fragment f{n} on Query {{ ...f{n + 1} a{n}: __typename ...f{n + 1} }}"
            for n in range(40)
        ) + " fragment f40 on Query { __typename }", {"LIMIT_EXCEEDED"},
    ),
    "many fragments": (fragments(200, lambda n: "__typename"), {"LIMIT_EXCEEDED"}),
    "fragments that merge": (
        fragments(30, lambda n: "viewer { member { id } } " * 4), {"LIMIT_EXCEEDED"}
    ),
    "directives": ("{ __typename " + "@include(if: true) " * 400 + "}", {"LIMIT_EXCEEDED"}),
    "unknown directives": ("{ __typename " + "@a " * 900 + "}", {"LIMIT_EXCEEDED"}),
    "a megabyte of string": (
        '{ node(id: "' + "\\n" * 500_000 + '") { id } }', {"LIMIT_EXCEEDED", "PAYLOAD_TOO_LARGE"}
    ),
    "a megabyte of comment": ("{ __typename } #" + "x" * 1_000_000, {"LIMIT_EXCEEDED"}),
    "a megabyte of fields": ("{ " + "a " * 500_000 + "}", {"LIMIT_EXCEEDED"}),
    "a long list": (
        "{ nodes(ids: [" + '"x" ' * 1_400 + "]) { id } }", {"LIMIT_EXCEEDED"}
    ),
    "many operations": (
        " ".join(f"query q{n} {{ __typename }}" for n in range(200)), {"LIMIT_EXCEEDED"}
    ),
    "many variables": (
        "query(" + " ".join(f"$v{n}: Int" for n in range(500)) + ") { __typename }",
        {"LIMIT_EXCEEDED"},
    ),
    "introspection in circles": (
        "{ __schema { " + "types { fields { type { " * 6 + "name" + " } } }" * 6 + " } }",
        {"GRAPHQL_VALIDATION_FAILED"},
    ),
    "a huge integer": (
        "{ cases(first: " + "9" * 5_000 + ") { totalCount } }", {"BAD_USER_INPUT"}
    ),
    "dear": (
        "{ cases(first: 100) { nodes { notes(first: 100) { nodes { id } } "
        "referrals(first: 100) { nodes { id } } assessments(first: 100) { nodes { id } } } } }",
        {"LIMIT_EXCEEDED"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HURTFUL)
@pytest.mark.parametrize("signed_in", [True, False])
async def test_hurtful_documents_are_refused_before_anything_runs(
    platform: Any, token: str, name: str, signed_in: bool
) -> None:
    document, expected = HURTFUL[name]
    answer = await platform.post(document, token=token if signed_in else None)
    told = answer.json()
    assert "data" not in told
    codes = {error["extensions"]["code"] for error in told["errors"]}
    assert codes <= expected | ({"UNAUTHENTICATED"} if not signed_in else set()), told
    assert answer.status_code in {400, 401, 413}
    assert len(answer.content) < 20_000
    after = await platform.post("{ viewer { member { id } } }", token=token)
    assert after.json()["data"]["viewer"]["member"]["id"]


QUERY = "query ($first: Int, $ids: [ID!]!) {"
QUERY += " cases(first: $first) { totalCount } nodes(ids: $ids) { id } }"
NESTED: Any = 1
for _ in range(500):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"first": 10**400, "ids": []}, "BAD_USER_INPUT"),
        ({"first": 2**31, "ids": []}, "BAD_USER_INPUT"),
        ({"first": 1.5, "ids": []}, "BAD_USER_INPUT"),
        ({"first": "1", "ids": []}, "BAD_USER_INPUT"),
        ({"first": True, "ids": []}, "BAD_USER_INPUT"),
        ({"first": {"a": 1}, "ids": []}, "BAD_USER_INPUT"),
        ({"first": 1, "ids": {}}, "BAD_USER_INPUT"),
        ({"first": 1, "ids": [None]}, "BAD_USER_INPUT"),
        ({"first": 1}, "BAD_USER_INPUT"),
        ({"first": 1, "ids": ["x"] * 101}, "LIMIT_EXCEEDED"),
        ({"first": 1, "ids": ["x"] * 50_000}, "LIMIT_EXCEEDED"),
        ({"first": 101, "ids": []}, "LIMIT_EXCEEDED"),
        ({"first": -1, "ids": []}, "INVALID_INPUT"),
        ({"first": 1, "ids": NESTED}, "BAD_REQUEST"),
        ({"first": 1, "ids": ["\0"]}, "INVALID_TEXT"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_bad_variables_are_refused_with_a_code(
    platform: Any, token: str, variables: Any, expected: str
) -> None:
    answer = await platform.post(QUERY, token=token, variables=variables)
    codes = {error["extensions"]["code"] for error in answer.json()["errors"]}
    assert codes == {expected}


async def test_a_thousand_wrong_variables_get_a_short_answer(platform: Any, token: str) -> None:
    variables = {"first": 1, "ids": [{"x": n} for n in range(5_000)]}
    answer = await platform.post(QUERY, token=token, variables=variables)
    assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {"BAD_USER_INPUT"}
    assert len(answer.content) < 50_000


@pytest.mark.parametrize(
    "body",
    [
        [],
        [{"query": "{ __typename }"}],
        [{"query": "{ __typename }"}] * 1_000,
        {"query": ["{ __typename }"]},
        "{ __typename }",
        7,
    ],
    ids=["none", "one", "thousand", "inside", "text", "number"],
)
async def test_batches_are_refused(platform: Any, token: str, body: Any) -> None:
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Accept": "application/graphql-response+json",
    }
    answer = await platform.http.post("/graphql", content=json.dumps(body), headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize("name", ["0" * 64, "sha256:" + "f" * 64])
async def test_an_unknown_hash_is_refused(platform: Any, name: str) -> None:
    for more in (
        {"documentId": name},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": name}}},
    ):
        answer = await platform.post(None, **more)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNKNOWN_DOCUMENT"


def test_kept_documents_take_so_much_and_no_more(schema_of_installation: Any) -> None:
    documents = Documents(schema_of_installation._schema, max_tokens=Limits().tokens)
    for number in range(3_000):
        documents.read(f'{{ node(id: "{number}") {{ id }} }}')
    assert len(documents._kept) <= 256
    for number in range(300):
        fields = " ".join(f"a{field}: __typename" for field in range(120))
        documents.read(f'{{ node(id: "{number}") {{ {fields} }} }}')
    assert sum(map(len, documents._kept)) == documents._characters <= KEPT_CHARACTERS
    kept = set(documents._kept)
    documents.read('{ node(id: "' + "x" * (KEPT_CHARACTERS // 10) + '") { id } }')
    documents.read("{ nothing }")
    assert set(documents._kept) == kept


async def test_what_tools_ask_for_fits(platform: Any, token: str) -> None:
    query = get_introspection_query(specified_by_url=True, input_value_deprecation=True)
    assert len(query) < MAX_CHARACTERS
    answer = await platform.post(query, token=token)
    assert "errors" not in answer.json()
