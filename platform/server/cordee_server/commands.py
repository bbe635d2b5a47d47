"""Commands of the server: `cordee up`, `serve`, `doctor` and `config check`."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command("up")(_up)
    app.command("serve")(_serve)
    app.command("doctor")(_doctor)
    config = typer.Typer(help="Settings.", no_args_is_help=True)
    config.command("check")(_config_check)
    config.callback()(lambda: None)
    app.add_typer(config, name="config")


def _up(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8000,
    data: Annotated[Path, typer.Option(help="Folder of the embedded servers.")] = Path(".cordee"),
    ready_file: Annotated[
        Path | None, typer.Option(help="JSON file that appears once all is ready.")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo/--no-demo", help="Load the demo tenants.")] = True,
) -> None:
    """Start everything, with PostgreSQL and Redis of our own unless the settings name servers."""
    from cordee_core.embedded.process import free_port
    from cordee_server.up.run import Options, up

    options = Options(host, port or free_port(), data, ready_file, demo)
    up(options, dict(os.environ), Console())


def _serve(
    host: Annotated[str | None, typer.Option(help="Address [CORDEE_HOST].")] = None,
    port: Annotated[int | None, typer.Option(help="Port [CORDEE_PORT].")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes.")] = None,
    fd: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Run the web process; with --workers above 1, a supervisor and that many of them."""
    from dataclasses import replace

    from cordee_core.settings import load_settings
    from cordee_server import serve

    settings = load_settings(os.environ)
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    if fd is not None:
        serve.run_on(settings, fd)
    else:
        serve.run(settings, workers or settings.workers)


def _doctor() -> None:
    """Check Python, settings, servers, role and schema; exit with 1 where something is wrong."""
    from cordee_server.doctor import examine

    console = Console()
    findings = examine(os.environ)
    for finding in findings:
        mark = "[green]✓[/green]" if finding.good else "[red]✗[/red]"
        console.print(f"{mark} {finding.subject:<12}", end=" ", highlight=False)
        console.print(finding.text, highlight=False, markup=False, soft_wrap=True)
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


def _config_check() -> None:
    """Show the settings in effect, secrets masked; exit with 1 where one is wrong."""
    from cordee_core.settings import SETTINGS, load_settings, masked

    settings = load_settings(os.environ)
    table = Table("setting", "value", "what it is")
    for setting in SETTINGS:
        table.add_row(setting.name, masked(setting, settings), setting.about)
    Console(width=None if Console().is_terminal else 160).print(table, highlight=False)
