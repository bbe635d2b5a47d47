"""The ``cordee`` command. Its sub-commands come from the entry points ``cordee.commands``."""

import sys
from importlib.metadata import entry_points

import typer
from rich.console import Console

from cordee_core.errors import CordeeError

app = typer.Typer(
    name="cordee",
    help="Case management for organisations that support people in complex situations.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line; an expected error is one line on standard error and exit status 1."""
    for point in sorted(entry_points(group="cordee.commands"), key=lambda one: one.name):
        point.load()(app)
    try:
        app()
    except CordeeError as error:
        Console(stderr=True).print(f"[red]{error.code}[/red]: {error}", highlight=False)
        sys.exit(1)
