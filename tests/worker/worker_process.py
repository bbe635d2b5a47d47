"""A worker process with the plugin of these tests; run by path, never collected.

``worker_process.py kill`` dies in the hook after its effect, ``slow`` takes a second, ``well`` is
an ordinary one; ``hang`` waits for ever, and ``block`` does so without giving way.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from cordee_core import hookimpl
from cordee_core.contracts import CaseView, Effects
from cordee_core.logs import configure_logs
from cordee_core.plugins.host import PluginHost
from cordee_core.plugins.manifest import Manifest
from cordee_core.settings import load_settings
from cordee_worker.broker import QUEUES
from cordee_worker.process import run_worker

MODE = sys.argv[1]
ENTERED = Path(sys.argv[-1])


async def block() -> None:
    time.sleep(3600)  # noqa: ASYNC251 (what a hook must not do)


WAITS = {
    "slow": lambda: asyncio.sleep(1),
    "hang": lambda: asyncio.sleep(3600),
    "block": block,
}


class Echo:
    @hookimpl
    async def cordee_case_referred(self, case: CaseView, effects: Effects) -> None:
        await effects.timeline(case.id, "echo.seen", {"en": "Seen", "fr": "Vu"})
        if MODE == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if MODE in WAITS:
            ENTERED.touch()  # noqa: ASYNC240 (a test's signal)
            await WAITS[MODE]()


host = PluginHost(isolated=False)
host.register(Manifest(name="echo", api=1, hooks=frozenset({"cordee_case_referred"})), Echo())
configure_logs("worker")
run_worker(load_settings(os.environ), host, queues=QUEUES, threads=2, drain=2)
