"""The commands ``cordee worker``, ``cordee relay`` and ``cordee scheduler``."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cordee_core.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the background processes."""
    app.command("worker")(worker)
    app.command("relay")(relay)
    app.command("scheduler")(scheduler)


def worker(
    queues: Annotated[str, typer.Option(help="Separated by commas.")] = "events,default,heavy",
    threads: Annotated[int, typer.Option(min=1, max=64, help="Deliveries at once.")] = 4,
) -> None:
    """Deliver events to plugins, as messages from the relay arrive."""
    from cordee_core.plugins.host import PluginHost
    from cordee_worker.broker import QUEUES
    from cordee_worker.process import run_worker

    wanted = {name.strip() for name in queues.split(",") if name.strip()}
    if not wanted or not wanted <= set(QUEUES):
        raise typer.BadParameter(f"the queues are {', '.join(QUEUES)}", param_hint="--queues")
    settings = _prepare("worker")
    run_worker(settings, PluginHost.discover(), queues=wanted, threads=threads)


def relay() -> None:
    """Send what is due in the outbox to the workers. Of several relays one leads."""
    from cordee_worker.process import run_relay

    run_relay(_prepare("relay"))


def scheduler() -> None:
    """Do what is to be done from time to time. Of several schedulers one leads."""
    from cordee_worker.process import run_scheduler

    run_scheduler(_prepare("scheduler"))


def _prepare(process: str) -> "Settings":
    from cordee_core.logs import configure_logs
    from cordee_core.settings import load_settings

    settings = load_settings(os.environ)
    configure_logs(process, settings.log_level)
    return settings
