"""What an answer says, whichever system gave it: so that only equal work is compared."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

_MOMENTS = {"openedAt", "createdAt"}
_WORDS = {"stage", "state"}
_OWN = {"cursor", "endCursor"}
"""Opaque and each system's own."""
_GIVEN_BY_CLOCK = {"id", "createdAt"}


class UnequalError(Exception):
    """Two systems gave different answers to one question."""


def facts(work: str, body: bytes) -> Any:
    """Return the facts in an answer.

    Raises:
        UnequalError: it holds errors, or nothing.
    """
    answer = json.loads(body)
    data = answer.get("data")
    if answer.get("errors") or not data or None in data.values():
        raise UnequalError(f"{work}: {body[:1500].decode('utf-8', 'replace')}")
    if work == "m1":
        return _written(data)
    if work == "q3":
        return _counted(data.get("dashboard", data))
    return _plain(next(iter(data.values())))


def compare(work: str, bodies: Mapping[str, bytes]) -> None:
    """Return if all answers hold the same facts.

    Raises:
        UnequalError: they do not; the text shows two of them.
    """
    found = {system: facts(work, body) for system, body in bodies.items()}
    (first, expected), *others = found.items()
    for system, given in others:
        if given != expected:
            raise UnequalError(f"{work}:\n{first}: {expected}\n{system}: {given}")


def _plain(value: Any, key: str = "") -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        given = cast("dict[str, Any]", value)
        if set(given) == {"nodes"}:
            return _plain(given["nodes"])
        return {name: _plain(one, name) for name, one in given.items() if name not in _OWN}
    return _leaf(value, key)


def _leaf(value: Any, key: str) -> Any:
    if isinstance(value, float):
        return str(value)  # a number that is no whole one goes out as text, exact, by our API
    if not isinstance(value, str):
        return value
    if key in _MOMENTS:
        return datetime.fromisoformat(value)
    if key in _WORDS:
        return value.lower()
    if key == "id":
        return _uuid(value)
    return value


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        return UUID(base64.b64decode(value).decode().rpartition(":")[2])


def _counted(data: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return each count with what it counts, in one order; a count of zero says nothing."""
    found: dict[str, list[Any]] = {}
    for name, rows in data.items():
        pairs = [(_subject(_plain(row)), row["count"]) for row in rows if row["count"]]
        found[name] = sorted(pairs)
    return found


def _subject(row: Mapping[str, Any]) -> str:
    inner = row.get("referent") or row
    return str(next(one for name, one in inner.items() if name != "count"))


def _written(data: Mapping[str, Any]) -> Any:
    (payload,) = data.values()
    if payload.get("userErrors"):
        raise UnequalError(f"m1: {payload}")
    note = _plain(payload["note"])
    if not note.keys() >= _GIVEN_BY_CLOCK:
        raise UnequalError(f"m1: {payload}")
    return {name: one for name, one in note.items() if name not in _GIVEN_BY_CLOCK}
