"""Answers that are still valid: what is known already is not asked twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cordee_core.instruments.answers import fits
from cordee_core.instruments.model import Instrument


@dataclass(frozen=True, slots=True)
class ValidAnswer:
    """An answer that still counts: to which item, by whom, from which assessment, until when."""

    item: str
    value: object
    informant: str
    assessed_on: date
    valid_until: date | None
    assessment: UUID


def valid_answers(
    instrument: Instrument, rows: Iterable[Mapping[str, Any]]
) -> tuple[ValidAnswer, ...]:
    """Return the newest answer of each informant to each item, in the order of the items.

    `rows` are the valid assessments, newest first, by whatever instrument. Where informants
    contradict each other, both answers are there. One that no longer fits its item is left out.
    """
    newest: dict[tuple[str, str], ValidAnswer] = {}
    for row in rows:
        if row["instrument_code"] != instrument.code:
            continue
        for item, value in row["answers"].items():
            one = ValidAnswer(
                item, value, row["informant"], row["assessed_on"], row["valid_until"], row["id"]
            )
            newest.setdefault((item, row["informant"]), one)
    return tuple(
        one
        for item in instrument.items
        for (name, _), one in sorted(newest.items())
        if name == item.link_id and fits(item, one.value)
    )


def answers_of(informant: str, known: Iterable[ValidAnswer]) -> dict[str, ValidAnswer]:
    """Return by item what one informant said."""
    return {one.item: one for one in known if one.informant == informant}


def explored(instrument: Instrument, answered: Iterable[str]) -> set[str]:
    """Return the life domains of the items that have an answer."""
    wanted = set(answered)
    return {item.domain for item in instrument.items if item.domain and item.link_id in wanted}
