"""Raw SQL as the application's role: no row of another tenant is read or changed."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from cordee_core.database.lint import declared_classes
from cordee_core.database.tables import DECLARED

CLASSES = declared_classes()
TABLES = sorted(CLASSES)
FORBIDDEN_STATEMENTS = [
    line.rstrip(";")
    for line in (Path(__file__).parent / "forbidden_statements.sql").read_text("utf-8").splitlines()
    if not line.startswith("--")
]
FORBIDDEN = {"42501", "42P01", "3F000"}
"""What PostgreSQL answers to who may not: no privilege, or no such object."""


@pytest.fixture(scope="module")
async def field(make_yard: Any) -> Any:
    """A database whose rows these statements may change."""
    return await make_yard("trust_raw")


@pytest.fixture
async def app(field: Any) -> AsyncIterator[Any]:
    """The application's connection under tenant A's context."""
    async with field.connected(field.app, field.context(field.a.id)) as connection:
        yield connection


async def everything(yard: Any, tenant: Any) -> list[str]:
    """The tenant's rows in every table as text, and every row that has no tenant."""
    parts = [
        f"SELECT '{table} ' || t::text FROM {table} t"
        + (f" WHERE tenant_id = '{tenant.id}'" if "tenant_id" in columns else "")
        for table, columns in yard.columns.items()
    ]
    async with yard.connected(yard.superuser) as connection:
        return [row[0] for row in await connection.fetch(" UNION ALL ".join(parts) + " ORDER BY 1")]


async def attempt(connection: Any, statement: str) -> tuple[str | None, str]:
    """Run a statement; return the SQLSTATE, None if it went through, and all that came back."""
    try:
        if statement.startswith("COPY") and "TO STDOUT" in statement:
            chunks: list[bytes] = []

            async def keep(chunk: bytes) -> None:
                chunks.append(chunk)

            inside = re.fullmatch(r"COPY (.+) TO STDOUT", statement)
            assert inside
            await connection.copy_from_query(f"SELECT * FROM {inside[1]}", output=keep)
            return None, b"".join(chunks).decode()
        if statement.startswith(("SELECT", "EXPLAIN", "WITH", "TABLE")) or "RETURNING" in statement:
            return None, repr([dict(row) for row in await connection.fetch(statement)])
        return None, str(await connection.execute(statement))
    except asyncpg.PostgresError as error:
        return error.sqlstate, f"{error} {error.detail} {error.hint}"


def statements(table: str, yard: Any) -> list[str]:
    """Attempts on one table: read, change, take over, everything a right could be for."""
    column = next(iter(yard.columns[table]))
    theirs = f"'{yard.b.id}'"
    foreign = f"WHERE tenant_id = {theirs}" if "tenant_id" in yard.columns[table] else ""
    return [
        f"SELECT * FROM {table}",
        f"SELECT * FROM ONLY {table}",
        f"TABLE {table}",
        f"SELECT * FROM {table} {foreign}",
        f"SELECT count(*), max({column}::text) FROM {table}",
        f"SELECT * FROM {table} TABLESAMPLE SYSTEM (100)",
        f"SELECT ctid, xmin, t.* FROM {table} t",
        f"SELECT * FROM {table} {foreign} FOR UPDATE",
        f"COPY {table} TO STDOUT",
        f"EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM {table}",
        f"WITH x AS MATERIALIZED (SELECT * FROM {table}) SELECT row_to_json(x) FROM x",
        f"SELECT * FROM {table} WHERE (SELECT set_config('row_security', 'off', true)) IS NOT NULL",
        f"SELECT 1 / (CASE WHEN {column}::text = {theirs} THEN 0 ELSE 1 END) FROM {table}",
        f"DELETE FROM {table} {foreign}",
        f"DELETE FROM {table} {foreign} RETURNING *",
        f"UPDATE {table} SET {column} = {column} {foreign} RETURNING *",
        f"UPDATE {table} SET {column} = {column} RETURNING *",
        f"SELECT pg_relation_filepath('{table}'::regclass) IS NULL",
        f"SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats"
        f" WHERE schemaname || '.' || tablename = '{table}'",
        f"MERGE INTO {table} t USING (VALUES (1)) v ON true WHEN MATCHED THEN DELETE",
    ]


def takeovers(table: str, column: str) -> list[str]:
    """Attempts that must be refused whatever the context."""
    return [
        f"TRUNCATE {table}",
        f"TRUNCATE {table} CASCADE",
        f"DROP TABLE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} OWNER TO cordee_app",
        f"ALTER TABLE {table} ADD COLUMN x int",
        f"ALTER TABLE {table} RENAME TO stolen",
        f"CREATE POLICY p ON {table} USING (true)",
        f"CREATE INDEX ON {table} ({column})",
        f"DROP POLICY own_select ON {table}",
        f"CREATE RULE r AS ON SELECT TO {table} DO INSTEAD NOTHING",
        f"CREATE TRIGGER t BEFORE INSERT ON {table} EXECUTE FUNCTION"
        " suppress_redundant_updates_trigger()",
        f"CREATE TABLE ctx.mine (LIKE {table})",
        f"CREATE TEMP TABLE mine AS SELECT * FROM {table}",
        f"CREATE VIEW core.mine AS SELECT * FROM {table}",
        f"COPY {table} TO '/tmp/rows'",
        f"COPY {table} TO PROGRAM 'cat'",
    ]


@pytest.mark.parametrize("table", [name for name in TABLES if not name.startswith("migrations.")])
async def test_no_statement_reaches_the_other_tenant(field: Any, app: Any, table: str) -> None:
    hidden, before = field.b.secrets(), await everything(field, field.b)
    for statement in statements(table, field):
        state, answer = await attempt(app, statement)
        leaked = {one for one in hidden if one in answer}
        assert not leaked - {str(field.b.id)}, statement
        if str(field.b.id) in leaked:  # only where the statement itself said it
            assert str(field.b.id) in statement, statement
        if CLASSES[table] == "global":
            assert state in FORBIDDEN or "pg_stats" in statement or "filepath" in statement, (
                statement
            )
    assert await everything(field, field.b) == before


@pytest.mark.parametrize("table", TABLES)
async def test_no_table_can_be_taken_over(field: Any, app: Any, table: str) -> None:
    column = next(iter(field.columns.get(table, {"app": ""})))
    for statement in takeovers(table, column):
        state, answer = await attempt(app, statement)
        assert state in {*FORBIDDEN, "42704"}, (statement, answer)


@pytest.mark.parametrize(
    "table", [name for name, kind in CLASSES.items() if kind in ("tenant", "outbox")]
)
async def test_no_row_is_written_for_the_other_tenant(field: Any, app: Any, table: str) -> None:
    before = await everything(field, field.b)
    row = field.b.rows[table]
    names, marks = ", ".join(row), ", ".join(f"${one}" for one in range(1, len(row) + 1))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", *row.values())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING", *row.values()
        )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute(f"UPDATE {table} SET tenant_id = $1", field.b.id)
    assert await everything(field, field.b) == before


@pytest.mark.parametrize("statement", FORBIDDEN_STATEMENTS)
async def test_the_role_has_no_power(app: Any, statement: str) -> None:
    state, answer = await attempt(app, statement)
    assert state in {*FORBIDDEN, "0A000", "42704", "22023"}, answer


async def test_rights_are_not_passed_on(field: Any, app: Any) -> None:
    """A GRANT of who may not is a warning, not an error: what counts is that no right changed."""
    rights = "SELECT relname, relacl::text FROM pg_class ORDER BY oid"
    async with field.connected(field.superuser) as admin:
        before = await admin.fetch(rights)
        for table in TABLES:
            await attempt(app, f"GRANT ALL ON {table} TO cordee_app, PUBLIC")
            await attempt(app, f"GRANT SELECT ON {table} TO PUBLIC WITH GRANT OPTION")
            await attempt(app, f"REVOKE ALL ON {table} FROM cordee_owner, cordee_relay")
        await attempt(app, "GRANT ALL ON SCHEMA core, ctx, auth TO PUBLIC")
        assert await admin.fetch(rights) == before


async def test_row_security_off_is_an_error_and_no_way_around(field: Any, app: Any) -> None:
    await app.execute("SET row_security = off")
    state, answer = await attempt(app, "SELECT * FROM core.persons")
    assert state == "42501", answer
    assert "row-level security" in answer


async def test_changing_the_setting_is_no_change_of_tenant(field: Any, app: Any) -> None:
    mine = field.context(field.a.id)
    for context in (str(field.b.id), mine.replace(str(field.a.id), str(field.b.id))):
        state, answer = await attempt(
            app,
            "SELECT * FROM core.persons, (SELECT set_config('cordee.context', "
            f"'{context}', true)) s WHERE tenant_id = '{field.b.id}'",
        )
        assert state == "CX001" or answer == "[]"
        state, answer = await attempt(
            app, f"SELECT set_config('cordee.context', '{context}', false)"
        )
        assert state is None
        state, answer = await attempt(app, "SELECT * FROM core.persons")
        assert (state, answer[:7]) == ("CX001", "context")


async def test_definer_functions_act_for_the_verified_tenant_only(field: Any, app: Any) -> None:
    theirs = field.b.rows["auth.tokens"]
    async with field.connected(field.superuser) as admin:
        for table in ("tokens", "invitation_codes"):
            await admin.execute(f"UPDATE auth.{table} SET expires_at = '2099-01-01'")
    issue = "SELECT auth.issue_token($1, $2, now() + interval '1 hour')"
    for member in (theirs["member_id"], field.b.rows["core.members"]["id"]):
        digest = uuid4().bytes * 2
        await app.execute(issue, digest, member)
        found = await app.fetch("SELECT * FROM auth.authenticate($1)", digest)
        assert [row["tenant_id"] for row in found] == [field.a.id]
    before = await everything(field, field.b)
    assert await app.fetchval("SELECT auth.revoke_token($1, now())", theirs["token_hash"]) is False
    await app.execute("SELECT auth.revoke_member_tokens($1)", theirs["member_id"])
    code = field.b.rows["auth.invitation_codes"]["code_hash"]
    assert await app.fetchval("SELECT auth.consume_invitation($1)", code) is False
    assert (
        await app.fetchval("SELECT auth.claim_slug($1)", field.b.rows["auth.tenant_slugs"]["slug"])
        is False
    )
    with pytest.raises(asyncpg.UniqueViolationError):
        await app.execute(issue, theirs["token_hash"], uuid4())
    await app.execute(
        "SELECT auth.register_invitation($1, $2, now() + interval '1 hour')",
        digest,
        field.b.rows["core.invitations"]["id"],
    )
    found = await app.fetch("SELECT tenant_id FROM auth.find_invitation($1)", digest)
    assert [row["tenant_id"] for row in found] == [field.a.id]
    mine = set(await everything(field, field.a))
    assert [row for row in await everything(field, field.b) if row not in mine] == [
        row for row in before if row not in mine
    ]


async def test_the_relay_sees_ids_and_times_and_no_content(field: Any) -> None:
    async with field.connected(field.relay) as relay:
        rows = await relay.fetch("SELECT tenant_id, id, queue, due_at FROM core.outbox")
        assert {row["tenant_id"] for row in rows} == {field.a.id, field.b.id}
        for table, columns in field.columns.items():
            declared = DECLARED[tuple(table.split("."))]  # type: ignore[index]
            for column in columns:
                state, _ = await attempt(relay, f"SELECT {column} FROM {table}")
                may = {"SELECT", f"SELECT({column})"} & declared.relay_rights
                assert (state is None) == bool(may), (table, column, state)
            if table not in ("core.leases",):
                for statement in (f"INSERT INTO {table} DEFAULT VALUES", f"TRUNCATE {table}"):
                    assert (await attempt(relay, statement))[0] == "42501", statement
        for statement in (
            "UPDATE core.outbox SET payload = '{}'",
            "UPDATE core.outbox SET tenant_id = id",
            "UPDATE core.outbox SET attempts = 0",
            "DELETE FROM core.outbox",
            "SET ROLE cordee_app",
            "SELECT ctx.tenant()",
            "SELECT auth.authenticate('x')",
            "CREATE TABLE core.x (y int)",
        ):
            assert (await attempt(relay, statement))[0] in FORBIDDEN, statement
