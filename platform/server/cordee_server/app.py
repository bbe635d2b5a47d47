"""The web application of an installation, made from its settings."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from litestar import Litestar

from cordee_core.access.context import ContextKeys
from cordee_core.access.scope import Scope
from cordee_core.database.committed import LISTENERS
from cordee_core.database.engine import CordeeEngine, bind
from cordee_core.database.lint import declared_classes
from cordee_core.database.outage import TROUBLES, describe
from cordee_core.database.selfcheck import check, check_schema
from cordee_core.database.tables import DECLARED
from cordee_core.errors import ConfigurationError
from cordee_core.features import install
from cordee_core.languages import Language
from cordee_core.plugins.host import PluginHost
from cordee_core.plugins.required import missing_plugins
from cordee_core.settings import Settings
from cordee_graphql.backend import Database
from cordee_graphql.context import Installation
from cordee_graphql.schema import build_schema
from cordee_graphql.streaming import Streamer
from cordee_graphql.throttle import LocalBuckets
from cordee_graphql.trusted import TrustedDocuments, read_store
from cordee_graphql.wakeups import Hub
from cordee_server import auth
from cordee_server.http.application import make_application
from cordee_server.http.controller import Gateway
from cordee_server.http.pages import Pages
from cordee_server.ratelimit import RedisBuckets, connect
from cordee_server.readiness import Readiness
from cordee_server.streams.endpoint import Streams
from cordee_server.streams.wakeups import RedisHub
from cordee_worker.wakeups import Publisher

_CONNECT_SECONDS = 5.0
_log = structlog.get_logger("cordee.web")


class Process:
    """What one web process holds, and what its readiness depends on."""

    def __init__(self, settings: Settings, host: PluginHost) -> None:
        self.settings, self.host = settings, host
        self.keys = ContextKeys(settings.context_keys)
        self.engine = CordeeEngine(settings.database_url)
        self.redis = connect(settings.redis_url) if settings.has("CORDEE_REDIS_URL") else None
        self.buckets = RedisBuckets(self.redis) if self.redis is not None else LocalBuckets()
        self.hub = RedisHub(settings.redis_url) if self.redis is not None else Hub()
        self._checked = False

    async def authenticate(
        self, authorization: str | None, language: Language | None, request_id: str
    ) -> Scope | None:
        """Return who sent a request."""
        return await auth.authenticate(
            self.engine, self.host, self.keys, authorization, language, request_id
        )

    async def recognise(
        self, authorization: str | None, language: Language | None, request_id: str
    ) -> Scope | None:
        """Return who sent a request, as remembered: `confirmed` says whether it was right."""
        return await auth.recognise(
            self.engine, self.host, self.keys, authorization, language, request_id
        )

    async def confirmed(self, caller: Scope | None) -> bool:
        """Return whether a recognised caller was right."""
        return await auth.confirmed(self.engine, caller)

    async def required(self) -> Sequence[str]:
        """Return what stands against serving, each in one line."""
        return [
            *missing_plugins(self.host, self.settings.required_plugins),
            *await self._database(),
        ]

    async def optional(self) -> Sequence[str]:
        """Return what is away that it can serve without."""
        if self.redis is None:
            return ["redis"]
        try:
            await self.redis.ping()
        except Exception:  # whatever the client raises, Redis is away
            return ["redis"]
        return []

    async def _database(self) -> list[str]:
        try:
            if self.engine.pool is None:
                await self.engine.start_connection_pool(
                    max_size=self.settings.pool_size, timeout=_CONNECT_SECONDS
                )
            pool: Any = self.engine.pool
            async with pool.acquire(timeout=_CONNECT_SECONDS) as connection:
                wrong = await (check_schema if self._checked else check)(connection)
        except TROUBLES as error:
            return [describe(error)]
        self._checked = not wrong
        return [str(problem) for problem in wrong]

    @asynccontextmanager
    async def _telling(self) -> AsyncIterator[None]:
        """Tell what this process commits, and hear what others do, inside the block."""
        told = self.hub.tell
        listener = told if self.redis is None else Publisher(self.redis, otherwise=told)
        hub = self.hub
        hearing = asyncio.create_task(hub.run()) if isinstance(hub, RedisHub) else None
        LISTENERS.append(listener)
        try:
            yield
        finally:
            LISTENERS.remove(listener)
            while hearing is not None and not hearing.done():
                hearing.cancel()  # redis-py swallows one that comes at the wrong moment
                await asyncio.wait({hearing}, timeout=0.5)

    @asynccontextmanager
    async def lifespan(self, application: Any) -> AsyncIterator[None]:
        """Look whether the process may serve, and give everything back at the end."""
        declared_classes()
        bind(self.engine, tuple(DECLARED.values()))
        readiness: Readiness = application.readiness
        if not await readiness.examine():
            for problem in readiness.problems:
                _log.error("not_ready", problem=problem)
        try:
            async with self._telling():
                yield
        finally:
            if self.engine.pool is not None:
                await self.engine.close_connection_pool()
            if isinstance(self.buckets, RedisBuckets):
                await self.buckets.aclose()
            if self.redis is not None:
                await self.redis.aclose()


def build(settings: Settings, host: PluginHost | None = None) -> Litestar:
    """Return the application of an installation; the database is first asked when it starts.

    A wrong role, schema version or a missing plugin does not stop it: it stays up, says so at
    ``/readyz`` and answers nothing else.
    """
    process = Process(settings, install(host or PluginHost.discover()))
    schema = build_schema(process.host, buckets=process.buckets, show_plans=settings.show_plans)
    backend = Database(process.engine)
    seconds = float(settings.operation_seconds)
    installation = Installation(process.engine, process.host, process.keys, settings)
    trusted = _trusted(settings)
    streams = Streams(
        Streamer(schema, backend, process.hub, seconds, installation),
        process.authenticate,
        trusted,
        settings.cors_origins,
    )
    gateway = Gateway(
        schema=schema,
        backend=backend,
        authenticate=process.authenticate,
        pages=Pages(enabled=settings.graphiql),
        seconds=seconds,
        installation=installation,
        trusted=trusted,
        streams=streams,
        recognise=process.recognise,
        confirmed=process.confirmed,
    )
    return make_application(
        gateway,
        Readiness(process.required, process.optional),
        max_body=settings.max_body_bytes,
        origins=tuple(getattr(settings, "cors_origins", ())),
        lifespan=[process.lifespan],
    )


def _trusted(settings: Settings) -> TrustedDocuments:
    """Return the trusted documents. Raises ConfigurationError where their folder is wrong."""
    folder = settings.trusted_documents
    if settings.trusted_only and not folder:
        raise ConfigurationError("CORDEE_TRUSTED_ONLY needs CORDEE_TRUSTED_DOCUMENTS")
    found = read_store(Path(folder)) if folder else {}
    return TrustedDocuments(found, only=settings.trusted_only)
