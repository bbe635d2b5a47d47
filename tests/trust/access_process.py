"""A process of its own that answers who acts with a token: one line in, one line out.

python access_process.py URL KID KEY
"""

import asyncio
import sys

from cordee_core.access.context import ContextKeys
from cordee_core.access.tokens import confirmed, recognise
from cordee_core.database.engine import CordeeEngine, bind, fetch
from cordee_core.database.lint import declared_classes
from cordee_core.database.read_session import ReadSession
from cordee_core.database.tables import DECLARED
from cordee_core.errors import UnauthenticatedError
from cordee_core.plugins.host import PluginHost


async def answer(engine: CordeeEngine, host: PluginHost, keys: ContextKeys, token: str) -> str:
    """Read once as the server does: by memory, and anew from the start where that was wrong."""
    before = len(engine.memory)
    for _ in range(2):
        try:
            scope = await recognise(engine, host, keys, token)
            session = ReadSession(engine, scope, "test")
            async with session.active():
                rows = await fetch("SELECT count(*) AS n FROM core.members")
            await session.finish()
        except UnauthenticatedError:
            continue
        if await confirmed(engine, scope):
            granted = ",".join(sorted(map(str, scope.permissions)))
            enabled = ",".join(sorted(scope.enabled))
            how = "looked up" if scope.proof is None else "remembered"
            return f"{how}|{rows[0]['n']}|{granted}|{enabled}|{scope.language}|{before}"
    return "401"


async def main(url: str, kid: str, key: str) -> None:
    """Answer until the input ends."""
    declared_classes()
    engine, keys = CordeeEngine(url), ContextKeys({kid: bytes.fromhex(key)})
    host = PluginHost.discover(strict=True)
    await engine.start_connection_pool(max_size=1)
    bind(engine, list(DECLARED.values()))
    while line := await asyncio.to_thread(sys.stdin.readline):
        sys.stdout.write(await answer(engine, host, keys, line.strip()) + "\n")
        sys.stdout.flush()
    await engine.close_connection_pool()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
