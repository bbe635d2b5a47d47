"""WebSocket clients that misbehave: refused with a code, and nothing of them stays."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from wsproto.extensions import PerMessageDeflate

from cordee_core.embedded.process import free_port
from cordee_server.streams.limits import StreamLimits
from cordee_server.supervisor import claim

TIMELINE = "subscription ($case: ID!, $after: String) {"
TIMELINE += " caseTimeline(caseId: $case, after: $after) { node { seq text } } }"
CASELOAD = "subscription { caseloadChanges { cursor } }"
UNKNOWN = "Bearer cdt_" + "a" * 43


async def test_pages_of_other_sites_are_kept_out(
    serve: Callable[..., Any], dial: Callable[..., Any]
) -> None:
    async with serve(origins=["https://app.example"]) as platform:
        host = platform.address.removeprefix("http://")
        for origin, status in (
            ("https://app.example", 101), (f"http://{host}", 101), ("https://evil.example", 403),
            ("null", 403), ("https://app.example.evil.example", 403),
        ):  # fmt: skip
            async with dial(platform.address, Origin=origin) as socket:
                assert (origin, socket.status) == (origin, status)


@pytest.mark.parametrize("offered", [[], ["graphql-ws"], ["chat"]])
async def test_other_protocols_are_refused(
    platform: Any, dial: Callable[..., Any], offered: list[str]
) -> None:
    async with dial(platform.address, subprotocols=offered) as socket:
        assert socket.status == 400


async def test_compression_is_declined(platform: Any, dial: Callable[..., Any]) -> None:
    from cordee_server.serve import _configuration

    _configuration(0, 1 << 20)
    async with dial(platform.address, extensions=[PerMessageDeflate()]) as socket:
        assert socket.status == 101
        assert socket.extensions == []


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("{", 4400),
        ("[]", 4400),
        ("[" * 5000, 4400),
        ('{"type": 1}', 4400),
        ('{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}', 4401),
        ('{"type": "connection_init", "payload": []}', 4403),
        ('{"type": "connection_init", "payload": "x"}', 4400),
        ('{"type": "connection_init"}', 4403),
        (f'{{"type": "connection_init", "payload": {{"Authorization": "{UNKNOWN}"}}}}', 4403),
        ('{"type": "connection_init", "payload": {"Authorization": "Basic x"}}', 4403),
        ('{"type": "connection_init", "payload": {"Authorization": {"a": 1}}}', 4403),
        ('{"type": "start"}', 4400),
    ],
)  # fmt: skip
async def test_a_wrong_beginning_closes_the_connection(
    platform: Any, dial: Callable[..., Any], message: str, code: int
) -> None:
    async with dial(platform.address) as socket:
        await socket.send_text(message)
        closed = await socket.end()
        assert closed is not None
        assert closed[0] == code
    assert await platform.rests()


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "connection_init"}, 4429),
        ({"type": "subscribe", "payload": {}}, 4400),
        ({"type": "subscribe", "id": ""}, 4400),
        ({"type": "subscribe", "id": "x" * 200}, 4400),
        ({"type": "subscribe", "id": ["x"]}, 4400),
        ({"type": "complete"}, 4400),
        ({"type": "next", "id": "1"}, 4400),
    ],
)
async def test_a_wrong_message_closes_the_connection(
    platform: Any, dial: Callable[..., Any], listened: Any, message: Any, code: int
) -> None:
    async with dial(platform.address) as socket:
        await socket.init(listened.token())
        await socket.send(**message)
        closed = await socket.end()
        assert closed is not None
        assert closed[0] == code
    assert await platform.rests()


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (None, "BAD_REQUEST"),
        ([], "BAD_REQUEST"),
        ({}, "BAD_REQUEST"),
        ({"query": 1}, "BAD_REQUEST"),
        ({"query": "{ __typename }", "variables": [1]}, "BAD_REQUEST"),
        ({"query": "{ __typename }", "variables": {"a": "\0"}}, "INVALID_TEXT"),
        ({"extensions": {"persistedQuery": {"sha256Hash": "0" * 64}}}, "UNKNOWN_DOCUMENT"),
    ],
)
async def test_a_wrong_operation_is_an_error_of_its_own(
    platform: Any, dial: Callable[..., Any], listened: Any, payload: Any, code: str
) -> None:
    async with dial(platform.address) as socket:
        await socket.init(listened.token())
        await socket.send(type="subscribe", id="1", payload=payload)
        message = await socket.next()
        assert (message["type"], message["id"]) == ("error", "1")
        assert message["payload"][0]["extensions"]["code"] == code
        await socket.send(type="ping")
        assert (await socket.next())["type"] == "pong"


async def test_an_id_in_use_closes_the_connection(
    platform: Any, dial: Callable[..., Any], listened: Any
) -> None:
    async with dial(platform.address) as socket:
        await socket.init(listened.token())
        await socket.subscribe("1", CASELOAD)
        await socket.subscribe("1", CASELOAD)
        closed = await socket.end()
        assert closed is not None
        assert closed[0] == 4409
    assert await platform.rests()


async def test_who_says_nothing_is_let_go(
    serve: Callable[..., Any], dial: Callable[..., Any], listened: Any
) -> None:
    limits = StreamLimits(init_seconds=0.2, ping_seconds=0.2)
    async with serve(limits=limits) as platform:
        async with dial(platform.address) as socket:
            assert await socket.end() == (4408, "Connection initialisation timeout")
        async with dial(platform.address) as socket:
            await socket.init(listened.token())
            await socket.subscribe("1", CASELOAD)
            assert await socket.end() == (4408, "the client is silent")
            assert {"type": "ping"} in socket.waiting
        assert await platform.rests()


async def test_a_flood_of_connections_finds_no_seat(
    serve: Callable[..., Any], dial: Callable[..., Any], listened: Any, tenants: Any
) -> None:
    limits = StreamLimits(connections=6, waiting=3, member_connections=2)
    async with serve(limits=limits) as platform, AsyncExitStack() as stack:
        idle = [await stack.enter_async_context(dial(platform.address)) for _ in range(5)]
        assert [socket.status for socket in idle] == [101] * 3 + [503] * 2
        for socket in idle:
            socket.vanish()
        assert await platform.rests()
        mine = [await stack.enter_async_context(dial(platform.address)) for _ in range(3)]
        for socket in mine[:2]:
            await socket.init(listened.token())
        await mine[2].send(
            type="connection_init", payload={"Authorization": f"Bearer {listened.token()}"}
        )
        closed = await mine[2].end()
        assert closed == (4429, "LIMIT_EXCEEDED")
        other = await stack.enter_async_context(dial(platform.address))
        await other.init(tenants[0].tokens["referent"])


async def test_a_flood_of_operations_is_refused_and_others_go_on(
    serve: Callable[..., Any], dial: Callable[..., Any], listened: Any
) -> None:
    limits = StreamLimits(operations=3, member_operations=4)
    async with serve(limits=limits) as platform:
        async with dial(platform.address) as flood, dial(platform.address) as second:
            await flood.init(listened.token())
            for number in range(40):
                await flood.subscribe(str(number), CASELOAD)
            refused = [await flood.next() for _ in range(37)]
            assert {one["type"] for one in refused} == {"error"}
            codes = {one["payload"][0]["extensions"]["code"] for one in refused}
            assert codes == {"LIMIT_EXCEEDED"}
            await second.init(listened.token())
            await second.subscribe("a", CASELOAD)
            await second.subscribe("b", CASELOAD)
            message = await second.next()
            assert message["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
            answer = await platform.post("{ __typename }", token=listened.token())
            assert answer.json()["data"] == {"__typename": "Query"}
        assert await platform.rests()


async def test_who_goes_on_asking_for_too_much_is_let_go(
    serve: Callable[..., Any], dial: Callable[..., Any], listened: Any
) -> None:
    async with serve(limits=StreamLimits(operations=1)) as platform:
        async with dial(platform.address) as flood:
            await flood.init(listened.token())
            for number in range(150):
                await flood.subscribe(str(number), CASELOAD)
            assert await flood.end() == (4429, "LIMIT_EXCEEDED")
            assert len(flood.waiting) == 100
        assert await platform.rests()


async def test_clients_that_vanish_leave_nothing(
    platform: Any, dial: Callable[..., Any], listened: Any
) -> None:
    before = len(asyncio.all_tasks())
    for _ in range(3):
        async with AsyncExitStack() as stack:
            for _ in range(5):
                socket = await stack.enter_async_context(dial(platform.address))
                await socket.init(listened.token())
                await socket.subscribe("1", TIMELINE, case=listened.gid)
                await socket.subscribe("2", CASELOAD)
                socket.vanish()
    assert await platform.rests()
    for _ in range(100):
        if len(asyncio.all_tasks()) <= before:
            break
        await asyncio.sleep(0.05)
    assert len(asyncio.all_tasks()) <= before


async def test_who_does_not_read_is_dropped(
    serve: Callable[..., Any], dial: Callable[..., Any], listened: Any
) -> None:
    limits = StreamLimits(queue=4, slow_seconds=0.5)
    fields = " ".join(f"a{number}: text" for number in range(45))
    query = "subscription ($case: ID!, $after: String) {"
    query += f" caseTimeline(caseId: $case, after: $after) {{ node {{ {fields} }} }} }}"
    from cordee_graphql.cursors import write_cursor

    start = write_cursor("case.TimelineEntry", (0,))
    await listened.grow(200)
    async with serve(limits=limits) as platform, dial(platform.address, buffer=4096) as socket:
        await socket.init(listened.token())
        socket.writer.transport.pause_reading()
        for name in "abcdefghijklmnop":
            await socket.subscribe(name, query, case=listened.gid, after=start)
        assert await platform.rests(), (platform.busy(), platform.hub.tenants, platform.seats)
        answer = await platform.post("{ __typename }", token=listened.token())
        assert answer.status_code == 200


async def test_a_large_message_ends_the_connection(
    platform: Any, dial: Callable[..., Any], listened: Any
) -> None:
    async with dial(platform.address) as socket:
        await socket.init(listened.token())
        await socket.subscribe("1", "{ __typename } #" + "x" * (1 << 20))
        message = await socket.next()
        assert message["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
        with contextlib.suppress(ConnectionError):
            await socket.subscribe("2", "{ __typename } #" + "x" * (20 << 20))
            socket.waiting.clear()
            await socket.end()
        assert not any(one.get("id") == "2" for one in socket.waiting)
    assert await platform.rests()


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="Linux only")
def test_the_kernel_drops_who_takes_nothing() -> None:
    listener = claim("127.0.0.1", free_port())
    with listener, socket.create_connection(listener.getsockname()) as client:
        accepted, _ = listener.accept()
        with accepted:
            option = (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
            assert accepted.getsockopt(*option) == 30_000
            assert client.getsockopt(*option) == 0
