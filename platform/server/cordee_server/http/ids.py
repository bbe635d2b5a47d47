"""Request ids: taken from the caller where they are fit for a log, else made."""

import re
from typing import Any

from cordee_core.clock import new_id

HEADER = b"x-request-id"
_FIT = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def header(scope: Any, name: bytes) -> str | None:
    """Return the first header `name` (lower case) of the request in `scope`."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return None


def request_id(scope: Any) -> str:
    """Return the id of the request in `scope`; the same each time it is asked."""
    state = scope.setdefault("state", {})
    if "request_id" not in state:
        given = (header(scope, HEADER) or "").encode("latin-1")
        state["request_id"] = given.decode() if _FIT.fullmatch(given) else str(new_id())
    found: str = state["request_id"]
    return found
