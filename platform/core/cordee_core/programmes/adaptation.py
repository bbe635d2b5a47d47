"""The record of a local adaptation: the original, what changed, why, and who was consulted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cordee_core.access.scope import Scope
from cordee_core.validation import maybe_text, need_one_of, need_text, problem

CONSULTED = ("persons", "relatives", "community", "professionals")
"""Who can be consulted on an adaptation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Consultation:
    """Who was asked about a change, and how or what they said."""

    who: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What is said of a change: why, who was consulted, and whose scoring no longer is validated.

    `unvalidated_scoring` are codes of instruments or rules that are used otherwise than their
    authors validated them.
    """

    reason: str | None = None
    consulted: Sequence[Consultation] = ()
    unvalidated_scoring: Sequence[str] = ()


NOTHING_SAID = Account()
"""A change of which nobody says anything."""


def copied(code: str, version: str) -> dict[str, Any]:
    """Return the record of a copy that nothing was changed in yet."""
    return {"original": code, "version": version, "changes": [], "unvalidated_scoring": []}


def adapted(
    scope: Scope,
    record: Mapping[str, Any] | None,
    parts: Iterable[str],
    account: Account,
    *,
    replaced: Iterable[str] = (),
) -> dict[str, Any] | None:
    """Return the record with one change added; None for what was written from nothing.

    `replaced` are codes whose scoring the change puts something of one's own in the place of: they
    are marked without anybody asking for it.

    Raises:
        InvalidInputError: a reason or a consultation is malformed.
    """
    reason = maybe_text(account.reason, "input", "reason", longest=2000)
    consulted = [_told(index, one) for index, one in enumerate(account.consulted)]
    marked = sorted({*_codes(account.unvalidated_scoring), *replaced})
    if record is None:
        return None
    made = {
        "parts": sorted(parts), "reason": reason, "consulted": consulted,
        "unvalidated_scoring": marked, "at": scope.clock().isoformat(),
        "by": str(scope.actor.id),
    }  # fmt: skip
    known = record.get("unvalidated_scoring", [])
    return {
        **record,
        "changes": [*record["changes"], made],
        "unvalidated_scoring": sorted({*known, *marked}),
    }


def _told(index: int, one: Consultation) -> dict[str, str]:
    place = ("input", "consulted", index)
    return {
        "who": need_one_of(one.who, CONSULTED, *place, "who"),
        "note": need_text(one.note, *place, "note", longest=2000),
    }


def _codes(given: Sequence[str]) -> list[str]:
    if len(given) > 100:
        raise problem(
            ("input", "unvalidatedScoring"),
            "at most 100 codes can be marked at once",
            "100 codes au plus peuvent être marqués à la fois",
        )
    return [
        need_text(one, "input", "unvalidatedScoring", index, longest=100)
        for index, one in enumerate(given)
    ]
