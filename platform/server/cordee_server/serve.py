"""One web process: the application on Hypercorn and uvloop, until SIGTERM."""

import asyncio
import logging
import os
import signal
import socket
from typing import Any

import uvloop
from hypercorn.asyncio import serve
from hypercorn.config import Config

from cordee_core.logs import configure_logs
from cordee_core.settings import Settings
from cordee_server.supervisor import GRACE_SECONDS, Supervisor, claim


def run(settings: Settings, workers: int) -> None:
    """Serve on the address of `settings` with `workers` processes; one runs in this process."""
    configure_logs("web", settings.log_level)
    listener = claim(settings.host, settings.port)
    if workers == 1:
        run_on(settings, listener.detach())
    else:
        listener.set_inheritable(True)
        Supervisor(listener, workers, os.environ).run()


def run_on(settings: Settings, descriptor: int) -> None:
    """Serve on the listening socket `descriptor` until SIGTERM or SIGINT."""
    configure_logs("web", settings.log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, descriptor))


async def _serve(settings: Settings, descriptor: int) -> None:
    from cordee_server.app import build

    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    application: Any = build(settings)  # Litestar and Hypercorn name the same ASGI types apart
    await serve(application, _configuration(descriptor), shutdown_trigger=asked.wait)


def _configuration(descriptor: int) -> Config:
    config = Config()
    config.bind = [f"fd://{descriptor}"]
    config.worker_class = "uvloop"
    config.graceful_timeout = GRACE_SECONDS
    config.backlog = socket.SOMAXCONN
    config.keep_alive_timeout = 65.0  # longer than usual proxies, so that they close first
    config.websocket_ping_interval = 20.0
    config.include_server_header = False
    config.accesslog = None
    config.errorlog = logging.getLogger("hypercorn.error")
    return config
