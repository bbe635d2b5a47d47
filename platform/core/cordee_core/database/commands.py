"""Commands about the database: ``cordee db migrate``, ``lint`` and ``provision``."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cordee_core.errors import ConfigurationError, MigrationError


def register(app: typer.Typer) -> None:
    """Add the ``db`` commands."""
    group = typer.Typer(help="Schema, roles and isolation of the database.", no_args_is_help=True)
    group.command("migrate")(migrate_command)
    group.command("lint")(lint_command)
    group.command("provision")(provision_command)
    app.add_typer(group, name="db")


def migrate_command() -> None:
    """Bring the schema up to date, the core's and each plugin's, as the migrator.

    Needs CORDEE_MIGRATOR_DATABASE_URL and CORDEE_CONTEXT_KEY, whose keys the database verifies
    afterwards. Running it again changes nothing; where another migration runs, it waits for that.

    A plugin that is refused, or that CORDEE_REQUIRED_PLUGINS names and nobody installed, is named
    and the status is 1; the core and the other plugins are migrated all the same.
    """
    from cordee_core.access.context import ContextKeys
    from cordee_core.database.migrate import migrate
    from cordee_core.database.outage import TROUBLES
    from cordee_core.plugins.host import PluginHost
    from cordee_core.plugins.required import missing_plugins
    from cordee_core.settings import load_settings

    settings = load_settings(os.environ)
    url, keys = settings.migrator_database_url, ContextKeys(settings.context_keys)
    host = PluginHost.discover()
    console = Console(soft_wrap=True, highlight=False, markup=False)
    try:
        report = asyncio.run(
            migrate(
                url,
                context_keys=keys,
                host=host,
                progress=lambda line: console.print(f"applying {line}"),
                waiting=lambda: console.print("waiting for another migration to end"),
            )
        )
    except TROUBLES as error:
        problem = " ".join(str(error).split())
        raise MigrationError(f"broken off: {type(error).__name__} {problem}".strip()) from error
    console.print(f"{len(report.applied)} applied")
    wrong = missing_plugins(host, sorted({*settings.required_plugins, *host.failures}))
    wrong += [f"plugin {name}: {error.problem}" for name, error in report.refused.items()]
    for line in (" ".join(one.split()) for one in wrong):
        console.print(f"refused: {line}", style="red")
    raise typer.Exit(1 if wrong else 0)


def lint_command() -> None:
    """Check that every table is protected as its class says; status 1 with findings.

    Uses CORDEE_DATABASE_URL: the catalogue can be read by the application's role.
    """
    from cordee_core.database.lint import Finding, lint
    from cordee_core.database.provision import connect
    from cordee_core.plugins.host import PluginHost
    from cordee_core.settings import load_settings

    settings = load_settings(os.environ)
    PluginHost.discover().tables()

    async def read() -> list[Finding]:
        connection = await connect(settings.database_url)
        try:
            return await lint(connection)
        finally:
            await connection.close()

    findings = asyncio.run(read())
    for finding in findings:
        typer.echo(str(finding))
    typer.echo(f"{len(findings)} findings")
    raise typer.Exit(1 if findings else 0)


def provision_command(
    passwords: Annotated[
        Path,
        typer.Option(
            help="Folder with one file a role: cordee_migrator, cordee_app, cordee_relay."
        ),
    ],
    database: Annotated[str, typer.Option(help="Name of the database.")] = "cordee",
) -> None:
    """Make roles and database on an empty server, once, as a superuser.

    The superuser's address comes from PROVISION_DATABASE_URL and is used for nothing else.
    """
    from cordee_core.database.provision import provision
    from cordee_core.database.roles import LOGIN_ROLES

    url = os.environ.get("PROVISION_DATABASE_URL")
    if not url:
        raise ConfigurationError("PROVISION_DATABASE_URL is not set (a superuser's address)")
    missing = [role for role in LOGIN_ROLES if not (passwords / role).is_file()]
    if missing:
        raise ConfigurationError(f"no file with the password of {', '.join(missing)}")
    found = {role: (passwords / role).read_text(encoding="utf-8").strip() for role in LOGIN_ROLES}
    asyncio.run(provision(url, found, database))
    typer.echo(f"roles and database {database} are there; next: cordee db migrate")
