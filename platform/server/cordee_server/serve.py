"""One web process: the application on Hypercorn and uvloop, until SIGTERM."""

import asyncio
import gc
import logging
import os
import signal
import socket
from typing import Any

import uvloop
from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypercorn.protocol import ws_stream
from wsproto.extensions import PerMessageDeflate

from cordee_core.logs import configure_logs
from cordee_core.settings import Settings
from cordee_server.http.fast import choose
from cordee_server.supervisor import GRACE_SECONDS, Supervisor, claim

_GARBAGE = (20_000, 10, 10)
"""How many objects are made before garbage is looked for: a request makes about a thousand, and
leaves hardly any in cycles."""
_SETTLE_SECONDS = 0.1
"""After SIGTERM, before the listener closes: connections that the kernel has taken are accepted and
read meanwhile; closing resets those that nobody accepted."""


def run(settings: Settings, workers: int, drain_delay: float = 0.0) -> None:
    """Serve on the address of `settings` with `workers` processes; one runs in this process."""
    configure_logs("web", settings.log_level)
    listener = claim(settings.host, settings.port)
    if workers == 1:
        run_on(settings, listener.detach(), drain_delay)
    else:
        listener.set_inheritable(True)
        Supervisor(listener, workers, os.environ, drain_delay=drain_delay).run()


def run_on(settings: Settings, descriptor: int, drain_delay: float = 0.0) -> None:
    """Serve on the listening socket `descriptor` until SIGTERM or SIGINT.

    Then ``/readyz`` says 503 and all else is served for `drain_delay` seconds more; then the
    listener closes, and requests under way have `GRACE_SECONDS` to end.
    """
    configure_logs("web", settings.log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, descriptor, drain_delay))


async def _serve(settings: Settings, descriptor: int, drain_delay: float) -> None:
    from cordee_server.app import build

    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    application: Any = build(settings)  # Litestar and Hypercorn name the same ASGI types apart
    # What is there now stays: without it in the way, looking for garbage takes a tenth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)

    async def stop() -> None:
        await asked.wait()
        if (readiness := getattr(application, "readiness", None)) is not None:
            readiness.stopping = True
        await asyncio.sleep(max(drain_delay, _SETTLE_SECONDS))
        if (streams := getattr(application, "streams", None)) is not None:
            streams.ending.set()

    choose(settings.http_parser)
    configuration = _configuration(descriptor, settings.max_body_bytes)
    await serve(_closing(application, asked), configuration, shutdown_trigger=stop)


def _closing(application: Any, asked: asyncio.Event) -> Any:
    """Return `application` so that it keeps no connection open once asked to stop."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        async def closing(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start" and asked.is_set():
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            await send(message)

        persistent = scope["type"] == "http" and scope["http_version"].startswith("1")
        await application(scope, receive, closing if persistent else send)

    return wrapped


class _NeverCompressed(PerMessageDeflate):
    """Declines compression of WebSocket messages: 64 KB of a frame may inflate to 64 MB."""

    def accept(self, offer: str) -> None:
        """Decline."""


def _configuration(descriptor: int, max_message: int) -> Config:
    ws_stream.__dict__["PerMessageDeflate"] = _NeverCompressed
    config = Config()
    config.bind = [f"fd://{descriptor}"]
    config.worker_class = "uvloop"
    config.graceful_timeout = GRACE_SECONDS
    config.backlog = socket.SOMAXCONN
    config.keep_alive_timeout = 65.0  # longer than usual proxies, so that they close first
    config.websocket_ping_interval = 20.0
    config.websocket_max_message_size = max_message
    config.include_server_header = False
    config.accesslog = None
    config.errorlog = logging.getLogger("hypercorn.error")
    return config
