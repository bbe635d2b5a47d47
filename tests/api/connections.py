"""An application for tests of connections, and clients that send bytes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

HOST = b"Host: test\r\n"
CLOSE = b"Connection: close\r\n"
GET = b"GET /echo HTTP/1.1\r\n" + HOST
POST = b"POST /echo HTTP/1.1\r\n" + HOST


class Talk:
    """What the application of these tests was asked."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, bytes]] = []
        self.left = 0
        self.sent = 0
        self.go = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while (await receive())["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            return await send({"type": "lifespan.shutdown.complete"})
        return await getattr(self, scope["path"].partition("/")[2] or "echo")(scope, receive, send)

    async def body(self, receive: Any) -> bytes:
        whole, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left += 1
                return whole
            whole += message.get("body", b"")
            more = message.get("more_body", False)
        return whole

    async def echo(self, scope: Any, receive: Any, send: Any) -> None:
        whole = await self.body(receive)
        self.seen.append((scope["method"], scope["query_string"].decode(), whole))
        answer = b"<" + scope["query_string"] + b"|" + whole + b">"
        headers = [(b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def slow(self, scope: Any, receive: Any, send: Any) -> None:
        await self.go.wait()
        await self.echo(scope, receive, send)

    async def parts(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for part in (b"one ", b"", b"two"):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def flood(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(2000):
            await send({"type": "http.response.body", "body": b"x" * 32768, "more_body": True})
            self.sent += 32768
        await send({"type": "http.response.body", "body": b""})

    async def waits(self, scope: Any, receive: Any, send: Any) -> None:
        await self.body(receive)
        while (await receive())["type"] != "http.disconnect":
            pass
        self.left += 1

    async def refuses(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": b"no"})

    async def fails(self, scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("secret")

    async def injects(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"x-a", b"b\r\nset-cookie: c"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def short(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"9")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"short"})

    async def empty(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def link(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def said(port: int, sent: bytes, *, until: float = 5.0) -> bytes:
    """Send bytes; return all that comes until the server closes."""
    async with link(port) as (reader, writer):
        writer.write(sent)
        async with asyncio.timeout(until):
            return await reader.read()


def body_of(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]
