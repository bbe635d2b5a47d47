"""Makes roles and database, once, as a superuser: for the embedded server, tests and operators."""

import re
from collections.abc import Mapping
from typing import Any

import asyncpg
from asyncpg.exceptions import PostgresError

from cordee_core.database import roles
from cordee_core.database.engine import parse_url
from cordee_core.errors import ConfigurationError, UnreachableError

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


async def connect(url: str, **options: Any) -> Any:
    """Return a plain connection. Raises UnreachableError, in one line and without the password."""
    config = parse_url(url)
    try:
        return await asyncpg.connect(**config, timeout=10, **options)  # type: ignore[no-untyped-call]
    except (OSError, PostgresError, TimeoutError) as error:
        where = f"{config['host']}:{config['port']}/{config['database']} as {config['user']}"
        raise UnreachableError(f"PostgreSQL at {where}: {type(error).__name__}") from error


async def provision(
    superuser_url: str, passwords: Mapping[str, str], database: str = "cordee"
) -> None:
    """Make the roles and the database where they are not there yet; set the given passwords.

    `passwords` holds those of `roles.LOGIN_ROLES`. Afterwards the migrator can migrate. Doing it
    twice changes nothing but the passwords.

    Raises:
        ConfigurationError: the database's name has more than lower-case letters, digits and ``_``.
    """
    if not _NAME.fullmatch(database):
        raise ConfigurationError("a database's name has only lower-case letters, digits and _")
    connection = await connect(superuser_url)
    try:
        existing = {
            row["rolname"] for row in await connection.fetch("SELECT rolname FROM pg_roles")
        }
        for statement in roles.role_statements(existing, passwords):
            await connection.execute(statement)
        found = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database)
        if not found:
            await connection.execute(f"CREATE DATABASE {database}")
        for statement in roles.database_statements(database):
            await connection.execute(statement)
    finally:
        await connection.close()
