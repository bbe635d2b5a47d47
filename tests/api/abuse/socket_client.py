"""A WebSocket client that shows what the server does."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)

SECONDS = 20.0
"""Longest wait for what must come."""


@dataclass
class Socket:
    """A WebSocket client that shows what the server does."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    connection: WSConnection
    status: int = 0
    subprotocol: str | None = None
    closed: tuple[int, str] | None = None
    waiting: list[dict[str, Any]] = field(default_factory=list)
    extensions: list[Any] = field(default_factory=list)

    async def send(self, **message: Any) -> None:
        await self.send_text(json.dumps(message))

    async def send_text(self, text: str) -> None:
        self.writer.write(self.connection.send(TextMessage(text)))
        await self.writer.drain()

    async def step(self) -> bool:
        """Take in what the server sends next; False once the connection is over."""
        data = await self.reader.read(65536)
        self.connection.receive_data(data or None)
        for event in self.connection.events():
            if isinstance(event, AcceptConnection):
                self.status, self.subprotocol = 101, event.subprotocol
                self.extensions = list(event.extensions)
            elif isinstance(event, RejectConnection):
                self.status = event.status_code
            elif isinstance(event, TextMessage):
                self.waiting.append(json.loads(event.data))
            elif isinstance(event, Ping):
                self.writer.write(self.connection.send(event.response()))
            elif isinstance(event, CloseConnection):
                self.closed = (event.code, event.reason or "")
        return bool(data) and self.closed is None

    async def next(self) -> dict[str, Any]:
        """Return the next message."""
        async with asyncio.timeout(SECONDS):
            while not self.waiting:
                assert await self.step(), f"the connection ended: {self.closed}"
        return self.waiting.pop(0)

    async def end(self) -> tuple[int, str] | None:
        """Return code and reason with which the server closes the connection."""
        async with asyncio.timeout(SECONDS):
            while await self.step():
                pass
        return self.closed

    async def init(self, token: str, **payload: Any) -> None:
        await self.send(
            type="connection_init", payload={"Authorization": f"Bearer {token}", **payload}
        )
        assert (await self.next())["type"] == "connection_ack"

    async def subscribe(self, name: str, query: str, **variables: Any) -> None:
        await self.send(type="subscribe", id=name, payload={"query": query, "variables": variables})

    def vanish(self) -> None:
        """Cut the line without a word."""
        self.writer.transport.abort()


@asynccontextmanager
async def dialled(
    address: str,
    *,
    subprotocols: Sequence[str] = ("graphql-transport-ws",),
    extensions: Sequence[Any] = (),
    buffer: int | None = None,
    **headers: str,
) -> AsyncIterator[Socket]:
    """Connect to the endpoint of `address`; the kernel takes in `buffer` bytes at most."""
    parts = urlsplit(address)
    line = socket.socket()
    if buffer is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    line.setblocking(False)
    await asyncio.get_running_loop().sock_connect(line, (parts.hostname, parts.port))
    reader, writer = await asyncio.open_connection(sock=line)
    connection = WSConnection(ConnectionType.CLIENT)
    extra = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    request = Request(
        host=parts.netloc, target="/graphql", subprotocols=list(subprotocols),
        extensions=list(extensions), extra_headers=extra,
    )  # fmt: skip
    writer.write(connection.send(request))
    found = Socket(reader, writer, connection)
    try:
        async with asyncio.timeout(SECONDS):
            while not found.status and await found.step():
                pass
        yield found
    finally:
        writer.transport.abort()
