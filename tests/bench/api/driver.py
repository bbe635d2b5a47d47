"""A load generator: a few kept connections, each with one request under way, bytes made before."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast


class BadAnswerError(Exception):
    """An answer was no success: the figures would mean nothing."""


def request(port: int, token: str, body: bytes) -> bytes:
    """Return the bytes of one POST to ``/graphql``."""
    head = (
        f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {token}\r\n"
        "content-type: application/json\r\naccept: application/json\r\naccept-language: fr\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass
class Run:
    """What one stretch of load did."""

    requests: int = 0
    seconds: float = 0.0
    size: int = 0
    latencies: list[float] = field(default_factory=list)


class _Link(asyncio.Protocol):
    """One connection: sends the next request when the last was answered, until the time is over."""

    def __init__(self, source: Iterator[bytes], until: float, run: Run) -> None:
        self._source, self._until, self._run = source, until, run
        self._buffer = bytearray()
        self._need = 0
        self._sent = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(BadAnswerError(f"the connection was closed: {exc}"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._need and not self._read_head():
            return
        if len(self._buffer) >= self._need:
            self._answered()

    def _read_head(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self._buffer[:end]).lower()
        place = head.find(b"content-length:")
        if not head.startswith(b"http/1.1 200") or place < 0:
            self._fail(bytes(self._buffer[: end + 600]))
            return False
        length = head[place + 15 :].partition(b"\r\n")[0]
        self._need = end + 4 + int(length)
        return True

    def _answered(self) -> None:
        answer = bytes(self._buffer[: self._need])
        if b'"errors":' in answer:
            self._fail(answer[:1500])
            return
        run = self._run
        run.requests += 1
        run.size += self._need
        run.latencies.append(time.perf_counter() - self._sent)
        del self._buffer[: self._need]
        self._need = 0
        self._next()

    def _next(self) -> None:
        now = time.perf_counter()
        if now >= self._until:
            if not self.done.done():
                self.done.set_result(None)
            self._transport.close()
            return
        self._sent = now
        self._transport.write(next(self._source))

    def _fail(self, answer: bytes) -> None:
        if not self.done.done():
            self.done.set_exception(BadAnswerError(answer.decode("utf-8", "replace")))
        self._transport.close()


async def drive(port: int, requests: Iterator[bytes], seconds: float, connections: int = 8) -> Run:
    """Ask one request after the other for `seconds`; every answer must be a success.

    Raises:
        BadAnswerError: one was not, or a connection was closed.
    """
    run = Run()
    began = time.perf_counter()
    loop = asyncio.get_running_loop()
    links = []
    for _ in range(connections):
        _, link = await loop.create_connection(
            lambda: _Link(requests, began + seconds, run), "127.0.0.1", port
        )
        links.append(link)
    await asyncio.gather(*(link.done for link in links))
    run.seconds = time.perf_counter() - began
    return run


async def ask(port: int, sent: bytes) -> bytes:
    """Send one request and return the body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        return await reader.readexactly(length)
    finally:
        writer.close()
