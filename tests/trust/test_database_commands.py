"""``cordee db provision``, ``migrate`` and ``lint`` as an operator uses them."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from cordee_core.database.commands import register
from cordee_core.database.provision import connect
from cordee_core.errors import ConfigurationError, UnreachableError

NAME = "trust_commands"


@pytest.fixture(scope="module")
def folder(cluster: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file with a password for each role."""
    found = tmp_path_factory.mktemp("passwords")
    for role, password in cluster.passwords.items():
        (found / role).write_text(f"{password}\n")
    return found


def run(cluster: Any, *arguments: str, **environ: str) -> Result:
    """Run a ``db`` command with just this environment."""
    app = typer.Typer()
    register(app)
    given = {
        "CORDEE_DATABASE_URL": cluster.url("cordee_app", NAME),
        "CORDEE_MIGRATOR_DATABASE_URL": cluster.url("cordee_migrator", NAME),
        "CORDEE_CONTEXT_KEY": f"{cluster.keys.current[0]}:{cluster.keys.current[1].hex()}",
        "PROVISION_DATABASE_URL": cluster.superuser,
        **environ,
    }
    result = CliRunner().invoke(app, ["db", *arguments], env=given)
    secrets = [*cluster.passwords.values(), cluster.superuser, cluster.keys.current[1].hex()]
    assert not [one for one in secrets if one in result.output]
    return result


def plant(cluster: Any, statement: str) -> None:
    async def work() -> None:
        connection = await connect(cluster.superuser_url(NAME))
        await connection.execute(statement)
        await connection.close()

    asyncio.run(work())


def test_provision_migrate_lint(cluster: Any, folder: Path) -> None:
    made = run(cluster, "provision", "--passwords", str(folder), "--database", NAME)
    assert (made.exit_code, NAME in made.output) == (0, True), made.output
    first, second = run(cluster, "migrate"), run(cluster, "migrate")
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "applying core_20261121_1_context.sql" in first.output
    assert "0 applied" in second.output
    assert (run(cluster, "lint").exit_code, run(cluster, "lint").output) == (0, "0 findings\n")
    plant(cluster, "ALTER TABLE core.cases NO FORCE ROW LEVEL SECURITY")
    found = run(cluster, "lint")
    assert found.exit_code == 1
    assert found.output == "L01 row security is not enabled and forced: core.cases\n1 findings\n"


def test_what_is_missing_is_named(cluster: Any, tmp_path: Path) -> None:
    nothing = run(cluster, "provision", "--passwords", str(tmp_path), "--database", NAME)
    assert isinstance(nothing.exception, ConfigurationError)
    assert "cordee_migrator" in str(nothing.exception)
    nobody = run(cluster, "provision", "--passwords", str(tmp_path), PROVISION_DATABASE_URL="")
    assert "PROVISION_DATABASE_URL" in str(nobody.exception)
    assert "CORDEE_CONTEXT_KEY" in str(run(cluster, "migrate", CORDEE_CONTEXT_KEY="").exception)


def test_a_name_that_is_no_name_is_refused(cluster: Any, folder: Path) -> None:
    made = run(
        cluster, "provision", "--passwords", str(folder), "--database", "x; DROP ROLE cordee_app"
    )
    assert isinstance(made.exception, ConfigurationError)


def test_a_server_that_does_not_answer_is_one_line(cluster: Any) -> None:
    url = "postgresql://cordee_app:s3cret@127.0.0.1:1/cordee"
    error = run(cluster, "lint", CORDEE_DATABASE_URL=url).exception
    assert isinstance(error, UnreachableError)
    assert "s3cret" not in str(error)
