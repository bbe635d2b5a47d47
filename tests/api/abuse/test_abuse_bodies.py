"""HTTP clients that are slow, send too much, or go away."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from cordee_core.database.engine import fetch


async def raw(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(address)
    return await asyncio.open_connection(parts.hostname, parts.port)


def head(address: str, length: int, **headers: str) -> bytes:
    lines = [
        "POST /graphql HTTP/1.1",
        f"Host: {urlsplit(address).netloc}",
        "Content-Type: application/json",
        "Accept: application/graphql-response+json",
        f"Content-Length: {length}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


async def answer_of(reader: asyncio.StreamReader) -> tuple[int, dict[str, Any], bool]:
    """Return status, body, and whether the server closed the connection."""
    async with asyncio.timeout(20):
        top = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.split(":")[1])
            for line in top.splitlines()
            if line.lower().startswith("content-length")
        )
        body = json.loads(await reader.readexactly(length))
        try:
            async with asyncio.timeout(2):
                closed = await reader.read(1) == b""
        except TimeoutError:
            closed = False
    return int(top.split()[1]), body, closed


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the server wait for bodies for moments only."""
    monkeypatch.setattr("cordee_server.http.body.PAUSE_SECONDS", 0.4)
    monkeypatch.setattr("cordee_server.http.body.WHOLE_SECONDS", 1.2)


async def test_a_body_that_stops_is_given_up(impatient: None, platform: Any) -> None:
    reader, writer = await raw(platform.address)
    writer.write(head(platform.address, 500) + b'{"query": "')
    status, body, closed = await answer_of(reader)
    assert (status, closed) == (408, True)
    assert body["errors"][0]["extensions"]["code"] == "REQUEST_TIMEOUT"
    writer.close()


async def test_a_body_that_drips_is_given_up(impatient: None, platform: Any) -> None:
    reader, writer = await raw(platform.address)
    writer.write(head(platform.address, 500))

    async def drip() -> None:
        for _ in range(100):
            writer.write(b" ")
            await asyncio.sleep(0.1)

    dripping = asyncio.create_task(drip())
    status, body, closed = await answer_of(reader)
    dripping.cancel()
    assert (status, closed) == (408, True)
    assert body["errors"][0]["extensions"]["code"] == "REQUEST_TIMEOUT"
    writer.close()


async def test_many_slow_clients_hold_no_database_connection_and_nobody_up(
    impatient: None, platform: Any, token: str
) -> None:
    await platform.post("{ __typename }", token=token)
    before = len(asyncio.all_tasks())
    slow = [await raw(platform.address) for _ in range(60)]
    for _, writer in slow:
        writer.write(head(platform.address, 500, Authorization=f"Bearer {token}") + b"{")
    assert platform.busy() == 0
    answer = await platform.post("{ viewer { member { id } } }", token=token)
    assert answer.status_code == 200
    statuses = [(await answer_of(reader))[0] for reader, _ in slow]
    assert set(statuses) == {408}
    for _, writer in slow:
        writer.close()
    for _ in range(100):
        if len(asyncio.all_tasks()) <= before:
            break
        await asyncio.sleep(0.05)
    assert len(asyncio.all_tasks()) <= before


@pytest.mark.parametrize("said", [True, False])
async def test_a_body_beyond_the_limit_is_refused(
    serve: Callable[..., Any], token: str, said: bool
) -> None:
    async with serve(max_body=10_000) as platform:
        if said:
            content: Any = b'{"query": "{ __typename }' + b" " * 20_000 + b'"}'
        else:

            async def parts() -> Any:
                for _ in range(20):
                    yield b" " * 1_000

            content = parts()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        answer = await platform.http.post("/graphql", content=content, headers=headers)
        assert answer.status_code == 413
        assert answer.json()["errors"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE"


async def test_clients_that_vanish_in_mid_request_leave_nothing(
    platform: Any, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cordee_graphql.operation import Operation

    await platform.post("{ __typename }", token=token)
    entered = asyncio.Semaphore(0)
    settle = Operation.settle

    async def slowly(self: Operation) -> None:
        if self._reading is not None:
            async with self.read():
                entered.release()
                await fetch("SELECT pg_sleep(0.3)")
        await settle(self)

    monkeypatch.setattr(Operation, "settle", slowly)
    query = json.dumps({"query": "{ cases { totalCount nodes { transitions { stage } } } }"})
    before = len(asyncio.all_tasks())
    for _ in range(4):
        _, writer = await raw(platform.address)
        writer.write(head(platform.address, len(query), Authorization=f"Bearer {token}"))
        writer.write(query.encode())
        await writer.drain()
        async with asyncio.timeout(20):
            await entered.acquire()
        assert platform.busy()
        writer.transport.abort()
    monkeypatch.undo()
    assert await platform.rests()
    for _ in range(100):
        if len(asyncio.all_tasks()) <= before:
            break
        await asyncio.sleep(0.05)
    assert len(asyncio.all_tasks()) <= before
