"""Migrations of plugins: a good one gets its tables, a hostile one gets nothing and stops nobody."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from piccolo.columns import UUID

from cordee_core.database import migrate as module
from cordee_core.database.lint import lint
from cordee_core.database.migrate import migrate
from cordee_core.database.tables import DECLARED, ReferenceTable, TenantTable
from cordee_core.errors import PluginMigrationError

COLUMNS = "tenant_id uuid NOT NULL, id uuid NOT NULL, case_id uuid NOT NULL, PRIMARY KEY (tenant_id, id)"
TABLE = (
    f"CREATE TABLE {{s}}.visits ({COLUMNS}, FOREIGN KEY (tenant_id, case_id)"
    " REFERENCES core.cases (tenant_id, id)); "
)
GOOD = TABLE + "SELECT ctx.secure('{s}.visits', 'tenant'); "

HOSTILE: dict[str, tuple[str, str]] = {
    "permissive": (GOOD + "CREATE POLICY p ON {s}.visits TO cordee_app USING (true)", "L02"),
    "looser": (GOOD + "ALTER POLICY own_select ON {s}.visits USING (true)", "L02"),
    "everybody": (GOOD + "CREATE POLICY p ON {s}.visits USING (true)", "L15"),
    "unsecured": (TABLE + "GRANT SELECT ON {s}.visits TO cordee_app", "L01"),
    "unforced": (GOOD + "ALTER TABLE {s}.visits NO FORCE ROW LEVEL SECURITY", "L01"),
    "core_policy": (GOOD + "CREATE POLICY p ON core.cases TO cordee_app USING (true)", "must be owner"),
    "core_drop": (GOOD + "DROP POLICY own_select ON core.cases", "must be owner"),
    "core_grant": (GOOD + "GRANT SELECT ON core.notes TO cordee_app, PUBLIC", "permission denied"),
    "core_alter": (GOOD + "ALTER TABLE core.cases DISABLE ROW LEVEL SECURITY", "must be owner"),
    "core_trigger": (
        GOOD + "CREATE TRIGGER t BEFORE INSERT ON core.cases EXECUTE FUNCTION"
        " suppress_redundant_updates_trigger()", "permission denied",
    ),
    "core_table": (GOOD + "CREATE TABLE core.mine (id uuid)", "permission denied"),
    "public_table": (GOOD + "CREATE TABLE public.mine (id uuid)", "permission denied"),
    "other_schema": (GOOD + "CREATE SCHEMA mine", "permission denied"),
    "core_reads": (GOOD + "INSERT INTO {s}.visits SELECT tenant_id, id, id FROM core.cases", "permission denied"),
    "keys": (GOOD + "CREATE VIEW {s}.k WITH (security_invoker=true) AS SELECT * FROM ctx.keys; TABLE {s}.k", "permission denied"),
    "tokens": (GOOD + "SELECT * FROM auth.tokens", "permission denied"),
    "bare_reference": (
        GOOD + "ALTER TABLE {s}.visits ADD UNIQUE (id); ALTER TABLE {s}.visits ADD up uuid REFERENCES {s}.visits (id)",
        "L04",
    ),
    "crossed_reference": (
        GOOD + "ALTER TABLE {s}.visits ADD whose uuid, ADD FOREIGN KEY (whose, case_id) REFERENCES core.cases (tenant_id, id)",
        "L04",
    ),
    "more_references": (
        GOOD + "ALTER TABLE {s}.visits ADD FOREIGN KEY (tenant_id, case_id) REFERENCES core.notes (tenant_id, id)",
        "permission denied",
    ),
    "global_unique": (GOOD + "CREATE UNIQUE INDEX ON {s}.visits (case_id)", "L03"),
    "slow_index": (GOOD + "CREATE INDEX ON {s}.visits (case_id)", "L16"),
    "definer": (GOOD + "CREATE FUNCTION {s}.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'", "L08"),
    "matview": (GOOD + "CREATE MATERIALIZED VIEW {s}.m AS SELECT * FROM {s}.visits", "L06"),
    "view": (GOOD + "CREATE VIEW {s}.v AS SELECT * FROM {s}.visits", "L05"),
    "rule": (GOOD + "CREATE RULE r AS ON INSERT TO {s}.visits DO ALSO SELECT 1", "L17"),
    "defaults": (GOOD + "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO cordee_app", "L18"),
    "open_schema": (GOOD + "GRANT CREATE ON SCHEMA {s} TO PUBLIC", "L19"),
    "for_everybody": (GOOD + "GRANT SELECT ON {s}.visits TO PUBLIC", "L13"),
    "more_rights": (GOOD + "GRANT TRUNCATE ON {s}.visits TO cordee_app", "L13"),
    "relay_rights": (GOOD + "GRANT SELECT ON {s}.visits TO cordee_relay", "L13"),
    "sequence": (GOOD + "ALTER TABLE {s}.visits ADD n serial", "L09"),
    "float": (GOOD + "ALTER TABLE {s}.visits ADD price real", "L20"),
    "enum": (GOOD + "CREATE TYPE {s}.e AS ENUM ('a'); ALTER TABLE {s}.visits ADD e {s}.e", "L22"),
    "undeclared": (GOOD + "CREATE TABLE {s}.more (id uuid PRIMARY KEY)", "L12"),
    "nothing": ("SELECT 1", "L00 declared table is missing: visits"),
    "half": (GOOD + "CREATE TABLE {s}.broken (", "syntax error"),
    "commit": (GOOD + "COMMIT; CREATE POLICY p ON {s}.visits TO cordee_app USING (true)", "transaction"),
    "commit_first": ("COMMIT; " + GOOD + "ALTER POLICY own_select ON {s}.visits USING (true)", "transaction"),
    "commit_inside": (GOOD + "DO $$ BEGIN COMMIT; END $$", "transaction"),
    "commit_escape": (GOOD + "$$; END $$; COMMIT; DO $$ BEGIN", ""),
    "commit_procedure": (
        GOOD + "CREATE PROCEDURE {s}.p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$; CALL {s}.p()", "transaction",
    ),
    "rollback": (GOOD + "ROLLBACK", "transaction"),
    "prepared": (GOOD + "PREPARE TRANSACTION 'x'", "transaction"),
    "role_owner": (GOOD + "SET ROLE cordee_owner", "permission denied"),
    "role_auth": (GOOD + "SET ROLE cordee_auth", "permission denied"),
    "role_app": (GOOD + "SET ROLE cordee_app", "permission denied"),
    "role_reset": (GOOD + "RESET ROLE; RESET SESSION AUTHORIZATION; ALTER TABLE core.cases NO FORCE ROW LEVEL SECURITY", "must be owner"),
    "authorisation": (GOOD + "SET SESSION AUTHORIZATION cordee_migrator", "permission denied"),
    "self_power": (GOOD + "ALTER ROLE current_user BYPASSRLS", "permission denied"),
    "membership": (GOOD + "GRANT cordee_plugin_membership TO cordee_app", "permission denied"),
    "neighbour": (GOOD + "SELECT * FROM plugin_aa_good.visits", "permission denied"),
    "program": (GOOD + "COPY {s}.visits TO PROGRAM 'cat'", "permission denied"),
    "fake_catalogue": (
        GOOD + "ALTER POLICY own_select ON {s}.visits USING (true); CREATE VIEW {s}.pg_policy WITH"
        " (security_invoker=true) AS SELECT * FROM pg_catalog.pg_policy WHERE false;"
        " SET search_path = {s}, pg_catalog", "L02",
    ),
    "replica": (GOOD + "SET session_replication_role = replica", "permission denied"),
    "history": (GOOD + "INSERT INTO migrations.applied VALUES ('core', 'x', 'y')", "permission denied"),
}  # fmt: skip
GOOD_ONES = ("aa_good", "zz_good")
LEVELS = "SELECT c.oid::regclass::text, c.relacl::text FROM pg_class c WHERE c.relnamespace::regnamespace::text IN ('core', 'auth', 'ctx') ORDER BY 1"


@dataclass
class FakeHost:
    """As much of a plugin host as migrations need."""

    folder: Path
    scripts: dict[str, list[str]] = field(default_factory=dict)

    def tables(self) -> dict[str, Any]:
        """Each plugin's folder of migrations, written now."""
        found = {}
        for plugin, scripts in self.scripts.items():
            folder = self.folder / plugin
            folder.mkdir(exist_ok=True, parents=True)
            for number, script in enumerate(scripts, 1):
                text = script.replace("{s}", f"plugin_{plugin}")
                (folder / f"plugin_{plugin}_20261121_{number}_x.sql").write_text(text)
            found[plugin] = type("Tables", (), {"migrations": folder, "tables": ()})
        return found


def declare(plugin: str, base: type = TenantTable) -> None:
    """Declare the plugin's table as its package would."""

    class Visit(base, tablename="visits", schema=f"plugin_{plugin}"):  # type: ignore[misc, valid-type]
        case_id = UUID(default=None)


@pytest.fixture(scope="module", autouse=True)
def _forget_declarations() -> Iterator[None]:
    yield
    for key in [key for key in DECLARED if key[0].startswith("plugin_")]:
        del DECLARED[key]


@pytest.fixture(scope="module")
async def run(make_yard: Any, cluster: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """All hostile plugins and two good ones, first and last in order, migrated at once."""
    yard = await make_yard("trust_plugins")
    host = FakeHost(tmp_path_factory.mktemp("plugins"))
    for plugin in sorted([*HOSTILE, "reference", *GOOD_ONES]):
        declare(plugin, ReferenceTable if plugin == "reference" else TenantTable)
        host.scripts[plugin] = [HOSTILE.get(plugin, (GOOD, ""))[0]]
    host.scripts["reference"] = [TABLE + "SELECT ctx.secure('{s}.visits', 'reference')"]
    url = cluster.url("cordee_migrator", "trust_plugins")

    async def again() -> Any:
        return await migrate(url, context_keys=cluster.keys, host=host)  # type: ignore[arg-type]

    async with yard.connected(yard.superuser) as admin:
        before = await admin.fetch(LEVELS)
        report = await again()
        yield type("Run", (), {"yard": yard, "admin": admin, "report": report, "again": staticmethod(again),
                               "before": before, "host": host})  # fmt: skip


@pytest.mark.parametrize("plugin", [*HOSTILE, "reference"])
async def test_a_hostile_plugin_is_refused_and_named(run: Any, plugin: str) -> None:
    error = run.report.refused[plugin]
    reason = HOSTILE.get(plugin, ("", "L12 reference table with a tenant"))[1]
    assert isinstance(error, PluginMigrationError)
    assert (error.plugin, reason in str(error.problem)) == (plugin, True), error.problem
    made = "SELECT count(*) FROM pg_class WHERE relnamespace = $1::regnamespace"
    assert await run.admin.fetchval(made, f"plugin_{plugin}") == 0
    opened = "SELECT has_schema_privilege('cordee_app', $1, 'USAGE') OR has_schema_privilege('public', $1, 'USAGE')"
    assert await run.admin.fetchval(opened, f"plugin_{plugin}") is False
    recorded = "SELECT count(*) FROM migrations.applied WHERE app = $1"
    assert await run.admin.fetchval(recorded, f"plugin_{plugin}") == 0


async def test_nobody_else_is_concerned(run: Any) -> None:
    assert run.report.applied == [f"plugin_{plugin}_20261121_1_x.sql" for plugin in GOOD_ONES]
    assert run.report.refused.keys() == {*HOSTILE, "reference"}
    granted = {row[0]: row[1] for row in await run.admin.fetch(LEVELS)}
    for table, rights in run.before:
        if table not in ("core.persons", "core.cases", "core.members"):
            assert granted[table] == rights, table
    foreign = [one for one in await lint(run.admin) if not one.table.startswith("plugin_")]
    assert foreign == []


async def test_no_plugin_role_can_log_in_afterwards(run: Any) -> None:
    rows = await run.admin.fetch(
        "SELECT rolname, rolcanlogin, rolpassword IS NULL AS bare, rolsuper OR rolbypassrls OR rolcreaterole"
        " OR rolcreatedb OR rolreplication AS power FROM pg_authid WHERE rolname LIKE 'cordee\\_plugin\\_%'"
    )
    assert len(rows) >= len(HOSTILE) + 2
    assert {tuple(row)[1:] for row in rows} == {(False, True, False)}


async def test_a_good_plugins_table_shows_own_rows_only(run: Any) -> None:
    yard = run.yard
    insert = "INSERT INTO plugin_aa_good.visits VALUES ($1, gen_random_uuid(), $2)"
    for tenant in (yard.a, yard.b):
        async with yard.connected(yard.app, yard.context(tenant.id)) as app:
            await app.execute(insert, tenant.id, tenant.rows["core.cases"]["id"])
    async with yard.connected(yard.app, yard.context(yard.a.id)) as app:
        rows = await app.fetch("SELECT tenant_id FROM plugin_aa_good.visits")
        assert [row[0] for row in rows] == [yard.a.id]
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await app.execute(insert, yard.a.id, yard.b.rows["core.cases"]["id"])
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(insert, yard.b.id, yard.b.rows["core.cases"]["id"])
        for plugin in HOSTILE:
            with pytest.raises(asyncpg.PostgresError) as caught:
                await app.fetch(f"SELECT * FROM plugin_{plugin}.visits")
            assert caught.value.sqlstate in ("42501", "42P01")
    async with yard.connected(yard.app) as app:
        assert await app.fetch("SELECT * FROM plugin_aa_good.visits") == []


async def test_a_second_run_changes_nothing(run: Any) -> None:
    hostile = ("commit", "half", "permissive")
    run.host.scripts = {name: run.host.scripts[name] for name in (*hostile, *GOOD_ONES)}
    report = await run.again()
    assert report.applied == []
    assert report.refused.keys() == set(hostile)


async def test_a_grant_without_effect_changes_nothing(run: Any) -> None:
    """GRANT on a table to which the role may refer is a warning for PostgreSQL, and no right."""
    declare("warned")
    run.host.scripts = {"warned": [GOOD + "GRANT ALL ON core.cases TO cordee_app, PUBLIC"]}
    query = "SELECT count(*) FROM aclexplode((SELECT relacl FROM pg_class WHERE oid = 'core.cases'::regclass)) x WHERE x.grantee = 0 OR x.privilege_type = 'DELETE' AND x.grantee = 'cordee_app'::regrole"
    assert "warned" not in (await run.again()).refused
    assert await run.admin.fetchval(query) == 0


async def test_a_bad_upgrade_shuts_the_plugin_out_until_it_is_mended(run: Any) -> None:
    name, usage = "upgraded", "SELECT has_schema_privilege('cordee_app', 'plugin_upgraded', 'USAGE')"
    declare(name)
    run.host.scripts = {name: [GOOD]}
    assert (await run.again()).refused == {}
    assert await run.admin.fetchval(usage) is True
    run.host.scripts[name] = [GOOD, "ALTER POLICY own_select ON {s}.visits USING (true)"]
    assert "L02" in (await run.again()).refused[name].problem
    assert await run.admin.fetchval(usage) is False
    bad = run.host.folder / name / "plugin_upgraded_20261121_2_x.sql"
    bad.unlink()
    run.host.scripts[name] = [GOOD]
    assert (await run.again()).refused == {}
    assert await run.admin.fetchval(usage) is True
    run.host.scripts[name] = [GOOD, "ALTER TABLE {s}.visits ADD place text"]
    report = await run.again()
    assert (report.applied, report.refused) == (["plugin_upgraded_20261121_2_x.sql"], {})
    run.host.scripts[name] = [GOOD + " -- changed"]
    bad.unlink()
    assert "changed after it was applied" in str((await run.again()).refused[name])


async def test_a_runner_that_dies_after_the_commit_leaves_no_half_state(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare("killed")
    run.host.scripts = {"killed": [GOOD]}
    real = module.run_as_plugin

    async def dies(*args: Any) -> None:
        await real(*args)
        raise asyncio.CancelledError

    monkeypatch.setattr(module, "run_as_plugin", dies)
    with pytest.raises(asyncio.CancelledError):
        await run.again()
    monkeypatch.undo()
    report = await run.again()
    assert (report.applied, report.refused) == ([], {})
    usage = "SELECT has_schema_privilege('cordee_app', 'plugin_killed', 'USAGE')"
    assert await run.admin.fetchval(usage) is True


async def test_a_bad_file_name_refuses_the_plugin_alone(run: Any) -> None:
    declare("misnamed")
    run.host.scripts = {"misnamed": []}
    (run.host.folder / "misnamed").mkdir()
    (run.host.folder / "misnamed" / "core_20261121_9_x.sql").write_text("DROP TABLE core.cases")
    error = (await run.again()).refused["misnamed"]
    assert error.plugin == "misnamed"
    assert "core_20261121_9_x.sql" in str(error.problem)
