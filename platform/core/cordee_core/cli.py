"""The ``cordee`` command. Its sub-commands come from the entry points ``cordee.commands``."""

import os
import sys
from collections.abc import Mapping
from importlib.metadata import entry_points

import typer
from rich.console import Console

from cordee_core.errors import CordeeError, OperatorError
from cordee_core.languages import Language, negotiate, pick, say

app = typer.Typer(
    name="cordee",
    help="Case management for organisations that support people in complex situations.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def main() -> None:
    """Run the command line; an expected error is one line on standard error and exit status 1."""
    console = Console(stderr=True, soft_wrap=True)
    for point in sorted(entry_points(group="cordee.commands"), key=lambda one: one.name):
        try:
            point.load()(app)
        except ImportError as error:
            # One distribution that is broken leaves the commands of the others.
            console.print(f"commands of {point.value} are missing: {error}", highlight=False)
    try:
        app()
    except CordeeError as error:
        text = f"[red]{error.code}[/red] "
        console.print(text, end="")
        console.print(explain(error, _language()), highlight=False, markup=False)
        sys.exit(1)


def explain(error: CordeeError, language: Language) -> str:
    """Return the text of an error for the terminal: its own one line, or that of the catalogue."""
    if isinstance(error, OperatorError):
        return error.problem
    params = {
        name: pick(value, language) if isinstance(value, Mapping) else value
        for name, value in error.params.items()
    }
    return say("errors", error.code, language, **params)


def _language() -> Language:
    """Return the language of the terminal (POSIX ``LC_ALL``, ``LC_MESSAGES``, ``LANG``)."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return negotiate(next((name for name in names if name), "en").partition("_")[0])
