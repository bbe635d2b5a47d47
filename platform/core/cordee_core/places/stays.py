"""Stays in places of living, and what they give over a period: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

KINDS: tuple[str, ...] = ("home", "institution", "shelter", "with_others", "none", "unknown")


@dataclass(frozen=True, slots=True)
class Stay:
    """Days in one kind of place; the day of a move counts for the place moved to."""

    kind: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a period gives: days by kind, days that nothing is recorded of, moves, returns.

    A return is a move into a home after a stay in anything else. ``unrecorded`` is no `unknown`:
    that somebody does not know where the person lived is recorded too.
    """

    days: dict[str, int]
    unrecorded: int
    moves: int
    returns: int


def figures(stays: Iterable[Stay], first: date, last: date) -> Figures:
    """Return the figures of the days from `first` to `last`, both counted."""
    ordered = sorted(stays, key=lambda one: one.starts_on)
    days = dict.fromkeys(KINDS, 0)
    for index, stay in enumerate(ordered):
        following = ordered[index + 1] if index + 1 < len(ordered) else None
        days[stay.kind] += _days_in(stay, following, first, last)
    whole = (last - first).days + 1 if last >= first else 0
    moves = _moves(ordered, first, last)
    return Figures(
        days=days,
        unrecorded=whole - sum(days.values()),
        moves=len(moves),
        returns=sum(1 for before, after in moves if after == "home" and before != "home"),
    )


def _days_in(stay: Stay, following: Stay | None, first: date, last: date) -> int:
    ends_on = stay.ends_on if stay.ends_on is not None else last
    if following is not None and ends_on >= following.starts_on:
        ends_on = following.starts_on - timedelta(days=1)
    start, end = max(stay.starts_on, first), min(ends_on, last)
    return max(0, (end - start).days + 1)


def _moves(ordered: Sequence[Stay], first: date, last: date) -> list[tuple[str, str]]:
    return [
        (one.kind, two.kind) for one, two in pairwise(ordered) if first <= two.starts_on <= last
    ]


def overlaps(stays: Iterable[Stay], starts_on: date, ends_on: date | None) -> bool:
    """Return whether a further stay would share a day with one of `stays`, moves left aside."""
    latest = ends_on or date.max
    return any(
        one.starts_on < latest and (one.ends_on is None or starts_on < one.ends_on) for one in stays
    ) or any(one.starts_on == starts_on for one in stays)
