"""The commands ``cordee plugin list`` and ``cordee plugin check``."""

import json
from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:
    from cordee_core.plugins.host import PluginHost

plugin_app = typer.Typer(help="The installed plugins.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands ``cordee plugin …``."""
    app.add_typer(plugin_app, name="plugin")


@plugin_app.command("list")
def list_plugins(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
) -> None:
    """Show every installed plugin: version, state, hooks and content. Exit 1 if one is bad."""
    from cordee_core.plugins.host import PluginHost

    host = PluginHost.discover()
    rows = [_describe(host, name) for name in sorted({*host.manifests, *host.failures})]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            typer.echo(_line(row))
    raise typer.Exit(1 if host.failures else 0)


@plugin_app.command("check")
def check_plugin(
    name: Annotated[str | None, typer.Argument(help="The plugin; or give --all.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every installed plugin.")] = False,
) -> None:
    """Run the conformance checks. Exit 1 if one fails; each failure shows its rule."""
    from cordee_core.errors import UnknownPluginError
    from cordee_core.plugins.host import PluginHost

    if every == (name is not None):
        raise typer.BadParameter("give the name of one plugin, or --all")
    host = PluginHost.discover()
    known = sorted({*host.manifests, *host.failures})
    if name is not None and name not in known:
        raise UnknownPluginError(plugin=name)
    failed = sum(_check(host, one) for one in ([name] if name else known))
    raise typer.Exit(1 if failed else 0)


def _describe(host: "PluginHost", name: str) -> dict[str, object]:
    if name in host.failures:
        error = host.failures[name]
        problem = getattr(error, "problem", str(error))
        return {"name": name, "state": "FAILED", "code": error.code, "problem": problem}
    return {
        "name": name,
        "version": host.version(name),
        "state": "ok",
        "hooks": sorted(host.manifests[name].hooks),
        "content": host.content[name].counts(),
    }


def _line(row: dict[str, object]) -> str:
    start = f"{row['name']:<18} {row.get('version', '-'):<9}"
    if row["state"] != "ok":
        return f"{start} FAILED  [{row['code']}] {row['problem']}"
    content = cast("dict[str, int]", row["content"])
    hooks = cast("list[str]", row["hooks"])
    counts = ", ".join(f"{kind} {number}" for kind, number in content.items() if number)
    return f"{start} ok      {counts or 'no content'}; hooks: {', '.join(hooks) or 'none'}"


def _check(host: "PluginHost", name: str) -> int:
    from cordee_core.testing.conformance import run_checks

    failed = 0
    typer.echo(name)
    for check, error in run_checks(name, host):
        typer.echo(f"  {'FAILED' if error else 'ok':8}{check.name}")
        if error:
            failed += 1
            typer.echo(f"          rule:  {check.rule}\n          found: {error}")
    return failed
