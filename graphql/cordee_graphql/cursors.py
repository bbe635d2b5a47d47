"""Cursors: the sort key of a row, opaque to clients and checked when it comes back."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cordee_core.errors import InvalidInputError

Key = tuple[Any, ...]
"""A sort key: what the rows are ordered by, ending in something unique."""

PROBLEM = {
    "en": "it is no cursor of this list in this order.",
    "fr": "ce n'est pas un curseur de cette liste dans cet ordre.",
}
_LONGEST = 2000


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment


_WRITE: Mapping[type, Callable[[Any], object]] = {
    UUID: str,
    datetime: datetime.isoformat,
    date: date.isoformat,
    str: str,
    int: int,
}
_READ: Mapping[type, Callable[[Any], object]] = {
    UUID: UUID,
    datetime: _moment,
    date: date.fromisoformat,
}


def write_cursor(order: str, key: Key) -> str:
    """Return the cursor of the row with `key` in the list and order called `order`."""
    parts = [_WRITE[type(part)](part) if type(part) in _WRITE else str(part) for part in key]
    text = json.dumps([order, *parts], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, order: str, types: Sequence[type], argument: str) -> Key:
    """Return the key in `cursor`, which must be of the list and order `order`.

    A cursor is no secret and grants nothing: row security decides what a page holds. It is
    taken only if its parts have the `types` of the order's key.

    Raises:
        InvalidInputError: it is no such cursor; the path is `argument`.
    """
    try:
        if len(cursor) > _LONGEST:
            raise ValueError
        padded = cursor + "=" * (-len(cursor) % 4)
        found, *parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if found != order or len(parts) != len(types):
            raise ValueError
        return tuple(_part(kind, part) for kind, part in zip(types, parts, strict=True))
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise InvalidInputError(path=(argument,), problem=PROBLEM) from None


def _part(kind: type, part: object) -> object:
    if kind is int or kind is str:
        if type(part) is not kind or (isinstance(part, str) and not _storable(part)):
            raise ValueError
        return part
    if not isinstance(part, str):
        raise TypeError
    return _READ[kind](part)


def _storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
