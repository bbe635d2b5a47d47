"""Puts our HTTP/1.1 connections under Hypercorn, which keeps sockets, processes and shutdown.

Hypercorn has no setting for that: the class it makes for each connection is replaced by name. Where
it has no such name any more, its own stays.
"""

import asyncio
from collections.abc import Generator
from typing import Any

import structlog
from hypercorn.asyncio import run as hypercorn_run
from hypercorn.asyncio import tcp_server
from hypercorn.utils import parse_socket_addr

from cordee_server.http.connection import Connection
from cordee_server.http.parsing import Place

_NAME = "TCPServer"
_log = structlog.get_logger("cordee.web")


class FastServer:
    """Serves one accepted connection, in place of Hypercorn's class with the same arguments."""

    def __init__(
        self,
        app: Any,
        loop: asyncio.AbstractEventLoop,
        config: Any,
        context: Any,
        state: Any,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._stock = (app, loop, config, context, state)
        self._reader, self._writer = reader, writer

    def __await__(self) -> Generator[Any, None, None]:
        return self._run().__await__()

    async def _run(self) -> None:
        if self._writer.get_extra_info("ssl_object") is not None:
            await tcp_server.TCPServer(*self._stock, self._reader, self._writer)
            return
        transport: Any = self._writer.transport
        try:
            connection = self._connection(transport)
        except OSError:  # gone before it was served
            transport.abort()
            return
        transport.set_protocol(connection)
        connection.connection_made(transport)
        self._reader.feed_eof()  # it gets nothing any more; what it has is the first that came
        try:
            data = await self._reader.read()
        except OSError:
            data = b""
        if transport.is_closing():
            connection.connection_lost(None)
        elif data:
            connection.data_received(data)
        rest = await self._served(connection)
        if rest is not None:
            await self._go_on(transport, rest)

    def _connection(self, transport: Any) -> Connection:
        app, _, config, context, state = self._stock
        socket = transport.get_extra_info("socket")
        client = parse_socket_addr(socket.family, socket.getpeername())
        server = parse_socket_addr(socket.family, socket.getsockname())

        async def application(scope: Any, receive: Any, send: Any) -> None:
            await app(scope, receive, send, _unused, _unused)

        return Connection(Place(application, config, context, state), client, server)

    async def _served(self, connection: Connection) -> bytes | None:
        """Return when the connection is over, soon after the server is to stop."""
        stopping = asyncio.ensure_future(self._stock[3].terminated.wait())
        try:
            await asyncio.wait({connection.ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not connection.ended.done():
                connection.stop()
            rest = await connection.ended
            await connection.settled()
            return rest
        except asyncio.CancelledError:
            connection.abort()
            raise
        finally:
            stopping.cancel()

    async def _go_on(self, transport: Any, data: bytes) -> None:
        """Have Hypercorn's own class go on, with the bytes that it has not seen."""
        loop = self._stock[1]
        reader = asyncio.StreamReader(loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        reader.feed_data(data)
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        transport.resume_reading()
        writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        await tcp_server.TCPServer(*self._stock, reader, writer)


def _unused(*_: Any) -> Any:
    raise RuntimeError("the application is asynchronous")


def choose(parser: str) -> None:
    """Have this process serve HTTP/1.1 by `parser`: ``fast`` or ``stock``."""
    found = getattr(hypercorn_run, _NAME, None)
    if found is None or found not in (tcp_server.TCPServer, FastServer):
        if parser == "fast":
            _log.warning("http_parser_unavailable", problem="Hypercorn is not the one we know")
        return
    setattr(hypercorn_run, _NAME, FastServer if parser == "fast" else tcp_server.TCPServer)
