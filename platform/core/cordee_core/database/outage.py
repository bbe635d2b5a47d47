"""Why PostgreSQL can't be used, in one line that holds neither address nor password."""

from asyncpg.exceptions import (
    InterfaceError,
    InvalidAuthorizationSpecificationError,
    InvalidCatalogNameError,
    PostgresError,
)

TROUBLES = (OSError, TimeoutError, PostgresError, InterfaceError)
"""What asyncpg raises when the server is away, refuses us, or breaks off."""


def describe(error: BaseException | None) -> str:
    """Return the line for probes: what the database does instead of serving us."""
    kind = type(error).__name__
    if isinstance(error, InvalidAuthorizationSpecificationError):
        return f"database: refuses the login ({kind})"
    if isinstance(error, InvalidCatalogNameError):
        return f"database: is not on this server ({kind})"
    return f"database: does not answer ({kind})"
