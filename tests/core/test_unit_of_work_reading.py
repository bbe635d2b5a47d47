"""The read session: one transaction of all resolvers, one journal entry of what they saw."""

import asyncio
import contextlib
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from cordee_core.access.scope import Scope
from cordee_core.clock import new_id
from cordee_core.database import read_session
from cordee_core.database.engine import CordeeEngine, fetch
from cordee_core.database.read_session import ReadSession


@pytest.fixture
def scope(cluster: Any) -> Scope:
    """The system in a tenant that nobody else uses."""
    nobody: Any = None
    return Scope(tenant=new_id(), keys=cluster.keys, host=nobody)


async def entries(engine: CordeeEngine, scope: Scope) -> list[dict[str, Any]]:
    """The tenant's journal."""
    async with engine.transaction(cordee__context=scope.signed()):
        rows = await engine.fetch("SELECT * FROM core.journal_entries ORDER BY id")
        return [dict(row) for row in rows]


async def test_a_read_session_that_reads_nothing_opens_nothing(
    engine: CordeeEngine, scope: Scope
) -> None:
    session = ReadSession(engine, scope, "cases")
    session.saw([uuid4()])
    await session.finish()
    assert await entries(engine, scope) == []


async def test_sibling_tasks_share_one_read_transaction(engine: CordeeEngine, scope: Scope) -> None:
    session, persons = ReadSession(engine, scope, "cases"), [uuid4() for _ in range(5)]

    async def resolver(number: int) -> tuple[int, int]:
        async with session.active():
            await asyncio.sleep(0)
            found = await fetch("SELECT count(*) AS n, pg_backend_pid() AS pid FROM core.plans")
            session.saw([persons[number % 5], None])
        with pytest.raises(RuntimeError, match="no tenant"):
            await engine.fetch("SELECT 1")
        return found[0]["n"], found[0]["pid"]

    found = await asyncio.gather(*map(resolver, range(20)))
    assert {count for count, _ in found} == {2}
    assert len({pid for _, pid in found}) == 1
    await session.finish()
    await session.finish()
    (entry,) = await entries(engine, scope)
    assert (entry["kind"], entry["action"]) == ("read", "cases")
    assert entry["subjects"] == sorted(persons)
    assert engine.current_transaction.get() is None


async def test_a_read_session_without_persons_is_not_journalled(
    engine: CordeeEngine, scope: Scope
) -> None:
    session = ReadSession(engine, scope, "plans")
    async with session.active():
        await fetch("SELECT code FROM core.plans")
    await session.finish()
    assert await entries(engine, scope) == []


async def test_what_was_read_before_a_query_failed_is_journalled(
    engine: CordeeEngine, scope: Scope
) -> None:
    session = ReadSession(engine, scope, "persons")
    async with session.active():
        session.saw([scope.tenant])
        with pytest.raises(asyncpg.DivisionByZeroError):
            await fetch("SELECT 1 / 0")
    await session.finish()
    (entry,) = await entries(engine, scope)
    assert entry["subjects"] == [scope.tenant]


async def test_a_cancelled_reader_leaves_the_session_usable(
    engine: CordeeEngine, scope: Scope
) -> None:
    session = ReadSession(engine, scope, "persons")

    async def hang() -> None:
        async with session.active():
            await fetch("SELECT pg_sleep(30)")

    task = asyncio.create_task(hang())
    await asyncio.sleep(0.1)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    session.saw([scope.tenant])
    await session.finish()
    assert len(await entries(engine, scope)) == 1
    assert engine.pool is not None
    assert engine.pool.get_size() == engine.pool.get_idle_size()


async def test_a_task_that_outlives_the_read_session_is_refused(
    engine: CordeeEngine, scope: Scope
) -> None:
    session, go = ReadSession(engine, scope, "persons"), asyncio.Event()

    async def late() -> None:
        await go.wait()
        await fetch("SELECT 1")

    async with session.active():
        task = asyncio.create_task(late())
        await asyncio.sleep(0)
    await session.finish()
    go.set()
    with pytest.raises(RuntimeError, match="has ended"):
        await task


async def test_a_failing_journal_refuses_the_answer(
    engine: CordeeEngine, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read that can't be recorded must not be answered; the connection comes back."""

    async def fail(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(read_session, "journal", fail)
    session = ReadSession(engine, scope, "persons")
    async with session.active():
        await fetch("SELECT 1")
        session.saw([scope.tenant])
    with pytest.raises(ConnectionError):
        await session.finish()
    assert engine.pool is not None
    assert engine.pool.get_size() == engine.pool.get_idle_size()
    assert engine.current_transaction.get() is None
