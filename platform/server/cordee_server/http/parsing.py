"""Requests out of the bytes of an HTTP/1.1 connection, by httptools (llhttp).

The parser is strict: a request that two servers could understand in two ways is refused (RFC 9112
§11.2), not mended.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from time import time
from typing import Any
from urllib.parse import unquote

import httptools

from cordee_server.http.exchange import Exchange, Link

MAX_HEAD = 1 << 16
"""Largest head of a request, and largest trailers, in bytes."""

Application = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass
class Place:
    """Where connections are served: the application, Hypercorn's settings and its state."""

    application: Application
    config: Any
    context: Any
    state: dict[str, Any]
    _second: int = -1
    _headers: Sequence[tuple[bytes, bytes]] = field(default_factory=tuple)

    def headers(self) -> Sequence[tuple[bytes, bytes]]:
        """Return the headers of every response; their date is made once a second."""
        second = int(time())
        if second != self._second:
            self._second, self._headers = second, tuple(self.config.response_headers("h11"))
        return self._headers


class RefusedError(Exception):
    """The head of a request is refused with `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Requests(Link, ABC):
    """What httptools calls while it reads a connection."""

    def __init__(self, place: Place, client: Any, server: Any) -> None:
        self._place, self._client, self._server = place, client, server
        self._parser: Any = httptools.HttpRequestParser(self)
        self._reading: Exchange | None = None
        self._url, self._size, self._in_head = b"", 0, False
        self._headers: list[tuple[bytes, bytes]] = []

    @abstractmethod
    def begun(self) -> None:
        """A request begins."""

    @abstractmethod
    def arrived(self, exchange: Exchange) -> None:
        """The head of a request is read."""

    @abstractmethod
    def whole(self, exchange: Exchange) -> None:
        """A request is read to its end."""

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._url, self._headers, self._size, self._in_head = b"", [], 0, True
        self.begun()

    def on_url(self, url: bytes) -> None:
        """Take a part of the target."""
        self._url += url
        self._grow(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; trailers are read over."""
        self._grow(len(name) + len(value) + 4)
        if self._in_head:
            self._headers.append((name.lower(), value.strip()))

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > MAX_HEAD:
            raise RefusedError(431)

    def on_headers_complete(self) -> None:
        """Pass the request on, whose body may follow.

        Raises:
            RefusedError: it is of no version that we speak, or has not one host.
        """
        self._in_head, self._size = False, 0
        version = self._parser.get_http_version()
        hosts = sum(name == b"host" for name, _ in self._headers)
        if version not in ("1.0", "1.1") or hosts > 1 or (version == "1.1" and not hosts):
            raise RefusedError(400)
        if self._parser.should_upgrade():
            return
        persistent = version == "1.1" and self._parser.should_keep_alive()
        exchange = Exchange(self, self._scope(version), persistent=persistent)
        self._reading = exchange
        self.arrived(exchange)

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        if self._reading is not None:
            self._reading.feed(body)

    def on_message_complete(self) -> None:
        """End the request."""
        if self._reading is not None:
            self._reading.end()
            self.whole(self._reading)
            self._reading = None

    def _scope(self, version: str) -> dict[str, Any]:
        path, _, query = self._url.partition(b"?")
        text = path.decode("ascii")
        return {
            "type": "http",
            "asgi": {"spec_version": "2.1", "version": "3.0"},
            "http_version": version,
            "method": self._parser.get_method().decode("ascii"),
            "scheme": "http",
            "path": unquote(text) if "%" in text else text,
            "raw_path": path,
            "query_string": query,
            "root_path": self._place.config.root_path,
            "headers": self._headers,
            "client": self._client,
            "server": self._server,
            "state": self._place.state.copy(),
            "extensions": {},
        }

    def head(self) -> bytes:
        """Return the head that was read last, as it may be read again."""
        version = self._parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b\r\n" % (self._parser.get_method(), self._url, version)]
        lines += [b"%b: %b\r\n" % pair for pair in self._headers]
        return b"".join(lines) + b"\r\n"
