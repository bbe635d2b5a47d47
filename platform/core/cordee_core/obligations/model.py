"""The order of obligations: what is open comes first, and what is due first before the rest."""

from datetime import datetime
from uuid import UUID

STATUSES = ("open", "done", "cancelled")
_REST = 72


def due_key(due_at: datetime, identifier: UUID, *, is_open: bool) -> UUID:
    """Return the key by which obligations are listed: open or not, moment due, then the id.

    A UUID, because lists are paged by one unique column: 8 bits for open (0) or settled (1), 48
    for the milliseconds since 1970, and the last 72 bits of the id.
    """
    moment = min(max(int(due_at.timestamp() * 1000), 0), 2**48 - 1)
    rest = identifier.int & (2**_REST - 1)
    return UUID(int=((0 if is_open else 1) << (48 + _REST)) | (moment << _REST) | rest)
