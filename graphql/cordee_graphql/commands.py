"""``cordee schema``: the schema as text."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add ``schema export`` to `app`."""
    schema = typer.Typer(help="The GraphQL schema.", no_args_is_help=True)
    schema.command("export")(export_schema)
    schema.callback()(lambda: None)
    app.add_typer(schema, name="schema")


def export_schema(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where the file is stale.")
    ] = False,
    plugin: Annotated[str | None, typer.Option(help="Print only what this plugin adds.")] = None,
    file: Annotated[Path | None, typer.Option(help="Where to write or look.")] = None,
) -> None:
    """Write the schema, sorted; say what changed since the last export that breaks clients."""
    from cordee_core.plugins.host import PluginHost
    from cordee_graphql.export import COMMITTED, part_sdl, sdl
    from cordee_graphql.schema import build_schema

    if plugin is not None:
        host = PluginHost.discover(strict=True, names=[plugin])
        parts = [part for _, part in host.collect("cordee_graphql") if part is not None]
        if not parts:
            typer.echo(f"The plugin {plugin} adds nothing to the schema.", err=True)
            raise typer.Exit(1)
        typer.echo(part_sdl(plugin, parts[0]), nl=False)
        return
    target = file or COMMITTED
    fresh = sdl(build_schema(PluginHost.discover(strict=True), strict=True))
    before = target.read_text(encoding="utf-8") if target.exists() else ""
    _tell_changes(before, fresh)
    if not check:
        target.write_text(fresh, encoding="utf-8")
    elif before != fresh:
        typer.echo(f"{target.name} is stale: run `cordee schema export`.", err=True)
        raise typer.Exit(1)


def _tell_changes(before: str, after: str) -> None:
    from cordee_graphql.export import breaking_changes, dangerous_changes

    if before:
        for change in breaking_changes(before, after):
            typer.echo(f"breaking: {change}", err=True)
        for change in dangerous_changes(before, after):
            typer.echo(f"dangerous: {change}", err=True)
