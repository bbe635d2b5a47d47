"""One request and its response on an HTTP/1.1 connection, as ASGI applications see them."""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_TOGETHER = 1 << 16
"""Up to this size a body goes out in one piece with its head."""


class Link(Protocol):
    """What an exchange needs of its connection."""

    def write(self, *parts: bytes) -> None:
        """Send `parts`."""
        ...

    async def drained(self) -> None:
        """Wait until the client has taken most of what was sent."""
        ...

    def ask_for_more(self) -> None:
        """Read on, where reading had stopped because nobody took what came."""
        ...

    def standing_headers(self) -> Sequence[tuple[bytes, bytes]]:
        """Return the headers of every response."""
        ...


class Exchange:
    """A request whose body may still come in, and the response to it.

    `persistent` is whether the connection may stay open afterwards; it turns false for good.
    """

    __slots__ = (
        "_bodiless", "_chunked", "_continue", "_event", "_head", "_left", "_link", "_parts",
        "_told", "ahead", "complete", "ended", "gone", "persistent", "scope", "started",
    )  # fmt: skip

    def __init__(self, link: Link, scope: dict[str, Any], *, persistent: bool) -> None:
        self.scope, self.persistent = scope, persistent
        self.started = self.complete = self.ended = self.gone = False
        self.ahead = 0
        """Bytes of the body that came and were not taken yet."""
        self._link = link
        self._parts: list[bytes] = []
        self._told = self._chunked = False
        self._bodiless = scope["method"] == "HEAD"
        self._event: asyncio.Event | None = None
        self._head = b""
        self._left: int | None = None
        self._continue = scope["http_version"] == "1.1" and any(
            name == b"expect" and value.lower() == b"100-continue"
            for name, value in scope["headers"]
        )

    def feed(self, data: bytes) -> None:
        """Take a part of the request's body."""
        self._parts.append(data)
        self.ahead += len(data)
        self._wake()

    def end(self) -> None:
        """Note that the request has come to its end."""
        self.ended = True
        self._wake()

    def leave(self) -> None:
        """Note that nobody is there any more to answer to, or all has been said."""
        self.gone = True
        self._wake()

    def _wake(self) -> None:
        if self._event is not None:
            self._event.set()

    async def receive(self) -> dict[str, Any]:
        """Return what came of the request's body; at the end, wait until the client goes."""
        while not self._parts and (self._told or not self.ended):
            if self.gone:
                return {"type": "http.disconnect"}
            if self._continue and not self.started and not self.ended:
                self._link.write(CONTINUE)
            self._continue = False
            if self._event is None:
                self._event = asyncio.Event()
            self._event.clear()
            await self._event.wait()
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts.clear()
        self._told = self.ended
        if self.ahead:
            self.ahead = 0
            self._link.ask_for_more()
        # Asking for more may have brought the end, with parts that are still to be taken.
        return {"type": "http.request", "body": body, "more_body": not self._told}

    async def send(self, message: Any) -> None:
        """Send a part of the response; nothing once the client has gone.

        Raises:
            RuntimeError: the parts come in a wrong order, or the body has not the length told.
            ValueError: a header holds what would end it.
        """
        kind = message["type"]
        if kind == "http.response.start" and not self.started:
            self._start(int(message["status"]), list(message.get("headers", ())))
        elif kind == "http.response.body" and self.started and not self.complete:
            self._send_body(message.get("body", b""), more=message.get("more_body", False))
            await self._link.drained()
        elif not self.gone:
            raise RuntimeError(f"unexpected ASGI message {kind}")

    def _start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self._bodiless = self._bodiless or status in (204, 304)
        for name, value in headers:
            lower = name.lower()
            if lower == b"content-length" and not self._bodiless:
                self._left = int(value)
            elif lower == b"connection" and b"close" in value.lower():
                self.persistent = False
        said_close = any(name.lower() == b"connection" for name, _ in headers)
        if self._left is None and not self._bodiless:
            if self.scope["http_version"] == "1.1":
                self._chunked = True
                headers.append((b"transfer-encoding", b"chunked"))
            else:
                self.persistent = False
        if not self.persistent and not said_close:
            headers.append((b"connection", b"close"))
        self._head = head_of(status, [*headers, *self._link.standing_headers()])
        self.started = True

    def _send_body(self, body: bytes, *, more: bool) -> None:
        if self._bodiless:
            body = b""
        if self._left is not None:
            self._left -= len(body)
            if self._left < 0 or (self._left and not more):
                raise RuntimeError("the body has not the length that its header says")
        if self._chunked:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (
                b"" if more else b"0\r\n\r\n"
            )
        head, self._head = self._head, b""
        if head and len(body) > _TOGETHER:
            self._link.write(head, body)
        elif head or body:
            self._link.write(head + body)
        self.complete = not more


def head_of(status: int, headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Return the head of a response. Raises ValueError where a header holds the end of a line."""
    lines = [b"HTTP/1.1 %d \r\n" % status]
    lines += [b"%b: %b\r\n" % pair for pair in headers]
    head = b"".join(lines)
    if head.count(b"\n") != len(lines) or head.count(b"\r") != len(lines) or b"\0" in head:
        raise ValueError("a header holds the end of a line")
    return head + b"\r\n"
