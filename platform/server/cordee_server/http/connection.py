"""An HTTP/1.1 connection (RFC 9112) that httptools parses.

Requests are answered one after the other, in the order in which they came. Reading stops while a
body that nobody takes or further requests wait, so a connection holds little. What this class does
not speak, HTTP/2 and WebSocket, goes on with Hypercorn's own: `Connection.ended` gives the bytes.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any

import httptools

from cordee_server.http.exchange import Exchange, head_of
from cordee_server.http.parsing import Place, RefusedError, Requests

HEAD_SECONDS = 10.0
"""Longest time for the head of a request."""
_AHEAD = 1 << 16
"""Bytes of a body that may wait to be taken; then reading stops."""
_WAITING = 16
"""Requests that may wait on one connection; then parsing stops."""
_SLICE = 1 << 14
_TICK = 5.0
_PREFACE = b"PRI "


class Connection(Requests, asyncio.Protocol):
    """One connection. `ended` is done when it is over: with bytes where another class goes on."""

    def __init__(self, place: Place, client: Any, server: Any) -> None:
        super().__init__(place, client, server)
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[bytes | None] = self._loop.create_future()
        self._queue: deque[Exchange] = deque()
        self._task: asyncio.Task[None] | None = None
        self._unfed = b""
        self._fresh = True
        self._deaf = self._stopping = self._paused = False
        self._refusal = 0
        self._handing: bytes | None = None
        self._answered = 0
        self._writable: asyncio.Event | None = None
        self._due = self._loop.time() + place.config.keep_alive_timeout
        self._timer = self._loop.call_later(_TICK, self._tick)

    # -- the transport's side

    def connection_made(self, transport: Any) -> None:
        """Start on a transport."""
        self._transport: asyncio.Transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Let everybody know that the client has gone."""
        self._timer.cancel()
        for exchange in self._queue:
            exchange.leave()
        self.resume_writing()
        self._finish(None)

    def data_received(self, data: bytes) -> None:
        """Parse what came, as far as there is room for it."""
        if self._handing is not None:
            self._handing += data
        elif not self._deaf:
            self._unfed = self._unfed + data if self._unfed else data
            self._feed()

    def pause_writing(self) -> None:
        """Have senders wait."""
        self._writable = asyncio.Event()

    def resume_writing(self) -> None:
        """Let senders go on."""
        if self._writable is not None:
            self._writable.set()
            self._writable = None

    def begun(self) -> None:
        """Expect the rest of a request's head soon."""
        if not self._queue:
            self._due = self._loop.time() + HEAD_SECONDS

    def arrived(self, exchange: Exchange) -> None:
        """Begin to answer, or wait for the requests before it to be answered."""
        self._queue.append(exchange)
        if self._task is None:
            self._start()

    def whole(self, exchange: Exchange) -> None:
        """Read no further where this was the last request."""
        self._deaf = self._deaf or not exchange.persistent

    # -- answering

    def _feed(self) -> None:
        if self._fresh and self._unfed.startswith(_PREFACE):
            self._hand_over(self._unfed)
            return
        self._fresh = False
        while self._unfed and not self._deaf and self._has_room:
            part, self._unfed = self._unfed[:_SLICE], self._unfed[_SLICE:]
            try:
                self._parser.feed_data(part)
            except httptools.HttpParserUpgrade as upgrade:
                self._hand_over(self.head() + part[upgrade.args[0] :] + self._unfed)
            except httptools.HttpParserError as error:
                self._refuse(error)
        self._regulate()

    @property
    def _has_room(self) -> bool:
        if self._reading is not None:
            return self._reading.ahead < _AHEAD
        return len(self._queue) < _WAITING

    def _regulate(self) -> None:
        """Read from the client only what there is room for."""
        full = bool(self._unfed) or not self._has_room or len(self._queue) > 1
        if full != self._paused and not self._transport.is_closing():
            self._paused = full
            (self._transport.pause_reading if full else self._transport.resume_reading)()

    def _start(self) -> None:
        """Answer the request that came first."""
        self._due = float("inf")
        self._task = self._loop.create_task(self._answer(self._queue[0]))

    async def _answer(self, exchange: Exchange) -> None:
        config = self._place.config
        try:
            await self._place.context.mark_request()
            self._answered += 1
            if self._answered > config.keep_alive_max_requests:
                exchange.persistent = False
            await self._place.application(exchange.scope, exchange.receive, exchange.send)
        except Exception:
            await config.log.exception("Error in ASGI Framework")
        self._done(exchange)

    def _done(self, exchange: Exchange) -> None:
        """Go on after a response: with the next request, or not at all."""
        self._task = None
        self._queue.popleft()
        exchange.leave()
        if self._transport.is_closing():
            return
        if not exchange.started:
            self._end_with(500)
        elif not exchange.complete:
            self._transport.abort()
        elif self._stopping or not (exchange.persistent and exchange.ended):
            self._transport.close()
        elif self._queue:
            self._start()
            self._feed()
        elif self._refusal:
            self._end_with(self._refusal)
        elif self._handing is not None:
            self._finish(self._handing)
        else:
            wait = HEAD_SECONDS if self._in_head else self._place.config.keep_alive_timeout
            self._due = self._loop.time() + wait
            self._feed()

    def _refuse(self, error: Exception) -> None:
        """Answer what came before, then say that this is no request of ours."""
        if self._deaf:  # what follows a last request is nobody's concern
            return
        self._deaf = True
        cause = error.__context__
        self._refusal = cause.status if isinstance(cause, RefusedError) else 400
        broken, self._reading = self._reading, None
        if broken is not None and broken is self._queue[0] and not broken.started:
            broken.leave()
            self._end_with(self._refusal)
        elif broken is not None:
            broken.persistent = False
            broken.leave()
        elif not self._queue:
            self._end_with(self._refusal)

    def _end_with(self, status: int) -> None:
        if not self._transport.is_closing():
            said = [(b"content-length", b"0"), (b"connection", b"close")]
            self.write(head_of(status, [*said, *self._place.headers()]))
            self._transport.close()

    def _hand_over(self, data: bytes) -> None:
        self._handing, self._unfed, self._deaf = data, b"", True
        if not self._queue:
            self._finish(data)

    def _finish(self, data: bytes | None) -> None:
        self._timer.cancel()
        if not self.ended.done():
            self.ended.set_result(data)

    def _tick(self) -> None:
        """Close the connection of a client that is silent, or slow with the head of a request."""
        if self._loop.time() < self._due:
            self._timer = self._loop.call_later(_TICK, self._tick)
        else:
            self._transport.close()

    # -- for the exchanges and the server

    def write(self, *parts: bytes) -> None:
        """Send `parts`; nothing once the connection is closing."""
        if not self._transport.is_closing():
            for part in parts:
                self._transport.write(part)

    async def drained(self) -> None:
        """Wait until the client has taken most of what was sent."""
        if self._writable is not None:
            await self._writable.wait()

    def ask_for_more(self) -> None:
        """Read on where reading had stopped."""
        if self._unfed or self._paused:
            self._feed()

    def standing_headers(self) -> Sequence[tuple[bytes, bytes]]:
        """Return the headers of every response."""
        return self._place.headers()

    def stop(self) -> None:
        """Close after the response under way; at once where there is none."""
        self._stopping = True
        if not self._queue:
            self._transport.close()

    async def settled(self) -> None:
        """Wait until nothing works on a request any more; the client may have gone before."""
        while self._task is not None and not self._task.done():
            await asyncio.wait({self._task})

    def abort(self) -> None:
        """End without waiting for anything."""
        if self._task is not None:
            self._task.cancel()
        self._transport.abort()
