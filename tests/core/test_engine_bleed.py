"""Connections of the pool never carry one tenant's context to another, whatever is cut."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from cordee_core.access.context import sign
from cordee_core.database.engine import CordeeEngine


async def test_two_hundred_tasks_cut_at_random_never_see_the_other_tenant(
    cluster: Any, engine: CordeeEngine
) -> None:
    """Random cancellation and exceptions at every await; then every connection is clean."""
    chance, tenants = random.Random(20261121), (uuid4(), uuid4())
    pool_engine = CordeeEngine(cluster.app)
    await pool_engine.start_connection_pool(min_size=1, max_size=6)
    committed: set[UUID] = set()
    wrong: list[object] = []

    def context(tenant: UUID) -> str:
        expires = datetime.now(UTC) + timedelta(minutes=5)
        return sign(cluster.keys, tenant=tenant, member=None, purpose="test", expires=expires)

    async def leftover() -> None:
        async with pool_engine.transaction():
            (row,) = await pool_engine.fetch(
                "SELECT coalesce(current_setting('cordee.context', true), '') AS context,"
                " (SELECT count(*) FROM core.teams) AS rows"
            )
            if row["context"] or row["rows"]:
                wrong.append(dict(row))

    async def work(tenant: UUID, dice: random.Random) -> None:
        await leftover()
        async with pool_engine.transaction(cordee__context=context(tenant)):
            mine = uuid4()
            await pool_engine.fetch(
                "INSERT INTO core.teams (tenant_id, id, name, created_at)"
                " VALUES ($1, $2, $3, now())",
                tenant,
                mine,
                mine.hex,
            )
            if dice.random() < 0.3:  # as an injection would: for the session, not the transaction
                await pool_engine.fetch(
                    "SELECT set_config('cordee.context', $1, false)", context(tenant)
                )
            if dice.random() < 0.3:
                async with pool_engine.transaction():
                    await pool_engine.fetch("SELECT pg_sleep($1)", dice.random() / 100)
                    if dice.random() < 0.3:
                        raise ValueError
            if dice.random() < 0.2:
                await pool_engine.fetch("SELECT 1 / 0")
            seen = await pool_engine.fetch("SELECT DISTINCT tenant_id FROM core.teams")
            if [row["tenant_id"] for row in seen] != [tenant]:
                wrong.append(seen)
        committed.add(mine)
        await leftover()

    async def cut(task: asyncio.Task[None], after: float) -> None:
        await asyncio.sleep(after)
        task.cancel()

    tasks = [
        asyncio.create_task(work(tenants[n % 2], random.Random(chance.random())))
        for n in range(200)
    ]
    cuts = [
        asyncio.create_task(cut(task, chance.random())) for task in tasks if chance.random() < 0.5
    ]
    outcomes = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 60)
    await asyncio.gather(*cuts)
    kinds = {type(one) for one in outcomes}
    assert kinds == {type(None), asyncio.CancelledError, ValueError, asyncpg.DivisionByZeroError}, (
        outcomes
    )
    assert wrong == []
    assert pool_engine.pool is not None
    assert pool_engine.pool.get_size() == pool_engine.pool.get_idle_size()
    for tenant in tenants:
        async with pool_engine.transaction(cordee__context=context(tenant)):
            stored = {row["id"] for row in await pool_engine.fetch("SELECT id FROM core.teams")}
        committed -= stored
    assert committed == set(), "said to be committed, but not there"
    await asyncio.wait_for(pool_engine.close_connection_pool(), 10)
