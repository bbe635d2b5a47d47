"""Commands of the server: `cordee up`, `serve`, `doctor` and `config check`."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cordee_server.configuration import ProcessName

_NEVER_WRAPPED = 1000


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command("up")(_up)
    app.command("serve")(_serve)
    app.command("doctor")(_doctor)
    config = typer.Typer(help="Settings: from the environment or from files.", no_args_is_help=True)
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
    host: Annotated[str | None, typer.Option(help="Address to listen on [CORDEE_HOST].")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on [CORDEE_PORT].")] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Web processes that share the port [CORDEE_WORKERS, else 1]."),
    ] = None,
    drain_delay: Annotated[
        float,
        typer.Option(
            min=0, help="Seconds after SIGTERM in which /readyz says 503 and all is served."
        ),
    ] = 0.0,
    fd: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Serve GraphQL at /graphql, and /livez and /readyz.

    Needs CORDEE_DATABASE_URL and CORDEE_CONTEXT_KEY; without Redis it serves, degraded. With the
    wrong role, schema version or plugins it stays up, says so at /readyz and answers nothing else.

    With --workers above 1, a supervisor holds the socket and replaces web processes that die. On
    SIGTERM, /readyz turns 503, the listener closes after --drain-delay, and requests under way
    have 20 seconds to end; give a container that sum and 5 seconds more. In Kubernetes, use one
    worker per container, replicas, and a preStop pause instead of --drain-delay.
    """
    from dataclasses import replace

    from cordee_core.settings import load_settings
    from cordee_server import serve
    from cordee_server.configuration import ProcessName, check_needs

    settings = load_settings(os.environ)
    check_needs(settings, ProcessName.WEB)
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    if fd is not None:
        serve.run_on(settings, fd, drain_delay)
    else:
        serve.run(settings, workers or settings.workers, drain_delay)


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


def _config_check(
    process: Annotated[
        ProcessName | None,
        typer.Option("--for", help="Also check that all is set which this process needs."),
    ] = None,
) -> None:
    """Show each setting, where it comes from and what it is for; secrets are masked.

    Ends with status 1 and one line where a name is no setting, a value can't be read, or (with
    --for) something is missing. Nothing is connected to: for that, see `cordee doctor`.
    """
    from cordee_core.settings import SETTINGS, load_settings, masked
    from cordee_server.configuration import check_needs, source

    settings = load_settings(os.environ)
    table = Table("setting", "value", "from", "what it is")
    for setting in SETTINGS:
        where = source(setting, os.environ)
        table.add_row(setting.name, masked(setting, settings), where, setting.about)
    Console(width=None if Console().is_terminal else _NEVER_WRAPPED).print(table, highlight=False)
    if process is not None:
        check_needs(settings, process)
