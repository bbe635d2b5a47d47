"""The engine: whatever fails or is cancelled, connections come back clean and blocks nest."""

# ruff: noqa: PT012 - the block is what is tested

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from cordee_core.database.engine import CordeeEngine, parse_url
from cordee_core.database.provision import connect
from cordee_core.errors import ConfigurationError
from cordee_core.tenants.tables import Plan

SCRATCH = "engine_scratch"
TABLES = """
CREATE TABLE parents (id int PRIMARY KEY);
CREATE TABLE children (id int PRIMARY KEY,
    parent int REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
GRANT ALL ON parents, children TO cordee_app;
"""
ORPHAN = "INSERT INTO children VALUES ($1, 999)"


@pytest.fixture(scope="module")
async def scratch(cluster: Any) -> str:
    """A database with a constraint that is checked at COMMIT; the application's address of it."""
    admin = await connect(cluster.superuser)
    await admin.execute(f"CREATE DATABASE {SCRATCH}")
    await admin.close()
    admin = await connect(cluster.superuser_url(SCRATCH))
    await admin.execute(TABLES)
    await admin.close()
    return str(cluster.url("cordee_app", SCRATCH))


@pytest.fixture
async def small(scratch: str) -> AsyncIterator[CordeeEngine]:
    """An engine with two connections, both free again at the end."""
    engine = CordeeEngine(scratch)
    await engine.start_connection_pool(min_size=1, max_size=2)
    async with engine.transaction():
        await engine.fetch("DELETE FROM children")
    yield engine
    assert engine.current_transaction.get() is None
    assert engine.pool is not None
    assert engine.pool.get_size() == engine.pool.get_idle_size()
    await asyncio.wait_for(engine.close_connection_pool(), 10)


async def children(engine: CordeeEngine) -> list[int]:
    async with engine.transaction():
        return [row[0] for row in await engine.fetch("SELECT id FROM children ORDER BY id")]


async def test_a_failing_commit_gives_the_connection_back(small: CordeeEngine) -> None:
    for number in range(5):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with small.transaction():
                await small.fetch(ORPHAN, number)
        assert small.current_transaction.get() is None
    assert await asyncio.wait_for(children(small), 5) == []


async def test_a_failing_begin_gives_the_connection_back(
    small: CordeeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise asyncpg.PostgresConnectionError("cut")

    with monkeypatch.context() as patch:
        patch.setattr(asyncpg.pool.PoolConnectionProxy, "execute", fail)
        for _ in range(5):
            with pytest.raises(asyncpg.PostgresConnectionError):
                async with small.transaction():
                    pytest.fail("the block must not run")
    assert await asyncio.wait_for(children(small), 5) == []


async def test_a_refused_setting_gives_the_connection_back(small: CordeeEngine) -> None:
    for _ in range(5):
        with pytest.raises(asyncpg.PostgresError):
            async with small.transaction(no_such_setting="x"):
                pytest.fail("the block must not run")
    assert await asyncio.wait_for(children(small), 5) == []


async def test_a_connection_cut_by_the_server_is_replaced(
    cluster: Any, small: CordeeEngine
) -> None:
    admin = await connect(cluster.superuser_url(SCRATCH))
    for _ in range(5):
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            async with small.transaction():
                (row,) = await small.fetch("SELECT pg_backend_pid() AS pid")
                await admin.fetchval("SELECT pg_terminate_backend($1, 5000)", row["pid"])
                await small.fetch("SELECT 1")
    await admin.close()
    assert await asyncio.wait_for(children(small), 5) == []


async def test_an_exception_rolls_back_and_passes_unchanged(small: CordeeEngine) -> None:
    boom = RuntimeError("boom")
    with pytest.raises(RuntimeError) as caught:
        async with small.transaction():
            await small.fetch("INSERT INTO children VALUES (1, NULL)")
            raise boom
    assert caught.value is boom
    assert await children(small) == []


async def test_a_nested_block_fails_alone(small: CordeeEngine) -> None:
    async with small.transaction():
        await small.fetch("INSERT INTO children VALUES (1, NULL)")
        with pytest.raises(ValueError):
            async with small.transaction():
                await small.fetch("INSERT INTO children VALUES (2, NULL)")
                raise ValueError
        with pytest.raises(asyncpg.UniqueViolationError):
            async with small.transaction():
                await small.fetch("INSERT INTO children VALUES (1, NULL)")
        async with small.transaction():
            await small.fetch("INSERT INTO children VALUES (3, NULL)")
            with pytest.raises(KeyError):
                async with small.transaction():
                    await small.fetch("INSERT INTO children VALUES (4, NULL)")
                    raise KeyError
            await small.fetch("INSERT INTO children VALUES (5, NULL)")
    assert await children(small) == [1, 3, 5]


async def test_a_failing_outer_block_takes_the_nested_ones_along(small: CordeeEngine) -> None:
    with pytest.raises(ValueError):
        async with small.transaction():
            async with small.transaction():
                await small.fetch("INSERT INTO children VALUES (1, NULL)")
            raise ValueError
    assert await children(small) == []


async def test_nested_blocks_of_sibling_tasks_take_turns(small: CordeeEngine) -> None:
    """Savepoints end in reverse order: interleaved, one would end the other."""

    async def one(number: int) -> None:
        async with small.transaction():
            await small.fetch("INSERT INTO children VALUES ($1, NULL)", number)
            await asyncio.sleep(0)
            async with small.transaction():
                await asyncio.sleep(0)
            if number % 2:
                raise ValueError

    async with small.transaction():
        done = await asyncio.gather(*map(one, range(10)), return_exceptions=True)
    assert [type(error) for error in done] == [type(None), ValueError] * 5
    assert await children(small) == [0, 2, 4, 6, 8]


async def test_a_nested_block_can_not_change_who_acts(small: CordeeEngine) -> None:
    async with small.transaction(cordee__context="outer"):
        with pytest.raises(RuntimeError, match="nested"):
            async with small.transaction(cordee__context="inner"):
                pytest.fail("the block must not run")
        (row,) = await small.fetch("SELECT current_setting('cordee.context') AS now")
    assert row["now"] == "outer"


async def test_a_setting_ends_with_its_transaction_even_where_nobody_resets(scratch: str) -> None:
    """As behind a pooler, whose connections serve others at once."""

    async def leave(_: Any) -> None:
        pass

    engine = CordeeEngine(scratch)
    await engine.start_connection_pool(max_size=1, reset=leave)
    async with engine.transaction(cordee__context="mine"):
        (row,) = await engine.fetch("SELECT current_setting('cordee.context') AS now")
        assert row["now"] == "mine"
    async with engine.transaction():
        (row,) = await engine.fetch("SELECT current_setting('cordee.context', true) AS now")
        assert not row["now"]
    await engine.close_connection_pool()


async def test_queries_of_one_transaction_may_run_at_once(small: CordeeEngine) -> None:
    async with small.transaction():
        rows = await asyncio.gather(*(small.fetch("SELECT $1::int AS n", n) for n in range(50)))
    assert [row[0]["n"] for row in rows] == list(range(50))


async def test_a_sibling_that_fails_does_not_hide_the_error_nor_cost_the_connection(
    small: CordeeEngine,
) -> None:
    async def slow() -> None:
        await small.fetch("SELECT pg_sleep(0.05)")
        await small.fetch("INSERT INTO children VALUES (1, NULL)")

    async with small.transaction():
        (before,) = await small.fetch("SELECT pg_backend_pid() AS pid")
    with pytest.raises(ValueError, match="mine"):
        async with small.transaction():
            task = asyncio.create_task(slow())
            await asyncio.sleep(0.01)
            raise ValueError("mine")
    with pytest.raises(RuntimeError, match="has ended"):
        await task
    async with small.transaction():
        (after,) = await small.fetch("SELECT pg_backend_pid() AS pid")
    assert after["pid"] == before["pid"]
    assert await children(small) == []


async def test_a_task_that_outlives_its_transaction_is_refused(small: CordeeEngine) -> None:
    go = asyncio.Event()

    async def late() -> Any:
        await go.wait()
        return await small.fetch("INSERT INTO children VALUES (7, NULL)")

    async with small.transaction():
        task = asyncio.create_task(late())
        await asyncio.sleep(0)
    go.set()
    with pytest.raises(RuntimeError, match="has ended"):
        await task
    assert await children(small) == []


async def test_a_query_outside_a_transaction_is_refused(small: CordeeEngine) -> None:
    with pytest.raises(RuntimeError, match="no tenant"):
        await small.fetch("SELECT 1")
    with pytest.raises(RuntimeError, match="migrations"):
        await small.run_ddl("CREATE TABLE x (y int)")


async def test_a_manual_rollback_is_kept(small: CordeeEngine) -> None:
    async with small.transaction() as transaction:
        await small.fetch("INSERT INTO children VALUES (1, NULL)")
        await transaction.rollback()
    assert await children(small) == []


async def test_piccolo_queries_run_in_the_active_transaction(engine: CordeeEngine) -> None:
    """JSON comes and goes as Python values; a table has no column but those it declares."""
    async with engine.transaction():
        rows = await Plan.select().order_by(Plan.code)
    assert [row["code"] for row in rows] == ["standard", "starter"]
    assert rows[1]["title"] == {"en": "Starter", "fr": "Découverte"}
    with pytest.raises(RuntimeError, match="no tenant"):
        await Plan.select()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://a:b%40c@h:5/d",
            {"host": "h", "port": 5, "user": "a", "password": "b@c", "database": "d"},
        ),
        (
            "postgres://a@h/d",
            {"host": "h", "port": 5432, "user": "a", "password": "", "database": "d"},
        ),
        (
            "postgresql://a:b@h/d?sslmode=verify-full",
            {
                "host": "h",
                "port": 5432,
                "user": "a",
                "password": "b",
                "database": "d",
                "ssl": "verify-full",
            },
        ),
    ],
)
def test_addresses_are_read(url: str, expected: dict[str, Any]) -> None:
    assert parse_url(url) == expected


@pytest.mark.parametrize(
    "url", ["mysql://a@h/d", "postgresql://a@h", "postgresql://a:s3cret@h/d?sslmod=require"]
)
def test_an_address_that_is_not_understood_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_url(url)
    assert "s3cret" not in str(caught.value)
