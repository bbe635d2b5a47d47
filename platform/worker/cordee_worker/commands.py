"""The commands ``cordee worker``, ``cordee relay`` and ``cordee scheduler``."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cordee_core.settings import Settings
    from cordee_worker.probes import ProbeAddress


def register(app: typer.Typer) -> None:
    """Add the background processes."""
    app.command("worker")(worker)
    app.command("relay")(relay)
    app.command("scheduler")(scheduler)


Queues = Annotated[
    str,
    typer.Option(help="Which classes of messages this process takes, separated by commas."),
]
Threads = Annotated[int, typer.Option(min=1, max=64, help="Deliveries at once.")]
ProbePort = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=65535,
        help="Answer /livez and /readyz on this port. A process that is refused (wrong role or"
        " schema, database away) then waits, not ready, instead of ending with status 1.",
    ),
]
ProbeHost = Annotated[str, typer.Option(help="Address for --probe-port.")]
_EVERYWHERE = "0.0.0.0"  # noqa: S104 (a kubelet asks from outside; off without --probe-port)


def worker(
    queues: Queues = "events,default,heavy",
    threads: Threads = 4,
    probe_port: ProbePort = None,
    probe_host: ProbeHost = _EVERYWHERE,
) -> None:
    """Deliver events to plugins, as messages from the relay arrive.

    Needs CORDEE_DATABASE_URL, CORDEE_REDIS_URL and CORDEE_CONTEXT_KEY. Run as many as you like. On
    SIGTERM, deliveries under way have 10 seconds to finish and the process ends within 14; what
    did not finish is delivered again. Redis may go away and come back; meanwhile /readyz says
    `redis: does not answer`.
    """
    from cordee_core.plugins.host import PluginHost
    from cordee_worker.broker import QUEUES
    from cordee_worker.process import run_worker

    wanted = {name.strip() for name in queues.split(",") if name.strip()}
    if not wanted or not wanted <= set(QUEUES):
        raise typer.BadParameter(f"the queues are {', '.join(QUEUES)}", param_hint="--queues")
    settings = _prepare("worker")
    run_worker(
        settings, PluginHost.discover(), queues=wanted, threads=threads,
        probe=_address(probe_host, probe_port),
    )  # fmt: skip


def relay(probe_port: ProbePort = None, probe_host: ProbeHost = _EVERYWHERE) -> None:
    """Send what is due in the outbox to the workers.

    Needs CORDEE_RELAY_DATABASE_URL and CORDEE_REDIS_URL. Of several relays one leads and the
    others take over within 10 seconds; two are enough.
    """
    from cordee_worker.process import run_relay

    run_relay(_prepare("relay"), _address(probe_host, probe_port))


def scheduler(probe_port: ProbePort = None, probe_host: ProbeHost = _EVERYWHERE) -> None:
    """Do what is to be done from time to time.

    Needs CORDEE_RELAY_DATABASE_URL. Of several schedulers one leads and the others take over within
    10 seconds.
    """
    from cordee_worker.process import run_scheduler

    run_scheduler(_prepare("scheduler"), _address(probe_host, probe_port))


def _address(host: str, port: int | None) -> "ProbeAddress | None":
    from cordee_worker.probes import ProbeAddress

    return None if port is None else ProbeAddress(host, port)


def _prepare(process: str) -> "Settings":
    from cordee_core.logs import configure_logs
    from cordee_core.settings import load_settings

    settings = load_settings(os.environ)
    configure_logs(process, settings.log_level)
    return settings
