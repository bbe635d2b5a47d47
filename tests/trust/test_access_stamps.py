"""The stamp of a tenant's access: what renews it, and what holds by it."""

import asyncio
import inspect
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from cordee_core.access import queries
from cordee_core.access.tokens import digest
from cordee_core.database.opening import opening


async def test_each_table_that_the_look_up_reads_renews_the_stamp(yard: Any) -> None:
    read = set(re.findall(r"(?:FROM|JOIN) (core\.\w+)", inspect.getsource(queries)))
    assert {"core.members", "core.tenants", "core.tenant_plugins"} <= read
    async with yard.connected(yard.superuser) as admin:
        rows = await admin.fetch(
            "SELECT t.tgrelid::regclass::text AS name FROM pg_trigger t JOIN pg_proc p"
            " ON p.oid = t.tgfoid WHERE p.proname = 'renew_stamp' AND t.tgenabled = 'O'"
            " AND t.tgtype & 4 > 0 AND t.tgtype & 8 > 0 AND t.tgtype & 16 > 0 AND t.tgattr = ''"
        )
    assert read <= {row["name"] for row in rows}


async def test_the_stamp_changes_with_the_commit_and_for_its_tenant_only(yard: Any) -> None:
    stamp = "SELECT stamp FROM auth.access_stamps WHERE tenant_id = $1"
    async with yard.connected(yard.superuser) as admin:
        seen = [await admin.fetchval(stamp, one.id) for one in (yard.a, yard.b)]
        async with yard.connected(yard.app, yard.context(yard.a.id)) as app:
            transaction = app.transaction()
            await transaction.start()
            await app.execute("UPDATE core.members SET display_name = 'Other'")
            await transaction.rollback()
            assert await admin.fetchval(stamp, yard.a.id) == seen[0]
            await app.execute("UPDATE core.members SET display_name = 'Other'")
        assert await admin.fetchval(stamp, yard.a.id) != seen[0]
        assert await admin.fetchval(stamp, yard.b.id) == seen[1]


async def test_a_token_holds_with_its_own_tenants_stamp_only(yard: Any) -> None:
    known = "SELECT stamp FROM auth.access_stamps WHERE tenant_id = $1"
    store = "INSERT INTO auth.tokens VALUES ($1, $2, $3, now(), now() + $4, $5)"
    async with yard.connected(yard.superuser) as admin, yard.connected(yard.app) as app:
        stamps = [await admin.fetchval(known, one.id) for one in (yard.a, yard.b)]
        good, late, revoked = (digest(uuid4().hex) for _ in range(3))
        day, past = timedelta(days=1), datetime(2026, 1, 1, tzinfo=UTC)
        for hashed, term, end in ((good, day, None), (late, -day, None), (revoked, day, past)):
            await admin.execute(store, hashed, yard.a.id, uuid4(), term, end)

        async def holds(hashed: bytes, stamp: Any) -> str | None:
            try:
                await app.fetchval("SELECT auth.must_hold($1, $2)", hashed, stamp)
            except asyncpg.PostgresError as error:
                return error.sqlstate
            return None

        assert await holds(good, stamps[0]) is None
        for hashed, stamp in (
            (good, stamps[1]), (good, uuid4()), (good, None), (late, stamps[0]),
            (revoked, stamps[0]), (digest("nobody"), stamps[0]), (None, stamps[0]),
        ):  # fmt: skip
            assert await holds(hashed, stamp) == "CX003"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("SELECT * FROM auth.access_stamps")
        drop = "DELETE FROM auth.tokens WHERE token_hash = ANY ($1)"
        await admin.execute(drop, [good, late, revoked])


async def test_no_session_reads_the_context_that_another_one_sends(yard: Any) -> None:
    """An injected statement would look there: the text that opens a transaction holds it."""
    context = yard.context(yard.b.id)
    watch = (
        "SELECT string_agg(a::text, ' ') FROM pg_stat_activity a",
        "SELECT string_agg(pg_stat_get_backend_activity(n), '|')"
        " FROM pg_stat_get_backend_idset() n",
        "SELECT string_agg(a::text, ' ') FROM pg_stat_get_activity(NULL) a",
    )
    async with yard.connected(yard.app) as victim, yard.connected(yard.app) as injected:
        pid = str(victim.get_server_pid())
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await victim.execute("SET track_activities = on")
        text = f"{opening({'cordee.context': context})}, pg_sleep(1)"
        sending = asyncio.create_task(victim.execute(text))
        await asyncio.sleep(0.3)
        for statement in watch:
            shown = await injected.fetchval(statement)
            assert context not in shown
            assert "set_config" not in shown
        assert pid in await injected.fetchval(watch[0])
        assert not sending.done()
        await sending
        await victim.execute("ROLLBACK")
        admin_sees = "SELECT query FROM pg_stat_activity WHERE pid = $1"
        async with yard.connected(yard.superuser) as admin:
            assert not await admin.fetchval(admin_sees, int(pid))
