"""Whom this process tells that cases changed, once the transaction that did it has committed.

What is told may be lost (the process dies between the commit and the word), so listeners wake
readers up and no more: the truth is in PostgreSQL.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

import structlog

Change = tuple[UUID, UUID]
"""Tenant and case."""
Listener = Callable[[frozenset[Change]], None]

LISTENERS: list[Listener] = []
"""Called in turn after each commit that changed a case; they must not wait for anything."""

_log = structlog.get_logger(__name__)


def tell(changes: Iterable[Change]) -> None:
    """Call every listener; one that fails disturbs neither the others nor the caller."""
    found = frozenset(changes)
    if not found:
        return
    for listener in tuple(LISTENERS):
        try:
            listener(found)
        except Exception as error:
            _log.warning("a listener failed", exc_info=error)
