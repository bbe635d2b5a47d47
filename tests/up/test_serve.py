"""One web process answers what it has begun after SIGTERM, and takes nothing new."""

import http.client
import subprocess
import sys
import time

import pytest

from cordee_core.embedded.process import free_port

PROGRAM = """
import asyncio, sys, types

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        print("lifespan ended", flush=True)
        return await send({"type": "lifespan.shutdown.complete"})
    if scope["path"] == "/slow":
        print("begun", flush=True)
        await asyncio.sleep(1.5)
    length = [(b"content-length", b"4")]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    await send({"type": "http.response.body", "body": b"done"})

stand_in = types.ModuleType("cordee_server.app")
stand_in.build = lambda settings: app
sys.modules["cordee_server.app"] = stand_in

from cordee_core.settings import Settings
from cordee_server.serve import run
run(Settings(port=int(sys.argv[1])), workers=1)
"""


def answered(port: int) -> http.client.HTTPConnection:
    """Return a connection that has been used and stays open."""
    for _ in range(200):
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            link.request("GET", "/")
        except ConnectionRefusedError:
            time.sleep(0.05)
            continue
        assert link.getresponse().read() == b"done"
        return link
    pytest.fail("the web process does not listen")


def test_what_is_under_way_is_answered_before_the_stop() -> None:
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(port)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        idle = answered(port)
        busy = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        busy.request("GET", "/slow")
        assert process.stdout.readline() == "begun\n"
        process.terminate()
        answer = busy.getresponse()
        assert (answer.status, answer.read()) == (200, b"done")
        assert answer.getheader("server") is None
        assert process.wait(30) == 0
        assert process.stdout.read() == "lifespan ended\n"
        idle.close()
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection("127.0.0.1", port).connect()
