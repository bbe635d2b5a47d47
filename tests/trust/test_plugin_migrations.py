"""Migrations of plugins: a good one gets its tables, a hostile one nothing; it stops nobody."""

import asyncio
import tomllib
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

COLUMNS = (
    "tenant_id uuid NOT NULL, id uuid NOT NULL, case_id uuid NOT NULL, PRIMARY KEY (tenant_id, id)"
)
TABLE = (
    f"CREATE TABLE {{s}}.visits ({COLUMNS}, FOREIGN KEY (tenant_id, case_id)"
    " REFERENCES core.cases (tenant_id, id)); "
)
GOOD = TABLE + "SELECT ctx.secure('{s}.visits', 'tenant'); "

HOSTILE = tomllib.loads(
    (Path(__file__).parent / "hostile_plugins.toml").read_text(encoding="utf-8")
)
GOOD_ONES = ("aa_good", "zz_good")
RIGHTS = """
SELECT c.oid::regclass::text, c.relacl::text FROM pg_class c
WHERE c.relnamespace::regnamespace::text IN ('core', 'auth', 'ctx') ORDER BY 1
"""
BEYOND = """
SELECT count(*) FROM pg_class c, aclexplode(c.relacl) x WHERE c.oid = 'core.cases'::regclass
AND (x.grantee = 0 OR x.privilege_type = 'DELETE' AND x.grantee = 'cordee_app'::regrole)
"""
OPENED = """
SELECT has_schema_privilege('cordee_app', $1, 'USAGE')
    OR has_schema_privilege('public', $1, 'USAGE')
"""
LOGINS = """
SELECT rolname, rolcanlogin, rolpassword IS NULL AS bare,
    rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication AS power
FROM pg_authid WHERE rolname LIKE 'cordee\\_plugin\\_%'
"""


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


def script(plugin: str) -> str:
    """The SQL of a plugin: that of a good one, and what a hostile one adds."""
    added = HOSTILE.get(plugin, {"sql": ""})
    before = {"table": TABLE, "nothing": "", "good": GOOD}[added.get("after", "good")]
    return before + str(added["sql"]).replace("{good}", GOOD)


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
        host.scripts[plugin] = [script(plugin)]
    host.scripts["reference"] = [TABLE + "SELECT ctx.secure('{s}.visits', 'reference')"]
    url = cluster.url("cordee_migrator", "trust_plugins")

    async def again() -> Any:
        return await migrate(url, context_keys=cluster.keys, host=host)  # type: ignore[arg-type]

    async with yard.connected(yard.superuser) as admin:
        before = await admin.fetch(RIGHTS)
        report = await again()
        yield type(
            "Run",
            (),
            {
                "yard": yard,
                "admin": admin,
                "report": report,
                "again": staticmethod(again),
                "before": before,
                "host": host,
            },
        )


@pytest.mark.parametrize("plugin", [*HOSTILE, "reference"])
async def test_a_hostile_plugin_is_refused_and_named(run: Any, plugin: str) -> None:
    error = run.report.refused[plugin]
    reference = {"says": "L12 reference table with a tenant"}
    assert isinstance(error, PluginMigrationError)
    assert error.plugin == plugin
    assert HOSTILE.get(plugin, reference)["says"] in str(error.problem)
    made = "SELECT count(*) FROM pg_class WHERE relnamespace = $1::regnamespace"
    assert await run.admin.fetchval(made, f"plugin_{plugin}") == 0
    assert await run.admin.fetchval(OPENED, f"plugin_{plugin}") is False
    recorded = "SELECT count(*) FROM migrations.applied WHERE app = $1"
    assert await run.admin.fetchval(recorded, f"plugin_{plugin}") == 0


async def test_nobody_else_is_concerned(run: Any) -> None:
    assert run.report.applied == [f"plugin_{plugin}_20261121_1_x.sql" for plugin in GOOD_ONES]
    assert run.report.refused.keys() == {*HOSTILE, "reference"}
    granted = {row[0]: row[1] for row in await run.admin.fetch(RIGHTS)}
    for table, rights in run.before:
        if table not in ("core.persons", "core.cases", "core.members"):
            assert granted[table] == rights, table
    foreign = [one for one in await lint(run.admin) if not one.table.startswith("plugin_")]
    assert foreign == []


async def test_no_plugin_role_can_log_in_afterwards(run: Any) -> None:
    rows = await run.admin.fetch(LOGINS)
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
    assert "warned" not in (await run.again()).refused
    assert await run.admin.fetchval(BEYOND) == 0


async def test_a_bad_upgrade_shuts_the_plugin_out_until_it_is_mended(run: Any) -> None:
    name, usage = (
        "upgraded",
        "SELECT has_schema_privilege('cordee_app', 'plugin_upgraded', 'USAGE')",
    )
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
