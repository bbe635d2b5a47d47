"""Across processes: what one commits, another one's subscribers hear through Redis."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

from redis.asyncio import Redis

from cordee_core.access.scope import Scope
from cordee_core.database.committed import LISTENERS, tell
from cordee_graphql.wakeups import Hub
from cordee_server.streams.wakeups import RedisHub
from cordee_worker.wakeups import CHANNEL, MANY, Publisher

TIMELINE = "subscription ($case: ID!) { caseTimeline(caseId: $case) { node { seq } } }"


class Distant(RedisHub):
    """The hub of a process that commits nothing itself."""

    def tell(self, changes: Any) -> None:
        pass


async def until(happens: Callable[[], Any]) -> None:
    for _ in range(1000):
        if happens():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


async def stopped(task: asyncio.Task[None]) -> None:
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=0.5)


async def test_two_processes_hear_what_a_third_commits(
    serve: Callable[..., Any], dial: Callable[..., Any], listened: Any, redis_url: str
) -> None:
    first, second = Distant(redis_url), Distant(redis_url)
    tasks = [asyncio.create_task(one.run()) for one in (first, second)]
    redis: Redis = Redis.from_url(redis_url)
    publisher = Publisher(redis)
    LISTENERS.append(publisher)
    try:
        await until(lambda: first.reliable and second.reliable)
        async with (
            serve(first) as one,
            serve(second) as two,
            dial(one.address) as near,
            dial(two.address) as far,
        ):
            for socket in (near, far):
                await socket.init(listened.token())
                await socket.subscribe("1", TIMELINE, case=listened.gid)
            await until(lambda: first.tenants and second.tenants and not one.busy())
            await asyncio.sleep(0.2)
            number = await listened.grow()
            for socket in (near, far):
                found = (await socket.next())["payload"]["data"]["caseTimeline"]
                assert found["node"]["seq"] == number
    finally:
        LISTENERS.remove(publisher)
        await redis.aclose()
        for task in tasks:
            await stopped(task)


PROGRAM = """
import asyncio, sys
from uuid import UUID
from redis.asyncio import Redis
from cordee_core.access.context import ContextKeys
from cordee_core.access.scope import Scope
from cordee_core.cases.timeline import add_entry
from cordee_core.database.committed import LISTENERS
from cordee_core.database.engine import CordeeEngine, bind
from cordee_core.database.lint import declared_classes
from cordee_core.database.tables import DECLARED
from cordee_core.database.unit_of_work import unit_of_work
from cordee_core.plugins.host import PluginHost
from cordee_worker.wakeups import Publisher

async def main(database, redis_url, kid, key, tenant, case):
    engine, redis = CordeeEngine(database), Redis.from_url(redis_url)
    declared_classes()
    await engine.start_connection_pool(max_size=1)
    bind(engine, list(DECLARED.values()))
    publisher = Publisher(redis)
    LISTENERS.append(publisher)
    keys = ContextKeys({kid: bytes.fromhex(key)})
    scope = Scope(tenant=UUID(tenant), keys=keys, host=PluginHost())
    async with unit_of_work(engine, scope, "test"):
        await add_entry(scope, UUID(case), "note_added")
    await asyncio.gather(*publisher._pending)
    await redis.aclose()
    await engine.close_connection_pool()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_what_another_process_commits_is_heard_here(
    serve: Callable[..., Any], dial: Callable[..., Any], listened: Any, redis_url: str, cluster: Any
) -> None:
    hub = Distant(redis_url)
    task = asyncio.create_task(hub.run())
    ((kid, key),) = cluster.keys.keys.items()
    try:
        await until(lambda: hub.reliable)
        async with serve(hub) as platform, dial(platform.address) as socket:
            await socket.init(listened.token())
            await socket.subscribe("1", TIMELINE, case=listened.gid)
            await until(lambda: hub.tenants and not platform.busy())
            await asyncio.sleep(0.2)
            given = (cluster.app, redis_url, kid, key.hex())
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", PROGRAM, *given,
                str(listened.scope().tenant), str(listened.case),
            )  # fmt: skip
            assert await process.wait() == 0
            assert (await socket.next())["payload"]["data"]["caseTimeline"]["node"]["seq"]
    finally:
        await stopped(task)


async def test_a_hub_whose_redis_is_away_is_unreliable_and_goes_on(listened: Any) -> None:
    hub = RedisHub("redis://127.0.0.1:1")
    task = asyncio.create_task(hub.run())
    await asyncio.sleep(0.2)
    assert not hub.reliable
    assert not task.done()
    await stopped(task)


async def test_what_redis_does_not_take_is_told_here(listened: Any) -> None:
    hub = Hub()
    redis: Redis = Redis.from_url("redis://127.0.0.1:1")
    publisher = Publisher(redis, otherwise=hub.tell)
    scope: Scope = listened.scope()
    async with hub.listen(scope.tenant, listened.case) as ear:
        publisher(frozenset({(scope.tenant, listened.case)}))
        assert await ear.wait() == frozenset()
        assert not publisher._pending
    await redis.aclose()


async def test_a_hub_understands_ids_and_many_and_ignores_the_rest(listened: Any) -> None:
    hub, tenant = RedisHub("redis://127.0.0.1:1"), listened.scope().tenant
    channel = f"{CHANNEL}{tenant}".encode()
    async with hub.listen(tenant, None) as ear:
        hub._heard(channel, b"nonsense")
        hub._heard(b"cordee:cases:nonsense", b"*")
        hub._heard(channel, str(listened.case).encode())
        assert await ear.wait() == {listened.case}
        hub._heard(channel, MANY.encode())
        assert await ear.wait() is None


async def test_only_what_was_committed_is_told(listened: Any) -> None:
    told: list[Any] = []
    LISTENERS.append(told.append)
    try:
        await listened.grow()
        assert told == [{(listened.scope().tenant, listened.case)}]
        told.clear()
        scope = listened.scope()
        try:
            async with listened.engine.transaction(cordee__context=scope.signed()):
                from cordee_core.cases.timeline import add_entry

                await add_entry(scope, listened.case, "note_added")
                raise RuntimeError("no")
        except RuntimeError:
            pass
        assert told == []
    finally:
        LISTENERS.remove(told.append)


def test_a_listener_that_fails_disturbs_nobody(listened: Any) -> None:
    told: list[Any] = []

    def broken(changes: Any) -> None:
        raise RuntimeError("broken")

    LISTENERS[:0] = [broken, told.append]
    try:
        tell({(listened.scope().tenant, listened.case)})
    finally:
        del LISTENERS[:2]
    assert len(told) == 1
