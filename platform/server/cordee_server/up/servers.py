"""The servers of `cordee up`: those in the settings, or our own below the data folder."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console

from cordee_core.embedded.place import Place, settle
from cordee_core.embedded.postgres import EmbeddedPostgres
from cordee_core.embedded.redis import EmbeddedRedis
from cordee_core.settings import Settings
from cordee_server.up.children import Child
from cordee_server.up.console import step

DATABASE = "cordee"
LOGIN_ROLES: Mapping[str, str] = {
    "CORDEE_DATABASE_URL": "cordee_app",
    "CORDEE_MIGRATOR_DATABASE_URL": "cordee_migrator",
    "CORDEE_RELAY_DATABASE_URL": "cordee_relay",
}
"""The roles that log in, by the setting that holds their address."""


@dataclass
class Servers:
    """What was started: processes to watch, settings for our children, the superuser's address."""

    watched: list[Child] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)
    superuser_url: str | None = None
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def admin_url(self) -> str | None:
        """Address of our own database as its superuser; None with a server of others."""
        return _of_database(self.superuser_url) if self.superuser_url else None


def start_servers(given: Settings, data: Path, console: Console, stack: ExitStack) -> Servers:
    """Start what the settings don't name; `stack` stops it again."""
    servers = Servers()
    own_database = not given.has("CORDEE_DATABASE_URL")
    if own_database or not given.has("CORDEE_REDIS_URL"):
        place = settle(data)
        if place.notice:
            console.print(f"[yellow]![/yellow] {place.notice}", highlight=False, soft_wrap=True)
        if own_database:
            _start_postgres(servers, place, console, stack)
            if not given.has("CORDEE_CONTEXT_KEY"):
                servers.environ["CORDEE_CONTEXT_KEY"] = place.secret("context_key")
        if not given.has("CORDEE_REDIS_URL"):
            _start_redis(servers, place, console, stack)
    return servers


def _start_postgres(servers: Servers, place: Place, console: Console, stack: ExitStack) -> None:
    postgres = EmbeddedPostgres(place.data, place=place)
    with step(console, "PostgreSQL") as shown:
        if postgres.is_new:
            shown.say("making the cluster")
        stack.callback(postgres.stop)
        url = postgres.start()
        shown.result = f"{urlsplit(url).hostname}:{urlsplit(url).port}"
    servers.superuser_url = url
    servers.watched.append(Child("PostgreSQL", postgres.process, postgres.log))
    for setting, role in LOGIN_ROLES.items():
        servers.passwords[role] = place.secret(role)
        servers.environ[setting] = _of_database(url, role, servers.passwords[role])


def _start_redis(servers: Servers, place: Place, console: Console, stack: ExitStack) -> None:
    redis = EmbeddedRedis(place.data, place=place)
    with step(console, "Redis") as shown:
        stack.callback(redis.stop)
        servers.environ["CORDEE_REDIS_URL"] = redis.start()
        shown.result = f"127.0.0.1:{urlsplit(servers.environ['CORDEE_REDIS_URL']).port}"
    servers.watched.append(Child("Redis", redis.process, redis.log))


def _of_database(url: str, role: str | None = None, password: str | None = None) -> str:
    parts = urlsplit(url)
    who = f"{role}:{password}" if role else f"{parts.username}:{parts.password}"
    return f"postgresql://{who}@{parts.hostname}:{parts.port}/{DATABASE}"
