"""The signed context: only what this installation signed opens rows, and only its tenant's."""

import random
import secrets
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from cordee_core.access.context import ContextKeys
from cordee_core.database.migrate import migrate
from cordee_core.settings import load_settings

EXPIRY = datetime.now(UTC) + timedelta(hours=1)


async def outcome(connection: Any, context: str) -> str:
    """What the application sees with `context`: an error's SQLSTATE, or its number of rows."""
    try:
        async with connection.transaction():
            await connection.fetchval("SELECT set_config('cordee.context', $1, true)", context)
            return f"{await connection.fetchval('SELECT count(*) FROM core.persons')} rows"
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)


async def test_a_signed_context_opens_its_own_tenant_only(yard: Any) -> None:
    async with yard.connected(yard.app, yard.context(yard.a.id)) as connection:
        rows = await connection.fetch("SELECT tenant_id FROM core.persons")
    assert [row["tenant_id"] for row in rows] == [yard.a.id]


async def test_every_altered_character_is_refused(yard: Any) -> None:
    good = yard.context(yard.a.id, member=uuid4(), expires=EXPIRY)
    async with yard.connected(yard.app) as connection:
        assert await outcome(connection, good) == "1 rows"
        for place, was in enumerate(good):
            wrong = "0" if was != "0" else "1"
            assert await outcome(connection, good[:place] + wrong + good[place + 1 :]) == "CX001", (
                place
            )


async def test_made_up_contexts_are_refused(yard: Any) -> None:
    good = yard.context(yard.a.id, expires=EXPIRY)
    tenant, member, purpose, expiry, kid, mac = good.split("|")
    stranger = ContextKeys({"k1": secrets.token_bytes(32)})
    noise = random.Random(7)
    forged = [
        yard.context(yard.a.id, keys=stranger),
        yard.context(yard.a.id, keys=ContextKeys({"other": yard.keys.current[1]})),
        f"{yard.b.id}|{member}|{purpose}|{expiry}|{kid}|{mac}",
        f"{tenant}|{member}|{purpose}|{int(expiry) + 60}|{kid}|{mac}",
        f"{tenant}|{yard.b.id}|{purpose}|{expiry}|{kid}|{mac}",
        f"{tenant}|{member}|{purpose}|{expiry}||{mac}",
        f"{tenant}|{member}|{purpose}|{expiry}|{kid}|",
        f"{good}|",
        f"|{good}",
        f" {good}",
        f"{good}\n",
        f"{tenant}|{member}|{purpose}|{expiry}|{kid}|{mac.upper()}",
        tenant,
        str(yard.b.id),
        "|||||",
        "x",
        *(good[:length] for length in range(1, len(good), 7)),
        *(
            "".join(chr(noise.randrange(1, 0x250)) for _ in range(noise.randrange(1, 200)))
            for _ in range(100)
        ),
    ]
    async with yard.connected(yard.app) as connection:
        for context in forged:
            assert await outcome(connection, context) == "CX001", context
        assert await outcome(connection, good) == "1 rows"


async def test_an_expired_context_is_told_apart(yard: Any) -> None:
    async with yard.connected(yard.app) as connection:
        for ago in (timedelta(), timedelta(seconds=1), timedelta(days=365)):
            context = yard.context(yard.a.id, expires=datetime.now(UTC) - ago)
            assert await outcome(connection, context) == "CX002"


async def test_a_context_can_expire_in_the_middle_of_a_transaction(yard: Any) -> None:
    context = yard.context(yard.a.id, expires=datetime.now(UTC) + timedelta(seconds=2))
    async with yard.connected(yard.app, context) as connection, connection.transaction():
        assert await connection.fetchval("SELECT count(*) FROM core.persons") == 1
        await connection.fetchval("SELECT pg_sleep(2.1)")
        with pytest.raises(asyncpg.PostgresError) as caught:
            await connection.fetchval("SELECT count(*) FROM core.persons")
    assert caught.value.sqlstate == "CX002"


@pytest.mark.parametrize("context", [None, ""])
async def test_without_a_context_nothing_is_read_or_written(yard: Any, context: str | None) -> None:
    async with yard.connected(yard.app, context) as connection:
        for table, columns in yard.columns.items():
            if "tenant_id" in columns and table.startswith("core."):
                assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0, table
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await connection.execute(
                "INSERT INTO core.teams (tenant_id, id, name, created_at)"
                " VALUES ($1, $2, 'x', now())",
                yard.a.id,
                uuid4(),
            )
        for call in (
            "auth.issue_token(sha256('a'), gen_random_uuid(), now() + interval '1 day')",
            "auth.register_invitation(sha256('a'), gen_random_uuid(), now() + interval '1 day')",
            "auth.account_for('somebody@example.org', gen_random_uuid())",
            "auth.claim_slug('free-slug')",
        ):
            with pytest.raises(asyncpg.PostgresError):
                await connection.fetch(f"SELECT {call}")
        assert await connection.fetchval("SELECT auth.revoke_token(sha256('a'), now())") is False


async def test_a_retired_key_stops_and_a_new_one_verifies(make_yard: Any, cluster: Any) -> None:
    yard = await make_yard("trust_keys")
    first, second = yard.keys, ContextKeys({"k2": secrets.token_bytes(100)})
    both = ContextKeys({**first.keys, **second.keys})
    seen = []
    async with yard.connected(yard.app) as connection:
        for stored in (first, both, second, first):
            await migrate(
                cluster.url("cordee_migrator", "trust_keys"),
                context_keys=stored,
                host=SimpleNamespace(tables=dict),  # type: ignore[arg-type]
            )
            seen.append(
                [
                    await outcome(connection, yard.context(yard.a.id, keys=one))
                    for one in (first, second)
                ]
            )
    assert seen == [
        ["1 rows", "CX001"],
        ["1 rows", "1 rows"],
        ["CX001", "1 rows"],
        ["1 rows", "CX001"],
    ]


def test_the_last_key_of_the_settings_signs() -> None:
    given = load_settings({"CORDEE_CONTEXT_KEY": f"old:{'a' * 64},new:{'b' * 64}"})
    assert ContextKeys(given.context_keys).current[0] == "new"


async def test_another_tenants_id_is_the_same_as_an_absent_one(yard: Any) -> None:
    """A foreign key tells nothing of rows that the tenant can't see."""
    probed = 0
    async with yard.connected(yard.superuser) as connection:
        for key in yard.foreign_keys:
            pointing = [column for column in key.here if column != "tenant_id"]
            if "tenant_id" not in key.here or not pointing or key.table == "core.shares":
                continue
            for checked in (True, False):
                where = (key.table, pointing[0])
                theirs = await refusal(connection, yard, where, key.target, checked=checked)
                absent = await refusal(connection, yard, where, None, checked=checked)
                assert theirs == absent, key
                if "violates check constraint" not in theirs:
                    break
            assert "violates foreign key constraint" in theirs, key
            probed += 1
    assert probed >= 20


async def refusal(
    connection: Any, yard: Any, where: tuple[str, str], target: str | None, *, checked: bool
) -> str:
    """What the application is told when its row points to the other tenant's row, or to nothing.

    A check of the row alone may answer before the key does; without `checked` there is none.
    """
    table, column = where
    other = yard.b.rows[target]["id"] if target else uuid4()
    row = {**yard.a.rows[table], column: other}
    names, marks = ", ".join(row), ", ".join(f"${one}" for one in range(1, len(row) + 1))
    transaction = connection.transaction()
    await transaction.start()
    try:
        for name in [] if checked else await checks_of(connection, table):
            await connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        # Without triggers, so that the row can go whatever refers to it.
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(f"DELETE FROM {table} WHERE tenant_id = $1", yard.a.id)
        await connection.execute("SET LOCAL session_replication_role = origin")
        await connection.fetchval(
            "SELECT set_config('cordee.context', $1, true)", yard.context(yard.a.id)
        )
        await connection.execute("SET LOCAL ROLE cordee_app")
        await connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", *row.values())
        await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except asyncpg.PostgresError as error:
        return f"{error.sqlstate} {error} {error.detail}".replace(str(other), "<id>")
    finally:
        await transaction.rollback()
    raise AssertionError(f"{table}.{column} accepted an id of another tenant or of nobody")


async def checks_of(connection: Any, table: str) -> list[str]:
    """The names of the check constraints of a table."""
    rows = await connection.fetch(
        "SELECT conname FROM pg_constraint WHERE conrelid = $1::text::regclass AND contype = 'c'",
        table,
    )
    return [row["conname"] for row in rows]


async def test_unique_values_of_another_tenant_are_free(yard: Any) -> None:
    """The same person number and id can be used by two tenants: no error tells that they exist."""
    person = {**yard.b.rows["core.persons"], "tenant_id": yard.a.id}
    names, marks = ", ".join(person), ", ".join(f"${one}" for one in range(1, len(person) + 1))
    async with yard.connected(yard.app, yard.context(yard.a.id)) as connection:
        transaction = connection.transaction()
        await transaction.start()
        tag = await connection.execute(
            f"INSERT INTO core.persons ({names}) VALUES ({marks})", *person.values()
        )
        await transaction.rollback()
    assert tag == "INSERT 0 1"
