"""The check before serving: a privileged role, another schema or a broken isolation refuse it."""

from typing import Any

import pytest

from cordee_core.database.roles import RELAY
from cordee_core.database.selfcheck import check
from cordee_core.errors import IsolationBrokenError, PrivilegedRoleError, SchemaVersionError


async def test_the_application_and_the_relay_may_serve(yard: Any) -> None:
    async with yard.connected(yard.app) as connection:
        assert await check(connection) == []
    async with yard.connected(yard.relay) as connection:
        assert await check(connection, RELAY) == []


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        ("superuser", "is superuser"),
        ("cordee_migrator", "belongs to another role"),
        ("cordee_migrator", "may make roles"),
        ("cordee_migrator", "is not cordee_app"),
        ("cordee_relay", "is not cordee_app"),
    ],
)
async def test_another_role_may_not(cluster: Any, yard: Any, role: str, reason: str) -> None:
    url = yard.superuser if role == "superuser" else cluster.url(role, "trust")
    async with yard.connected(url) as connection:
        (error,) = await check(connection)
    assert isinstance(error, PrivilegedRoleError)
    assert reason in str(error)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("ALTER ROLE cordee_app BYPASSRLS", "bypasses row security"),
        ("ALTER ROLE cordee_app CREATEROLE", "may make roles"),
        ("ALTER ROLE cordee_app CREATEDB", "may make databases"),
        ("ALTER ROLE cordee_app REPLICATION", "may replicate"),
        ("GRANT cordee_owner TO cordee_app", "belongs to another role"),
        ("ALTER TABLE core.notes OWNER TO cordee_app", "owns tables"),
        ("SET LOCAL row_security = off", "has row_security off"),
        ("ALTER ROLE cordee_app RESET track_activities", "shows its statements"),
    ],
)
async def test_an_application_with_more_power_may_not(
    admin: Any, statement: str, reason: str
) -> None:
    await admin.execute(statement)
    await admin.execute("SET LOCAL ROLE cordee_app")
    (error,) = await check(admin)
    assert isinstance(error, PrivilegedRoleError)
    assert reason in str(error)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DELETE FROM migrations.applied WHERE name ~ '_6_'", "too old"),
        ("DELETE FROM migrations.applied", "too old"),
        (
            "INSERT INTO migrations.applied VALUES ('core', 'core_20990101_1_new.sql', 'x')",
            "too new",
        ),
        ("DROP SCHEMA migrations CASCADE", "no migration has run"),
    ],
)
async def test_another_schema_is_not_served(admin: Any, statement: str, reason: str) -> None:
    await admin.execute(statement)
    await admin.execute("SET LOCAL ROLE cordee_app")
    (error,) = await check(admin)
    assert isinstance(error, SchemaVersionError)
    assert reason in str(error)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE core.cases NO FORCE ROW LEVEL SECURITY",
        "ALTER POLICY own_select ON core.cases USING (true)",
        "CREATE TABLE public.t (id uuid PRIMARY KEY)",
        "GRANT SELECT ON auth.tokens TO cordee_app",
        "ALTER ROLE cordee_relay BYPASSRLS",
        "CREATE SCHEMA plugin_open; GRANT USAGE ON SCHEMA plugin_open TO cordee_app;"
        " CREATE TABLE plugin_open.t (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id))",
    ],
)
async def test_a_broken_isolation_is_not_served(admin: Any, statement: str) -> None:
    await admin.execute(statement)
    await admin.execute("SET LOCAL ROLE cordee_app")
    (error,) = await check(admin)
    assert isinstance(error, IsolationBrokenError)


async def test_a_schema_that_the_application_can_not_enter_stops_nobody(admin: Any) -> None:
    """A refused plugin must not take the service down."""
    await admin.execute(
        "CREATE SCHEMA plugin_shut; CREATE TABLE plugin_shut.t (tenant_id uuid, x real)"
    )
    await admin.execute("SET LOCAL ROLE cordee_app")
    assert await check(admin) == []
