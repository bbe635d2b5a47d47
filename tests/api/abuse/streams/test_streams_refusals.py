"""What can not be subscribed is refused with a code, and the connection goes on."""

from collections.abc import Callable
from typing import Any

import pytest

TIMELINE = """subscription Watch($case: ID!, $after: String) {
  caseTimeline(caseId: $case, after: $after) { cursor node { seq kind text case { number } } }
}"""
CASELOAD = """subscription Load($after: String) {
  caseloadChanges(after: $after) { kind caseIds cursor }
}"""


@pytest.mark.parametrize(
    ("role", "query", "expected"),
    [
        ("admin", TIMELINE, "FORBIDDEN"),
        ("admin", CASELOAD, "FORBIDDEN"),
        ("referent", "subscription { a }", "GRAPHQL_VALIDATION_FAILED"),
        ("referent", "subscription {", "GRAPHQL_PARSE_FAILED"),
        ("referent", "subscription ($case: ID!, $after: Int) {"
         " caseTimeline(caseId: $case, after: $after) { cursor } }", "GRAPHQL_VALIDATION_FAILED"),
        ("referent", "subscription ($case: ID!, $after: String!) {"
         " caseTimeline(caseId: $case, after: $after) { cursor } }", "BAD_USER_INPUT"),
        ("referent", 'subscription { caseloadChanges(after: "x") { cursor } }', "INVALID_INPUT"),
        ("referent", "subscription { a: caseloadChanges { cursor } b: caseloadChanges { cursor } }",
         "GRAPHQL_VALIDATION_FAILED"),
        ("referent", "query A { __typename } query B { __typename }", "BAD_REQUEST"),
        ("referent", "", "BAD_REQUEST"),
    ],
)  # fmt: skip
async def test_what_can_not_be_subscribed_is_a_coded_error(
    platform: Any,
    dial: Callable[..., Any],
    listened: Any,
    role: str,
    query: str,
    expected: str,
) -> None:
    async with dial(platform.address) as socket:
        await socket.init(listened.token(role), **{"Accept-Language": "fr"})
        await socket.subscribe("1", query, case=listened.gid)
        message = await socket.next()
        assert message["type"] == "error", message
        assert message["payload"][0]["extensions"]["code"] == expected
        await socket.subscribe("1", "{ __typename }")
        assert (await socket.next())["payload"]["data"] == {"__typename": "Query"}
        assert (await socket.next())["type"] == "complete"
    assert await platform.rests()
