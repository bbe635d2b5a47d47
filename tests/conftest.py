"""Fixtures shared by every test: a real PostgreSQL and Redis, migrated once a run."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cordee_core.access.context import ContextKeys
from cordee_core.database.engine import CordeeEngine, bind
from cordee_core.database.lint import declared_classes
from cordee_core.database.migrate import migrate
from cordee_core.database.provision import provision
from cordee_core.database.roles import APP, LOGIN_ROLES, MIGRATOR, RELAY
from cordee_core.database.tables import DECLARED
from cordee_core.embedded.postgres import EmbeddedPostgres
from cordee_core.embedded.redis import EmbeddedRedis
from cordee_core.plugins.host import PluginHost


@dataclass(frozen=True)
class Cluster:
    """The PostgreSQL server of this run: one migrated database and the addresses of its roles."""

    superuser: str
    passwords: dict[str, str]
    keys: ContextKeys

    def url(self, role: str, database: str = "cordee") -> str:
        """The address of `database` for `role`."""
        where = self.superuser.rpartition("@")[2].partition("/")[0]
        return f"postgresql://{role}:{self.passwords[role]}@{where}/{database}"

    def superuser_url(self, database: str = "cordee") -> str:
        """The address of `database` for the superuser."""
        return f"{self.superuser.rpartition('/')[0]}/{database}"

    @property
    def app(self) -> str:
        """The application's address."""
        return self.url(APP)

    @property
    def migrator(self) -> str:
        """The migrator's address."""
        return self.url(MIGRATOR)

    @property
    def relay(self) -> str:
        """The relay's address."""
        return self.url(RELAY)


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def host() -> PluginHost:
    """Every installed plugin; all of them load."""
    return PluginHost.discover(strict=True)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory, host: PluginHost) -> Iterator[Cluster]:
    """A migrated database on a server of its own, gone when the run ends."""
    passwords = {role: secrets.token_urlsafe(12) for role in LOGIN_ROLES}
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), fast=True) as superuser:
        found = Cluster(superuser, passwords, ContextKeys({"k1": secrets.token_bytes(32)}))

        async def prepare() -> None:
            await provision(superuser, passwords)
            report = await migrate(found.migrator, context_keys=found.keys, host=host)
            assert not report.refused

        asyncio.run(prepare())
        yield found


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis server of its own, gone when the run ends."""
    with EmbeddedRedis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
async def engine(cluster: Cluster) -> AsyncIterator[CordeeEngine]:
    """The application's engine, bound to every table."""
    declared_classes()
    found = CordeeEngine(cluster.app)
    await found.start_connection_pool(max_size=5)
    bind(found, list(DECLARED.values()))
    yield found
    await found.close_connection_pool()
