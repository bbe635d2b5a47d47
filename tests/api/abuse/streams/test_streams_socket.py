"""Subscriptions over WebSocket: what comes, in which order, and when it ends."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from cordee_core.access.queries import revoke_member_tokens
from cordee_core.database.unit_of_work import perform
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_graphql import ids
from cordee_graphql.wakeups import Hub
from cordee_server.streams.limits import StreamLimits

TIMELINE = """subscription Watch($case: ID!, $after: String) {
  caseTimeline(caseId: $case, after: $after) { cursor node { seq kind text case { number } } }
}"""
CASELOAD = """subscription Load($after: String) {
  caseloadChanges(after: $after) { kind caseIds cursor }
}"""


def entry(message: dict[str, Any]) -> dict[str, Any]:
    assert message["type"] == "next", message
    assert "errors" not in message["payload"], message
    found: dict[str, Any] = message["payload"]["data"]["caseTimeline"]
    return found


def change(message: dict[str, Any]) -> dict[str, Any]:
    assert message["type"] == "next", message
    found: dict[str, Any] = message["payload"]["data"]["caseloadChanges"]
    return found


def code(message: dict[str, Any]) -> str:
    assert message["type"] == "error", message
    found: str = message["payload"][0]["extensions"]["code"]
    return found


async def until_listening(served: Any, number: int = 1) -> None:
    """Wait until so many subscriptions have taken their bearings and rest."""
    for _ in range(400):
        ears = [ear for found in served.hub._ears.values() for ear in found]
        if len(ears) >= number and not served.busy():
            await asyncio.sleep(0.1)
            if not served.busy():
                return
        await asyncio.sleep(0.02)
    pytest.fail("nobody listens")


async def test_entries_come_as_they_commit_each_once_and_in_order(
    platform: Any, dial: Callable[..., Any], listened: Any
) -> None:
    async with dial(platform.address) as socket:
        assert (socket.status, socket.subprotocol) == (101, "graphql-transport-ws")
        await socket.init(listened.token())
        await socket.subscribe("1", TIMELINE, case=listened.gid)
        await until_listening(platform)
        first = await listened.grow()
        await listened.grow(4)
        found = [entry(await socket.next())["node"] for _ in range(5)]
        assert [one["seq"] for one in found] == list(range(first, first + 5))
        assert {one["kind"] for one in found} == {"note_added"}
        assert all(one["case"]["number"] for one in found)


async def test_what_was_missed_comes_first_after_a_cursor(
    platform: Any, dial: Callable[..., Any], listened: Any
) -> None:
    query = "query ($id: ID!) { case(id: $id) { timeline(last: 1) { pageInfo { endCursor } } } }"
    answer = await platform.post(query, token=listened.token(), variables={"id": listened.gid})
    cursor = answer.json()["data"]["case"]["timeline"]["pageInfo"]["endCursor"]
    last = await listened.grow(120)
    async with dial(platform.address) as socket:
        await socket.init(listened.token())
        await socket.subscribe("1", TIMELINE, case=listened.gid, after=cursor)
        seen = [entry(await socket.next()) for _ in range(120)]
        assert [one["node"]["seq"] for one in seen] == list(range(last - 119, last + 1))
        await listened.grow()
        assert entry(await socket.next())["node"]["seq"] == last + 1
    async with dial(platform.address) as socket:
        await socket.init(listened.token())
        await socket.subscribe("1", TIMELINE, case=listened.gid, after=seen[-1]["cursor"])
        assert entry(await socket.next())["node"]["seq"] == last + 1


async def test_a_batch_is_one_entry_in_the_journal_of_reads(
    platform: Any, dial: Callable[..., Any], listened: Any
) -> None:
    async with dial(platform.address) as socket:
        await socket.init(listened.token())
        await socket.subscribe("1", TIMELINE, case=listened.gid)
        await until_listening(platform)
        assert await listened.journal("Watch") == []
        await listened.grow()
        entry(await socket.next())
        assert [row["subjects"] for row in await listened.journal("Watch")] == [
            [listened.tenancy.person]
        ]


async def test_a_revoked_token_ends_its_subscriptions(
    platform: Any, dial: Callable[..., Any], listened: Any
) -> None:
    async with dial(platform.address) as socket:
        await socket.init(listened.token())
        await socket.subscribe("1", TIMELINE, case=listened.gid)
        await socket.subscribe("2", CASELOAD)
        await until_listening(platform, 2)
        admin = listened.scope("admin")
        async with listened.engine.transaction(cordee__context=admin.signed()):
            await revoke_member_tokens(listened.scope().actor.id)
        await listened.grow()
        messages = [await socket.next(), await socket.next()]
        assert {code(one) for one in messages} == {"UNAUTHENTICATED"}
        assert {one["id"] for one in messages} == {"1", "2"}


async def test_a_silent_subscription_looks_at_its_token_by_itself(
    serve: Callable[..., Any], dial: Callable[..., Any], listened: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("cordee_graphql.wakeups.RELIABLE_SECONDS", 0.3)
    async with serve() as platform, dial(platform.address) as socket:
        await socket.init(listened.token())
        await socket.subscribe("1", TIMELINE, case=listened.gid)
        await until_listening(platform)
        admin = listened.scope("admin")
        async with listened.engine.transaction(cordee__context=admin.signed()):
            await revoke_member_tokens(listened.scope().actor.id)
        assert code(await socket.next()) == "UNAUTHENTICATED"


async def test_a_lost_wake_up_only_delays(
    serve: Callable[..., Any], dial: Callable[..., Any], listened: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("cordee_graphql.wakeups.POLL_SECONDS", 0.3)

    class Deaf(Hub):
        def tell(self, changes: Any) -> None:
            pass

    async with serve(Deaf()) as platform, dial(platform.address) as socket:
        await socket.init(listened.token())
        await socket.subscribe("t", TIMELINE, case=listened.gid)
        await socket.subscribe("c", CASELOAD)
        await until_listening(platform, 2)
        await listened.grow()
        messages = {one["id"]: one for one in (await socket.next(), await socket.next())}
        assert entry(messages["t"])["node"]["kind"] == "note_added"
        assert change(messages["c"])["caseIds"] == [listened.gid]


async def test_the_caseload_tells_ids_of_cases_that_the_caller_may_read(
    platform: Any, dial: Callable[..., Any], listened: Any
) -> None:
    registered = await perform(
        listened.engine, listened.scope(), "test", register_person, PersonDraft(family_name="X")
    )
    other = await listened.open(registered.changed["person"])
    async with dial(platform.address) as all_of_it, dial(platform.address) as own:
        await all_of_it.init(listened.token())
        await all_of_it.subscribe("1", CASELOAD)
        await own.init(listened.token("person"))
        await own.subscribe("1", CASELOAD)
        await until_listening(platform, 2)
        await listened.grow(case=other)
        assert change(await all_of_it.next())["caseIds"] == [ids.encode("Case", other)]
        await listened.grow()
        assert change(await all_of_it.next())["caseIds"] == [listened.gid]
        first = change(await own.next())
        assert (first["kind"], first["caseIds"]) == ("CHANGED", [listened.gid])


async def test_a_caseload_that_was_left_is_read_again_once(
    platform: Any, dial: Callable[..., Any], listened: Any
) -> None:
    async with dial(platform.address) as socket:
        await socket.init(listened.token())
        await socket.subscribe("1", CASELOAD)
        await until_listening(platform)
        await listened.grow()
        cursor = change(await socket.next())["cursor"]
        await socket.subscribe("2", CASELOAD, after=cursor)
        again = change(await socket.next())
        assert (again["kind"], again["caseIds"]) == ("RESYNC", [])
        await listened.grow()
        found = [await socket.next(), await socket.next()]
        assert {one["id"] for one in found} == {"1", "2"}
        assert {change(one)["kind"] for one in found} == {"CHANGED"}


async def test_another_tenants_case_is_not_there(
    platform: Any, dial: Callable[..., Any], listened: Any, tenants: Any
) -> None:
    async with dial(platform.address) as socket:
        await socket.init(tenants[0].tokens["referent"])
        await socket.subscribe("1", TIMELINE, case=listened.gid)
        assert code(await socket.next()) == "NOT_FOUND"
        await socket.subscribe("1", TIMELINE, case=ids.encode("Case", tenants[0].id))
        assert code(await socket.next()) == "NOT_FOUND"
        await socket.subscribe("1", CASELOAD)
        await until_listening(platform)
        await listened.grow()
        await socket.send(type="ping")
        assert (await socket.next())["type"] == "pong"


async def test_queries_and_mutations_come_over_the_same_connection(
    platform: Any, dial: Callable[..., Any], listened: Any
) -> None:
    async with dial(platform.address) as socket:
        await socket.init(listened.token("admin"))
        await socket.subscribe("q", "{ viewer { member { displayName } } }")
        answer = await socket.next()
        assert answer["payload"]["data"]["viewer"]["member"]["displayName"]
        assert answer["payload"]["extensions"]["cost"]
        assert (await socket.next()) == {"type": "complete", "id": "q"}
        await socket.subscribe(
            "m", 'mutation { teamCreate(input: {name: "T", memberIds: []}) { team { name } } }'
        )
        assert (await socket.next())["payload"]["data"]["teamCreate"]["team"] == {"name": "T"}


async def test_a_completed_subscription_gives_everything_back(
    platform: Any, dial: Callable[..., Any], listened: Any
) -> None:
    async with dial(platform.address) as socket:
        await socket.init(listened.token())
        await socket.subscribe("1", TIMELINE, case=listened.gid)
        await until_listening(platform)
        await socket.send(type="complete", id="1")
        await socket.send(type="complete", id="never")
        for _ in range(200):
            if not platform.hub.tenants:
                break
            await asyncio.sleep(0.02)
        assert not platform.hub.tenants
        assert platform.seats.taken("member_operations") == 0
        await socket.subscribe("1", "{ __typename }")
        assert (await socket.next())["type"] == "next"


async def test_a_subscription_by_plain_http_says_where_to_go(platform: Any, listened: Any) -> None:
    answer = await platform.post(CASELOAD, token=listened.token())
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert "text/event-stream" in answer.json()["errors"][0]["message"]


async def test_a_member_whose_budget_is_empty_waits_and_misses_nothing(
    serve: Callable[..., Any], dial: Callable[..., Any], listened: Any
) -> None:
    from cordee_graphql.throttle import Budget, LocalBuckets

    async with serve(limits=StreamLimits()) as platform, dial(platform.address) as socket:
        platform.schema.buckets = LocalBuckets(Budget(capacity=60, restore=60))
        await socket.init(listened.token())
        await socket.subscribe("1", TIMELINE, case=listened.gid)
        await until_listening(platform)
        first = await listened.grow()
        await listened.grow(59)
        seen = [entry(await socket.next())["node"]["seq"] for _ in range(60)]
        assert seen == list(range(first, first + 60))


async def test_when_the_process_stops_clients_are_told_to_come_again(
    platform: Any, dial: Callable[..., Any], listened: Any
) -> None:
    async with dial(platform.address) as socket:
        await socket.init(listened.token())
        await socket.subscribe("1", TIMELINE, case=listened.gid)
        await until_listening(platform)
        platform.streams.ending.set()
        assert await socket.end() == (1001, "the server stops")
    headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {listened.token()}"}
    answer = await platform.http.post("/graphql", json={"query": CASELOAD}, headers=headers)
    assert answer.status_code == 200
    assert await platform.rests()
