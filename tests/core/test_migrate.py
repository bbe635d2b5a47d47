"""Migrations of the core: once, in order, one runner at a time, whole or not at all."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cordee_core.database import migrate as module
from cordee_core.database.migrate import Migration, core_migrations, migrate, read_migrations
from cordee_core.database.provision import connect, provision
from cordee_core.errors import MigrationError, UnreachableError

NO_PLUGINS: Any = SimpleNamespace(tables=dict)


@pytest.fixture
async def fresh(cluster: Any, request: pytest.FixtureRequest) -> Any:
    """The migrator's address of a database without anything, dropped at the end."""
    name = f"migrate_{abs(hash(request.node.name)) % 10**8}"
    await provision(cluster.superuser, cluster.passwords, database=name)
    yield SimpleNamespace(
        url=cluster.url("cordee_migrator", name),
        superuser=cluster.superuser_url(name),
        keys=cluster.keys,
    )
    admin = await connect(cluster.superuser)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


async def run(fresh: Any) -> Any:
    return await migrate(fresh.url, context_keys=fresh.keys, host=NO_PLUGINS)


async def ask(fresh: Any, query: str, *args: object) -> Any:
    connection = await connect(fresh.superuser)
    try:
        return await connection.fetchval(query, *args)
    finally:
        await connection.close()


async def test_a_second_run_does_nothing(fresh: Any) -> None:
    names = [migration.name for migration in core_migrations()]
    told: list[str] = []
    first = await migrate(fresh.url, context_keys=fresh.keys, host=NO_PLUGINS, progress=told.append)
    second = await run(fresh)
    assert (first.applied, told, second.applied) == (names, names, [])
    assert await ask(fresh, "SELECT count(*) FROM migrations.applied") == len(names)


async def test_of_two_runners_one_waits(fresh: Any) -> None:
    reports = await asyncio.gather(*(run(fresh) for _ in range(3)))
    assert sorted(len(report.applied) for report in reports) == [0, 0, len(core_migrations())]


async def test_a_file_that_changed_after_it_ran_is_refused(
    fresh: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await run(fresh)
    first, *rest = core_migrations()
    changed = Migration(first.app, first.name, first.sql + "\n-- a word more")
    monkeypatch.setattr(module, "core_migrations", lambda: [changed, *rest])
    with pytest.raises(MigrationError, match=f"{first.name} changed"):
        await run(fresh)


@pytest.mark.parametrize(
    "ending", ["SELECT 1 / 0", "SELEC 1", "SELECT 1; INSERT INTO core.half VALUES (NULL)"]
)
async def test_a_migration_that_fails_half_way_leaves_nothing(
    fresh: Any, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    bad = Migration(
        "core", "core_20990101_1_bad.sql", f"CREATE TABLE core.half (id uuid PRIMARY KEY); {ending}"
    )
    known = core_migrations()
    monkeypatch.setattr(module, "core_migrations", lambda: [*known, bad])
    with pytest.raises(MigrationError, match=r"core_20990101_1_bad\.sql"):
        await run(fresh)
    assert await ask(fresh, "SELECT to_regclass('core.half')") is None
    assert await ask(fresh, "SELECT count(*) FROM migrations.applied") == len(known)
    monkeypatch.undo()
    assert (await run(fresh)).applied == []


async def test_keys_that_left_the_settings_are_gone(fresh: Any) -> None:
    from cordee_core.access.context import ContextKeys

    for keys in (ContextKeys({"a": b"x" * 32, "b": b"y" * 80}), ContextKeys({"b": b"z" * 32})):
        await migrate(fresh.url, context_keys=keys, host=NO_PLUGINS)
        stored = await ask(fresh, "SELECT array_agg(kid ORDER BY kid) FROM ctx.keys")
        assert stored == sorted(keys.keys)


@pytest.mark.parametrize(
    "name",
    [
        "20261121_1_x.sql",
        "core_1_x.sql",
        "core_20261121_x.sql",
        "core_20261121_1.sql",
        "other_20261121_1_x.sql",
        "core_20261121_1_X.sql",
        "core_20261121_1_x y.sql",
    ],
)
def test_a_bad_file_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("SELECT 1")
    with pytest.raises(MigrationError, match="reads core_<date>_<n>_<name>"):
        read_migrations("core", tmp_path)


def test_files_run_in_the_order_of_date_and_number(tmp_path: Path) -> None:
    for name in (
        "core_20261121_10_j",
        "core_20261121_2_b",
        "core_20261120_7_a",
        "core_20270101_1_z",
    ):
        (tmp_path / f"{name}.sql").write_text("SELECT 1")
    (tmp_path / "README.md").write_text("not a migration")
    order = [migration.name.split("_", 1)[1] for migration in read_migrations("core", tmp_path)]
    assert order == [
        "20261120_7_a.sql",
        "20261121_2_b.sql",
        "20261121_10_j.sql",
        "20270101_1_z.sql",
    ]


async def test_a_wrong_password_is_one_line_without_it(fresh: Any) -> None:
    url = fresh.url.replace("cordee_migrator:", "cordee_migrator:wrong")
    with pytest.raises(UnreachableError) as caught:
        await migrate(url, context_keys=fresh.keys, host=NO_PLUGINS)
    assert "cordee_migrator" in str(caught.value)
    assert "wrong" not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


async def test_provisioning_twice_changes_nothing(cluster: Any, fresh: Any) -> None:
    query = "SELECT string_agg(r::text, ',' ORDER BY rolname) FROM pg_roles r"
    before = await ask(fresh, query)
    await provision(cluster.superuser, cluster.passwords, database=fresh.url.rpartition("/")[2])
    assert await ask(fresh, query) == before
