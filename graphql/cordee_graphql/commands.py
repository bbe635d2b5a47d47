"""``cordee schema``: the schema as text, what a change breaks, the store of trusted documents.

``cordee graphql``: what becomes of a document.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cordee_graphql.schema import CordeeSchema

_File = Annotated[Path | None, typer.Option(help="The schema to look at; else the code's own.")]


def register(app: typer.Typer) -> None:
    """Add ``schema export``, ``diff`` and ``documents``, and ``graphql explain`` to `app`."""
    schema = typer.Typer(help="The GraphQL schema.", no_args_is_help=True)
    schema.command("export")(export_schema)
    schema.command("diff")(diff_schema)
    schema.command("documents")(store_documents)
    schema.callback()(lambda: None)
    app.add_typer(schema, name="schema")
    graphql = typer.Typer(help="Operations of the GraphQL API.", no_args_is_help=True)
    graphql.command("explain")(explain_document)
    graphql.callback()(lambda: None)
    app.add_typer(graphql, name="graphql")


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

    if plugin is not None:
        host = PluginHost.discover(strict=True, names=[plugin])
        parts = [part for _, part in host.collect("cordee_graphql") if part is not None]
        if not parts:
            typer.echo(f"The plugin {plugin} adds nothing to the schema.", err=True)
            raise typer.Exit(1)
        typer.echo(part_sdl(plugin, parts[0]), nl=False)
        return
    target = file or COMMITTED
    fresh = sdl(_current())
    before = target.read_text(encoding="utf-8") if target.exists() else ""
    _tell_changes(before, fresh)
    if not check:
        target.write_text(fresh, encoding="utf-8")
    elif before != fresh:
        typer.echo(f"{target.name} is stale: run `cordee schema export`.", err=True)
        raise typer.Exit(1)


def diff_schema(
    base: Annotated[Path, typer.Argument(help="The schema of the last release.", exists=True)],
    file: _File = None,
    changelog: Annotated[Path, typer.Option(help="Where changes are told.")] = Path("CHANGELOG.md"),
) -> None:
    """Say what changed since BASE that hurts clients; fail where our policy is not kept.

    A breaking change is named in the newest part of the changelog, and what is removed was
    `@deprecated` in BASE.
    """
    from cordee_graphql.changes import changes_between
    from cordee_graphql.export import sdl

    after = file.read_text(encoding="utf-8") if file else sdl(_current())
    told = changelog.read_text(encoding="utf-8") if changelog.exists() else ""
    changes = changes_between(base.read_text(encoding="utf-8"), after, told)
    for change in changes:
        typer.echo(str(change))
        for missing in change.missing:
            typer.echo(f"  {missing}", err=True)
    if any(change.missing for change in changes):
        raise typer.Exit(1)


def store_documents(
    folder: Annotated[Path, typer.Argument(help="Holds .graphql files.", file_okay=False)],
    output: Annotated[Path, typer.Option("-o", "--output", help="The store's JSON file.")],
) -> None:
    """Write the store of the trusted documents: each .graphql file in DIR is one.

    Each must fit the schema; its name is the SHA-256 of the file as it is.
    """
    from cordee_graphql.trusted import make_store

    files = sorted(folder.rglob("*.graphql"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    schema = _current()
    wrong = [
        f"{file.relative_to(folder)}: {problem}"
        for file, text in zip(files, texts, strict=True)
        for problem in _problems(schema, text)
    ]
    for line in wrong if files else [f"{folder} has no .graphql file."]:
        typer.echo(line, err=True)
    if wrong or not files:
        raise typer.Exit(1)
    output.write_text(make_store(texts), encoding="utf-8")
    typer.echo(f"{output}: {len(set(texts))} documents")


def explain_document(
    file: Annotated[Path, typer.Argument(help="Holds a query.", exists=True, dir_okay=False)],
    variables: Annotated[str, typer.Option(help="Values of its variables, as JSON.")] = "{}",
    role: Annotated[str, typer.Option(help="Whose permissions count.")] = "referent",
    token: Annotated[
        Path | None, typer.Option(help="A file with a member's token: explain it for them.")
    ] = None,
) -> None:
    """Show each root field's SQL statement, and PostgreSQL's plan where CORDEE_DATABASE_URL is set.

    With a token the plan is that for the variables' values in the member's tenant.
    """
    import asyncio
    import json
    import os

    from cordee_core.features import install
    from cordee_core.plugins.host import PluginHost
    from cordee_core.settings import load_settings
    from cordee_graphql.planner.explain import Wish, explain

    try:
        given = json.loads(variables)
    except ValueError:
        raise typer.BadParameter("is no JSON", param_hint="--variables") from None
    wish = Wish.of(file, given, role, token)
    host = install(PluginHost.discover())
    for line in asyncio.run(explain(wish, load_settings(os.environ), host)):
        typer.echo(line)


def _current() -> "CordeeSchema":
    from cordee_core.plugins.host import PluginHost
    from cordee_graphql.schema import build_schema

    return build_schema(PluginHost.discover(strict=True), strict=True)


def _problems(schema: "CordeeSchema", text: str) -> list[str]:
    """Return what stands against executing the document `text`, each in one line."""
    from graphql import GraphQLError

    from cordee_core.errors import LimitExceededError

    try:
        _, errors = schema.documents.read(text)
    except GraphQLError as error:
        errors = [error]
    except LimitExceededError as error:
        return [f"{error.params['limit']}: more than {error.params['maximum']}"]
    return [str(error).partition("\n")[0] for error in errors]


def _tell_changes(before: str, after: str) -> None:
    from cordee_graphql.export import breaking_changes, dangerous_changes

    if before:
        for change in breaking_changes(before, after):
            typer.echo(f"breaking: {change}", err=True)
        for change in dangerous_changes(before, after):
            typer.echo(f"dangerous: {change}", err=True)
