"""Subscriptions as server-sent events: the same answers, resumed with ``Last-Event-ID``."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from cordee_server.streams.events import wants_events
from cordee_server.streams.limits import StreamLimits

TIMELINE = """subscription Watch($case: ID!, $after: String) {
  caseTimeline(caseId: $case, after: $after) { cursor node { seq kind } }
}"""


def request(platform: Any, token: str | None, query: str, **headers: str) -> dict[str, Any]:
    headers = {"Accept": "text/event-stream", "Content-Type": "application/json", **headers}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return {"method": "POST", "url": "/graphql", "headers": headers}


@asynccontextmanager
async def events(
    platform: Any, token: str | None, query: str, variables: Any = None, **headers: str
) -> AsyncIterator[tuple[httpx.Response, AsyncIterator[dict[str, Any]]]]:
    """Ask for events; give the response and its events as they come."""
    options = request(platform, token, query, **headers)
    body = {"query": query, "variables": variables or {}}
    async with platform.http.stream(**options, json=body) as response:
        yield response, parsed(response)


async def parsed(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    found: dict[str, Any] = {}
    async for line in response.aiter_lines():
        if not line and found:
            yield found
            found = {}
        name, _, value = line.partition(":")
        if name:
            value = value.removeprefix(" ")
            found[name] = json.loads(value) if name == "data" and value else value


async def next_of(stream: AsyncIterator[dict[str, Any]]) -> dict[str, Any]:
    async with asyncio.timeout(20):
        return await anext(stream)


async def resting(platform: Any) -> None:
    for _ in range(400):
        if platform.hub.tenants and not platform.busy():
            await asyncio.sleep(0.1)
            return
        await asyncio.sleep(0.02)


async def test_events_carry_their_cursor_and_go_on_after_it(platform: Any, listened: Any) -> None:
    variables = {"case": listened.gid}
    async with events(platform, listened.token(), TIMELINE, variables) as (response, stream):
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-request-id"]
        await resting(platform)
        number = await listened.grow()
        first = await next_of(stream)
        found = first["data"]["data"]["caseTimeline"]
        assert (first["event"], found["node"]["seq"]) == ("next", number)
        assert first["id"] == found["cursor"]
    assert await platform.rests()
    await listened.grow(2)
    last = {"Last-Event-ID": first["id"]}
    async with events(platform, listened.token(), TIMELINE, variables, **last) as (_, stream):
        seen = [(await next_of(stream))["data"]["data"]["caseTimeline"] for _ in range(2)]
        assert [one["node"]["seq"] for one in seen] == [number + 1, number + 2]
    assert await platform.rests()


async def test_one_answer_then_complete(platform: Any, listened: Any) -> None:
    async with events(platform, listened.token(), "{ __typename }") as (_, stream):
        found = [one async for one in stream]
    assert [one["event"] for one in found] == ["next", "complete"]
    assert found[0]["data"]["data"] == {"__typename": "Query"}


async def test_a_refused_subscription_says_why_and_ends(platform: Any, listened: Any) -> None:
    variables = {"case": listened.gid}
    token = listened.token("admin")
    async with events(platform, token, TIMELINE, variables) as (_, stream):
        found = [one async for one in stream]
    assert [one["event"] for one in found] == ["next", "complete"]
    assert found[0]["data"]["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert "data" not in found[0]["data"]


async def test_without_a_token_there_is_no_stream(platform: Any, listened: Any) -> None:
    for token in (None, "cdt_" + "a" * 43):
        variables = {"case": listened.gid}
        async with events(platform, token, TIMELINE, variables) as (response, _):
            await response.aread()
            assert response.status_code == 401
            assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_get_reads_and_does_not_write(platform: Any, listened: Any) -> None:
    headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {listened.token('admin')}"}
    mutation = 'mutation { teamCreate(input: {name: "T", memberIds: []}) { team { id } } }'
    answer = await platform.http.get("/graphql", params={"query": mutation}, headers=headers)
    assert "BAD_REQUEST" in answer.text
    answer = await platform.http.get(
        "/graphql", params={"query": "{ __typename }"}, headers=headers
    )
    assert '"__typename":"Query"' in answer.text


async def test_a_member_holds_so_many_and_no_more(serve: Callable[..., Any], listened: Any) -> None:
    variables = {"case": listened.gid}
    async with serve(limits=StreamLimits(member_operations=1)) as platform:
        async with events(platform, listened.token(), TIMELINE, variables):
            await resting(platform)
            async with events(platform, listened.token(), TIMELINE, variables) as (_, second):
                found = [one async for one in second]
            assert found[0]["data"]["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
        assert await platform.rests()


def test_events_are_sent_to_who_likes_them_best() -> None:
    assert wants_events("text/event-stream")
    assert wants_events("text/event-stream, application/json;q=0.5")
    assert not wants_events("application/json, text/event-stream;q=0.9")
    assert not wants_events("*/*")
    assert not wants_events("")
