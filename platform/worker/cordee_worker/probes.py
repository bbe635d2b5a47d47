"""``/livez`` and ``/readyz`` of a background process: a small HTTP server on its main loop.

It knows GET and HEAD, answers one request per connection and reads no body: enough for a kubelet.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus

from cordee_core.errors import ConfigurationError, PortInUseError
from cordee_worker.gate import Gate

_SECONDS = 5.0
_MOST_BYTES = 8192


@dataclass(frozen=True, slots=True)
class ProbeAddress:
    """Where probes are answered."""

    host: str
    port: int


@asynccontextmanager
async def answering(gate: Gate, address: ProbeAddress | None) -> AsyncIterator[None]:
    """Answer probes at `address` meanwhile; without one, do nothing.

    Raises:
        PortInUseError: another process listens there.
        ConfigurationError: this machine has no such address, or we may not use the port.
    """
    if address is None:
        yield
        return
    server = await _listen(gate, address)
    try:
        yield
    finally:
        server.close()


async def _listen(gate: Gate, address: ProbeAddress) -> asyncio.Server:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(
            OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
        ):
            async with asyncio.timeout(_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(response(gate, head))
                await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    where = f"{address.host}:{address.port}"
    try:
        return await asyncio.start_server(answer, address.host, address.port, limit=_MOST_BYTES)
    except OSError as error:
        if "in use" in str(error):
            raise PortInUseError(
                f"{where} is in use by another process; choose another port with --probe-port"
            ) from None
        raise ConfigurationError(f"can't answer probes on {where}: {error.strerror}") from None


def response(gate: Gate, head: bytes) -> bytes:
    """Return the answer to the request that starts with `head`."""
    method, target, *_ = [*head.split(b"\r\n", 1)[0].decode("latin-1").split(" "), "", ""]
    status, body = _found(gate, method, target.partition("?")[0])
    content = json.dumps(body).encode() + b"\n"
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "content-type: application/json",
        f"content-length: {len(content)}",
        "cache-control: no-store",
        "connection: close",
    ]
    start = "\r\n".join([*lines, "", ""]).encode()
    return start if method == "HEAD" else start + content


def _found(gate: Gate, method: str, path: str) -> tuple[HTTPStatus, dict[str, object]]:
    if method not in {"GET", "HEAD"}:
        return HTTPStatus.METHOD_NOT_ALLOWED, {"status": "method not allowed"}
    if path == "/livez":
        return HTTPStatus.OK, {"status": "alive"}
    if path == "/readyz" or not gate.ready:
        return HTTPStatus.OK if gate.ready else HTTPStatus.SERVICE_UNAVAILABLE, gate.report()
    return HTTPStatus.NOT_FOUND, {"status": "not found"}
