"""How the background processes start, say that they are ready, and stop."""

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress

import redis
import structlog
from dramatiq import Worker
from dramatiq.middleware import MiddlewareError, TimeLimit
from redis.exceptions import AuthenticationError, NoPermissionError

from cordee_core.access.context import ContextKeys
from cordee_core.database.committed import LISTENERS
from cordee_core.database.engine import CordeeEngine, bind
from cordee_core.database.lint import declared_classes
from cordee_core.database.roles import APP, RELAY
from cordee_core.database.tables import DECLARED
from cordee_core.errors import ConfigurationError, OperatorError, UnreachableError
from cordee_core.plugins.dispatch import EVENT_SECONDS
from cordee_core.plugins.host import PluginHost
from cordee_core.plugins.required import missing_plugins
from cordee_core.settings import Settings
from cordee_worker import relay, scheduler
from cordee_worker.actors import Office, declare_actors
from cordee_worker.broker import connect_redis, make_broker
from cordee_worker.event_loop import ActorLoop
from cordee_worker.gate import Gate, database_problems
from cordee_worker.leader import Lease, lead
from cordee_worker.outage import limit_outage_logs
from cordee_worker.probes import ProbeAddress, answering
from cordee_worker.wakeups import Publisher, connect_for_wakeups

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_DRAIN_SECONDS = 10.0
"""After a signal: the time that deliveries under way have to finish; then they are cancelled."""
_CLOSE_SECONDS = 4.0
"""After that: the time to close everything; then the process ends, whatever holds it."""

_TIME_LIMIT_MS = int(EVENT_SECONDS * 1000) + 30_000
_IDLE_MS = 500
_STATEMENT_SECONDS = 10
_REFUSED = (AuthenticationError, NoPermissionError)

log = structlog.get_logger(__name__)


def run_worker(
    settings: Settings,
    host: PluginHost,
    *,
    queues: Collection[str],
    threads: int,
    drain: float = _DRAIN_SECONDS,
    probe: ProbeAddress | None = None,
) -> None:
    """Deliver messages of `queues` until SIGTERM or SIGINT, then finish those under way.

    What does not finish within `drain` seconds is cancelled; its row is open and comes again.

    Raises:
        OperatorError: this process must not work; where `probe` is given, it says so there
            and waits instead.
    """

    async def work(stop: asyncio.Event, begun: Callable[[], None]) -> None:
        worker = make_worker(settings, host, queues=queues, threads=threads)
        try:
            await asyncio.to_thread(worker.start)
        except MiddlewareError as error:
            raise UnreachableError(f"PostgreSQL: {error}") from error
        limit_outage_logs(worker)
        begun()
        await _wait_for_redis(settings.redis_url, stop)
        if not stop.is_set():
            log.info("ready", queue=",".join(sorted(queues)), count=threads)
        await stop.wait()
        _exit_after(drain + _CLOSE_SECONDS)
        await asyncio.to_thread(worker.stop, timeout=int(drain * 1000))

    async def required() -> list[OperatorError]:
        missing = missing_plugins(host, settings.required_plugins)
        errors: list[OperatorError] = [ConfigurationError(line) for line in missing]
        return errors + await database_problems(settings.database_url, APP)

    async def useful() -> list[str]:
        return await asyncio.to_thread(_redis_problems, settings.redis_url)

    _ = settings.redis_url, settings.context_keys  # what is not set is said before anything starts
    asyncio.run(_run(Gate(required, useful), work, probe))


async def _run(
    gate: Gate,
    work: Callable[[asyncio.Event, Callable[[], None]], Awaitable[None]],
    probe: ProbeAddress | None,
) -> None:
    """Do `work` once `gate` allows it, and answer probes all the while."""
    stop = asyncio.Event()

    def ask_to_stop() -> None:
        gate.stopping = True
        stop.set()

    def begun() -> None:
        gate.begun = True

    for number in _STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, ask_to_stop)
    if probe is None:
        for error in await gate.required():
            raise error
        await work(stop, begun)
        log.info("stopped")
        return
    async with answering(gate, probe):
        if await gate.admitted(stop):
            watching = asyncio.create_task(gate.watch(stop))
            try:
                await work(stop, begun)
            finally:
                watching.cancel()
    log.info("stopped")


def make_worker(
    settings: Settings, host: PluginHost, *, queues: Collection[str], threads: int
) -> Worker:
    """Return a Dramatiq worker for `queues`, not started, with its own pool on its own loop."""
    engine = CordeeEngine(settings.database_url)
    wakeups = connect_for_wakeups(settings.redis_url)
    publisher = Publisher(wakeups)

    async def opened() -> None:
        declared_classes()
        await engine.start_connection_pool(max_size=threads + 1)
        bind(engine, list(DECLARED.values()))
        LISTENERS.append(publisher)

    async def closed() -> None:
        if publisher in LISTENERS:
            LISTENERS.remove(publisher)
        await engine.close_connection_pool()
        await wakeups.aclose()

    loop = ActorLoop(opened, closed)
    broker = make_broker(settings.redis_url, [loop, TimeLimit(time_limit=_TIME_LIMIT_MS)])
    declare_actors(broker, Office(engine, ContextKeys(settings.context_keys), host))
    broker.emit_after("process_boot")
    worker = Worker(broker, queues=set(queues), worker_threads=threads, worker_timeout=_IDLE_MS)
    # What a worker holds in memory is what it does: the rest stays for others.
    worker.queue_prefetch = threads
    return worker


async def _wait_for_redis(url: str, stop: asyncio.Event) -> None:
    """Come back when Redis answers, or when the process is to stop."""
    told = False
    while not stop.is_set():
        problems = await asyncio.to_thread(_redis_problems, url)
        if not problems:
            return
        if not told:
            log.warning("redis is away")
        told = True
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 1)


def _redis_problems(url: str) -> list[str]:
    """Return a line where Redis does not answer."""
    client = connect_redis(url)
    try:
        client.ping()
    except redis.RedisError as error:
        verb = "refuses the login" if isinstance(error, _REFUSED) else "does not answer"
        return [f"redis: {verb} ({type(error).__name__})"]
    finally:
        client.close()
    return []


def _exit_after(seconds: float) -> None:
    """End the process after that time, even if a hook computes for ever."""
    timer = threading.Timer(seconds, os._exit, (1,))
    timer.daemon = True
    timer.start()


def run_relay(settings: Settings, probe: ProbeAddress | None = None) -> None:
    """Relay the outbox until SIGTERM or SIGINT."""
    redis_url = settings.redis_url

    def make(engine: CordeeEngine) -> tuple[Lease, Callable[[], Awaitable[float]]]:
        lease = Lease(engine, relay.NAME)
        return lease, relay.Relay(engine, make_broker(redis_url), lease).step

    _lead(settings.relay_database_url, make, probe)


def run_scheduler(settings: Settings, probe: ProbeAddress | None = None) -> None:
    """Do periodic jobs until SIGTERM or SIGINT."""

    def make(engine: CordeeEngine) -> tuple[Lease, Callable[[], Awaitable[float]]]:
        lease = Lease(engine, scheduler.NAME)
        return lease, scheduler.Scheduler(engine, lease).step

    _lead(settings.relay_database_url, make, probe)


def _lead(
    url: str,
    make: Callable[[CordeeEngine], tuple[Lease, Callable[[], Awaitable[float]]]],
    probe: ProbeAddress | None,
) -> None:
    async def work(stop: asyncio.Event, begun: Callable[[], None]) -> None:
        engine = CordeeEngine(url)
        await engine.start_connection_pool(max_size=2, command_timeout=_STATEMENT_SECONDS)
        try:
            lease, step = make(engine)
            begun()
            log.info("ready")
            await lead(lease, step, stop)
        finally:
            await engine.close_connection_pool()

    asyncio.run(_run(Gate(lambda: database_problems(url, RELAY)), work, probe))
