"""The course of `cordee up`, from the first check to the last stop."""

import asyncio
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from rich.console import Console

from cordee_core.settings import Settings, load_settings
from cordee_server.supervisor import claim
from cordee_server.up import answer, children
from cordee_server.up.console import step
from cordee_server.up.folder import check_parent, held
from cordee_server.up.ready import wait_ready, write_ready_file
from cordee_server.up.servers import DATABASE, Servers, start_servers

if TYPE_CHECKING:
    from cordee_core.demo import DemoTenant
    from cordee_core.plugins.host import PluginHost


@dataclass(frozen=True)
class Options:
    """What the command line asked for."""

    host: str
    port: int
    data: Path
    ready_file: Path | None
    demo: bool

    @property
    def address(self) -> str:
        """Address of the web process as a browser on this machine writes it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        return f"http://{host}:{self.port}"


class StopAskedError(KeyboardInterrupt):
    """Somebody asked `cordee up` to stop: Ctrl-C, SIGTERM, or the terminal went away."""


def up(options: Options, environ: Mapping[str, str], console: Console) -> None:
    """Start everything, say how to use it, and return once it is asked to stop and has stopped.

    Raises:
        PortInUseError: somebody else listens on the port.
        FolderUnusableError: the data folder can't be written or is in use.
        ProcessDiedError: a process ended by itself; everything else is stopped by then.
    """
    given = load_settings(environ)
    claim(options.host, options.port).close()
    if options.ready_file is not None:
        check_parent(options.ready_file)
        options.ready_file.unlink(missing_ok=True)
    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup
        signals.append(signal.SIGHUP)
    before = {number: signal.signal(number, _ask_to_stop) for number in signals}
    stack = ExitStack()
    try:
        data = stack.enter_context(held(options.data))
        _start(options, given, environ, data, console, stack)
    except StopAskedError:
        console.print("\nStopping …")
    except children.ChildDiedError as died:
        errors = Console(stderr=True)
        for line in died.lines:
            errors.print(f"  {line}", style="dim", highlight=False, markup=False, soft_wrap=True)
        raise
    finally:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)  # each stop has its own limit of time
        stack.close()
        for number, handler in before.items():
            signal.signal(number, handler)
    console.print("Stopped.")


def _ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    raise StopAskedError


def _start(
    options: Options,
    given: Settings,
    environ: Mapping[str, str],
    data: Path,
    console: Console,
    stack: ExitStack,
) -> None:
    servers = start_servers(given, data, console, stack)
    own = {"CORDEE_HOST": options.host, "CORDEE_PORT": str(options.port), "PYTHONUNBUFFERED": "1"}
    if given.log_level != "debug":
        own["CORDEE_LOG_LEVEL"] = "info"  # the level at which a process says that it is ready
    replaced = {**servers.environ, **own}
    kept = {name: environ[name] for name in environ if name.removesuffix("_FILE") not in replaced}
    child_environ = {**kept, **replaced}
    settings = load_settings({k: v for k, v in child_environ.items() if k.startswith("CORDEE_")})
    host = _prepare(settings, servers, console)
    web, *background = _start_children(child_environ, data, stack)
    watched = [*servers.watched, web, *background]
    tenants = _load_demo(settings, host, console) if options.demo else []
    with step(console, "Web, worker, relay, scheduler") as shown:
        logs = {child.name: child.log for child in background}
        wait_ready(f"{options.address}/readyz", logs, lambda: children.check(watched))
        shown.result = "ready"
    if options.ready_file is not None:
        stack.callback(options.ready_file.unlink, missing_ok=True)
        content = answer.ready_content(options.address, tenants, servers.admin_url)
        write_ready_file(options.ready_file, content)
    answer.show(console, options.address, tenants, data / "logs")
    while True:
        children.check(watched)
        time.sleep(0.2)


def _prepare(settings: Settings, servers: Servers, console: Console) -> "PluginHost":
    """Make roles, database and schema what this code expects, where that is ours to do."""
    from cordee_core.database.provision import provision
    from cordee_core.plugins.host import PluginHost

    if servers.superuser_url is not None:
        with step(console, "Roles and database"):
            asyncio.run(provision(servers.superuser_url, servers.passwords, DATABASE))
    with step(console, "Plugins") as shown:
        host = PluginHost.discover()
        shown.result = ", ".join(sorted(host.manifests)) or "none installed"
    for failure in host.failures.values():
        console.print(f"[yellow]![/yellow] {failure}", highlight=False, soft_wrap=True)
    if settings.has("CORDEE_MIGRATOR_DATABASE_URL"):
        _migrate(settings, host, console)
    else:
        with step(console, "Schema"):
            asyncio.run(_check_schema(settings.database_url))
    return host


def _migrate(settings: Settings, host: "PluginHost", console: Console) -> None:
    from cordee_core.access.context import ContextKeys
    from cordee_core.database.migrate import migrate

    keys = ContextKeys(settings.context_keys)
    with step(console, "Migrations") as shown:
        url = settings.migrator_database_url
        report = asyncio.run(migrate(url, context_keys=keys, host=host, progress=shown.say))
        shown.result = f"{len(report.applied)} applied" if report.applied else "up to date"
    for error in report.refused.values():
        console.print(f"[yellow]![/yellow] {error}", highlight=False, soft_wrap=True)


async def _check_schema(url: str) -> None:
    """Raise `SchemaVersionError` where somebody else must migrate first."""
    from cordee_core.database.provision import connect
    from cordee_core.database.selfcheck import check_schema

    connection = await connect(url)
    try:
        if wrong := await check_schema(connection):
            raise wrong[0]
    finally:
        await connection.close()


def _start_children(
    environ: Mapping[str, str], data: Path, stack: ExitStack
) -> Sequence[children.Child]:
    background: list[children.Child] = []
    stack.callback(children.stop_background, background)
    for name in ("scheduler", "relay", "worker"):
        background.append(children.start_child(name, [name], environ, data / "logs"))
    web = children.start_child("web", ["serve", "--workers", "1"], environ, data / "logs")
    stack.callback(children.stop_web, web)
    return [web, *background]


def _load_demo(settings: Settings, host: "PluginHost", console: Console) -> Sequence["DemoTenant"]:
    from cordee_core import demo
    from cordee_core.access.context import ContextKeys

    keys = ContextKeys(settings.context_keys)
    with step(console, "Demo data") as shown:
        tenants = asyncio.run(demo.load(settings.database_url, keys, host, shown.say))
        shown.result = ", ".join(tenant.slug for tenant in tenants)
    return tenants
