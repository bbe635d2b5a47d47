"""How the background processes start, say that they are ready, and stop."""

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Collection

import structlog
from dramatiq import Worker
from dramatiq.middleware import MiddlewareError, TimeLimit

from cordee_core.access.context import ContextKeys
from cordee_core.database.engine import CordeeEngine, bind
from cordee_core.database.lint import declared_classes
from cordee_core.database.provision import connect
from cordee_core.database.roles import APP, RELAY
from cordee_core.database.selfcheck import check_role, check_schema
from cordee_core.database.tables import DECLARED
from cordee_core.errors import UnreachableError
from cordee_core.plugins.dispatch import EVENT_SECONDS
from cordee_core.plugins.host import PluginHost
from cordee_core.settings import Settings
from cordee_worker import relay, scheduler
from cordee_worker.actors import Office, declare_actors
from cordee_worker.broker import connect_redis, make_broker
from cordee_worker.event_loop import ActorLoop
from cordee_worker.leader import Lease, lead
from cordee_worker.outage import limit_outage_logs

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_DRAIN_SECONDS = 10.0
"""After a signal: the time that deliveries under way have to finish; then they are cancelled."""
_CLOSE_SECONDS = 4.0
"""After that: the time to close everything; then the process ends, whatever holds it."""

_TIME_LIMIT_MS = int(EVENT_SECONDS * 1000) + 30_000
_IDLE_MS = 500
_STATEMENT_SECONDS = 10

log = structlog.get_logger(__name__)


async def check_database(url: str, role: str) -> None:
    """Return if this process may work with the database at `url` as `role`.

    Raises:
        OperatorError: it can't be reached, the role may do too much, or the schema is another.
    """
    connection = await connect(url)
    try:
        wrong = await check_role(connection, role) + await check_schema(connection)
    finally:
        await connection.close()
    if wrong:
        raise wrong[0]


def run_worker(
    settings: Settings,
    host: PluginHost,
    *,
    queues: Collection[str],
    threads: int,
    drain: float = _DRAIN_SECONDS,
) -> None:
    """Deliver messages of `queues` until SIGTERM or SIGINT, then finish those under way.

    What does not finish within `drain` seconds is cancelled; its row is open and comes again.
    """
    stop = threading.Event()
    for number in _STOP_SIGNALS:
        signal.signal(number, lambda *_: stop.set())
    asyncio.run(check_database(settings.database_url, APP))
    worker = make_worker(settings, host, queues=queues, threads=threads)
    try:
        worker.start()
    except MiddlewareError as error:
        raise UnreachableError(f"PostgreSQL: {error}") from error
    limit_outage_logs(worker)
    _wait_for_redis(settings.redis_url, stop)
    if not stop.is_set():
        log.info("ready", queue=",".join(sorted(queues)), count=threads)
    stop.wait()
    _exit_after(drain + _CLOSE_SECONDS)
    worker.stop(timeout=int(drain * 1000))
    log.info("stopped")


def make_worker(
    settings: Settings, host: PluginHost, *, queues: Collection[str], threads: int
) -> Worker:
    """Return a Dramatiq worker for `queues`, not started, with its own pool on its own loop."""
    engine = CordeeEngine(settings.database_url)

    async def opened() -> None:
        declared_classes()
        await engine.start_connection_pool(max_size=threads + 1)
        bind(engine, list(DECLARED.values()))

    loop = ActorLoop(opened, engine.close_connection_pool)
    broker = make_broker(settings.redis_url, [loop, TimeLimit(time_limit=_TIME_LIMIT_MS)])
    declare_actors(broker, Office(engine, ContextKeys(settings.context_keys), host))
    broker.emit_after("process_boot")
    worker = Worker(broker, queues=set(queues), worker_threads=threads, worker_timeout=_IDLE_MS)
    # What a worker holds in memory is what it does: the rest stays for others.
    worker.queue_prefetch = threads
    return worker


def _wait_for_redis(url: str, stop: threading.Event) -> None:
    """Come back when Redis answers, or when the process is to stop."""
    import redis

    client, told = connect_redis(url), False
    while not stop.is_set():
        try:
            client.ping()
            break
        except redis.RedisError as error:
            if not told:
                log.warning("redis is away", exc_info=error)
            told = True
            stop.wait(1)
    client.close()


def _exit_after(seconds: float) -> None:
    """End the process after that time, even if a hook computes for ever."""
    timer = threading.Timer(seconds, os._exit, (1,))
    timer.daemon = True
    timer.start()


def run_relay(settings: Settings) -> None:
    """Relay the outbox until SIGTERM or SIGINT."""

    def make(engine: CordeeEngine) -> tuple[Lease, Callable[[], Awaitable[float]]]:
        lease = Lease(engine, relay.NAME)
        return lease, relay.Relay(engine, make_broker(settings.redis_url), lease).step

    asyncio.run(_run_leader(settings.relay_database_url, make))


def run_scheduler(settings: Settings) -> None:
    """Do periodic jobs until SIGTERM or SIGINT."""

    def make(engine: CordeeEngine) -> tuple[Lease, Callable[[], Awaitable[float]]]:
        lease = Lease(engine, scheduler.NAME)
        return lease, scheduler.Scheduler(engine, lease).step

    asyncio.run(_run_leader(settings.relay_database_url, make))


async def _run_leader(
    url: str, make: Callable[[CordeeEngine], tuple[Lease, Callable[[], Awaitable[float]]]]
) -> None:
    stop = asyncio.Event()
    for number in _STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await check_database(url, RELAY)
    engine = CordeeEngine(url)
    await engine.start_connection_pool(max_size=2, command_timeout=_STATEMENT_SECONDS)
    try:
        lease, step = make(engine)
        log.info("ready")
        await lead(lease, step, stop)
    finally:
        await engine.close_connection_pool()
    log.info("stopped")
