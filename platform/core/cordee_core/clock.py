"""Time and ids, injected wherever they are needed so that tests can hold them still."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7

Clock = Callable[[], datetime]
"""Returns the present moment with a zone (UTC)."""

NewId = Callable[[], UUID]
"""Returns a new UUIDv7."""


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562), sortable by the time it was made."""
    return uuid7()
