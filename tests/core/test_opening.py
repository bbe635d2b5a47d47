"""What opens a transaction is one text; nothing that could end a literal gets into it."""

# ruff: noqa: PT012 - the block is what is tested

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_core.access.memory import Memory, Proof
from cordee_core.database.engine import CordeeEngine
from cordee_core.database.opening import opening
from cordee_core.database.transaction import CordeeTransaction

_HARMLESS = set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.|-")


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_setting_is_harmless_or_refused(name: str, value: str) -> None:
    try:
        text = opening({name: value})
    except RuntimeError:
        return
    assert set(value) <= _HARMLESS
    assert f"set_config('{name}', '{value}', true)" in text
    assert text.count("'") == 4 + 4 * (name != "cordee.context")
    assert "\\" not in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cordee.context", "a'b"), ("cordee.context", "a\\"), ("cordee.context", "a\n"),
        ("cordee.context", "a;"), ("cordee.context", "é"), ("cordee.context", "x" * 501),
        ("cordee.context'", "a"), ("a.b.c", "a"), ("", "a"), ("A", "a"),
    ],
)  # fmt: skip
def test_what_could_end_a_literal_is_refused(name: str, value: str) -> None:
    with pytest.raises(RuntimeError):
        opening({name: value})


def test_a_proof_asks_about_a_digest_and_a_stamp() -> None:
    memory, stamp = Memory(), uuid4()
    good = opening({}, proof=Proof(memory, bytes(32), stamp), lock=-5)
    assert good.endswith(f"auth.must_hold('\\x{'00' * 32}', '{stamp}'), pg_advisory_xact_lock(-5)")
    odd: Any = "x'; SELECT 1; --"
    for digest, known in ((bytes(31), stamp), (bytes(32), odd)):
        with pytest.raises(RuntimeError):
            opening({}, proof=Proof(memory, digest, known))
    asked = Proof(memory, bytes(32), stamp)
    asked.holds = True
    assert "must_hold" not in opening({}, proof=asked)


LEFT = """
SELECT current_setting('cordee.context', true) AS context,
    (SELECT array_agg(name) FROM pg_settings WHERE source = 'session' AND name NOT IN
        ('client_encoding', 'application_name', 'DateStyle', 'IntervalStyle')) AS settings,
    (SELECT count(*) FROM pg_class WHERE relpersistence = 't'
        AND pg_table_is_visible(oid)) AS temporary,
    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks,
    (SELECT count(*) FROM pg_cursors) AS cursors,
    (SELECT count(*) FROM pg_listening_channels()) AS channels
"""


@pytest.fixture
async def single(cluster: Any) -> AsyncIterator[CordeeEngine]:
    """An engine with one connection."""
    engine = CordeeEngine(cluster.app)
    await engine.start_connection_pool(max_size=1)
    yield engine
    await asyncio.wait_for(engine.close_connection_pool(), 10)


async def left(engine: CordeeEngine) -> tuple[dict[str, Any], bool]:
    """What a connection carries that was given back, and whether a transaction is open in it."""
    pool: Any = engine.pool
    async with pool.acquire() as connection:
        within = connection.is_in_transaction()
        return dict(await connection.fetchrow(LEFT)), within


@pytest.mark.parametrize("end", ["well", "error", "failed statement", "cancelled", "savepoints"])
async def test_a_connection_that_is_given_back_carries_nothing(
    single: CordeeEngine, end: str
) -> None:
    fresh = await left(single)
    settings = {"cordee.context": "mine", "synchronous_commit": "off"}

    async def work() -> None:
        async with CordeeTransaction(single, settings, lock=7):
            await single.fetch("SELECT set_config('work_mem', '8MB', true)")
            if end == "error":
                raise ValueError
            if end == "failed statement":
                await single.fetch("SELECT 1 / 0")
            if end == "cancelled":
                await single.fetch("SELECT pg_sleep(30)")
            if end == "savepoints":
                async with single.transaction():
                    await single.fetch("SELECT set_config('work_mem', '9MB', true)")

    task = asyncio.create_task(work())
    if end == "cancelled":
        await asyncio.sleep(0.1)
        task.cancel()
    with contextlib.suppress(ValueError, asyncpg.DivisionByZeroError, asyncio.CancelledError):
        await task
    found, within = await left(single)
    assert not found.pop("context")
    assert not within
    fresh[0].pop("context")
    assert found == fresh[0]


async def test_a_failed_transaction_resets_the_session(single: CordeeEngine) -> None:
    """Where something went wrong nobody asks what it was."""
    with pytest.raises(ValueError):
        async with single.transaction():
            await single.fetch("SELECT pg_advisory_lock(11)")  # outlives its transaction
            raise ValueError
    found, _ = await left(single)
    assert found["locks"] == 0


async def test_nobody_acts_by_the_context_that_a_session_was_left_with(
    single: CordeeEngine,
) -> None:
    async with single.transaction():
        await single.fetch("SELECT set_config('cordee.context', 'mine', false)")
    async with single.transaction():
        (row,) = await single.fetch("SELECT current_setting('cordee.context') AS now")
    assert row["now"] == ""


SESSION_WIDE = re.compile(
    r"set_config\([^()]*,\s*false\s*\)|pg_(?:try_)?advisory_lock|"
    r"\"(?:LISTEN|DECLARE|PREPARE|CREATE TEMP|SET (?!LOCAL|CONSTRAINTS))"
)
OWN_CONNECTIONS = {
    "cordee_core/database/migrate.py", "cordee_core/database/roles.py",
    "cordee_graphql/planner/explain.py",
}  # fmt: skip
"""The migrator's connection, and that of a command which ends with it."""


def test_no_statement_of_ours_sets_anything_for_a_session(root: Path) -> None:
    """Connections are not reset where all went well, so nothing may outlive its transaction."""
    assert SESSION_WIDE.search("SELECT set_config('a.b', $1, false)")
    assert SESSION_WIDE.search('"SET work_mem = 1"')
    assert not SESSION_WIDE.search('"SET LOCAL work_mem = 1"')
    found = {
        "/".join(file.parts[-3:])
        for top in ("platform", "graphql", "plugins")
        for file in (root / top).rglob("cordee_*/**/*.py")
        if SESSION_WIDE.search(file.read_text("utf-8"))
    }
    assert found <= OWN_CONNECTIONS
    assert "cordee_core/database/migrate.py" in found
