"""Pure functions that a rule's node ``call`` may name, with the inputs they declare.

They are neutral: periods in, numbers out. A period is a pair of dates, first and last day, both
included. A plugin passes functions of its own to `parse_rule` beside these.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

Period: TypeAlias = tuple[datetime.date, datetime.date]
InputKind: TypeAlias = Literal["boolean", "number", "date", "text", "texts", "periods"]

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Function:
    """A pure function: same inputs, same answer, nothing read besides them.

    It is called only when each input is known, and always has an answer.
    """

    name: str
    inputs: Mapping[str, InputKind]
    result: InputKind
    run: Callable[..., object]


def months_between(start: datetime.date, end: datetime.date) -> int:
    """Return the whole months completed from `start` to `end`; a month ends on the same day number.

    From 31 January a month is complete on 1 March: no shorter month has that day.
    """
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if end.day < start.day else months


def years_before(day: datetime.date, years: int) -> datetime.date:
    """Return the same day `years` earlier; 28 February for a 29 that is not there."""
    year = min(max(day.year - int(years), datetime.MINYEAR), datetime.MAXYEAR)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def until(periods: Iterable[Period], on: datetime.date) -> list[Period]:
    """Return what of the periods has happened by `on`."""
    return [(first, min(last, on)) for first, last in periods if first <= on]


def joined(periods: Iterable[Period], break_days: int) -> list[Period]:
    """Return the periods in order; where fewer than `break_days` lie between two, they are one."""
    spans: list[Period] = []
    for first, last in sorted(periods):
        if spans and (first - spans[-1][1]).days - 1 < break_days:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return spans


def bridged(
    periods: Sequence[Period], bridges: Sequence[Period], break_days: int, bridge_under_days: int
) -> list[Period]:
    """Return the joined `periods` with each short bridge that follows one of them counted in.

    A bridge counts when it lasts less than `bridge_under_days` and begins before a break of
    `break_days` is complete. A longer one is left out, and so is what it would have joined.
    """
    spans = joined(periods, break_days)
    for first, last in sorted(bridges):
        follows = any(
            start <= first and (first - end).days - 1 < break_days for start, end in spans
        )
        if follows and (last - first).days + 1 < bridge_under_days:
            spans = joined([*spans, (first, last)], break_days)
    return spans


def _window(spans: Iterable[Period], on: datetime.date, years: int) -> list[Period]:
    begin = years_before(on, years)
    return [(max(first, begin), last) for first, last in spans if last >= begin]


def current_span_months(
    *,
    periods: Sequence[Period],
    bridges: Sequence[Period],
    break_days: int,
    bridge_under_days: int,
    on: datetime.date,
) -> int:
    """Return the whole months of the span that reaches `on`; 0 when none does.

    A span reaches `on` when it ended less than `break_days` before.
    """
    spans = bridged(until(periods, on), until(bridges, on), break_days, bridge_under_days)
    for first, last in spans:
        if (on - last).days - 1 < break_days:
            return months_between(first, last if last == datetime.date.max else last + _DAY)
    return 0


def span_days(
    *,
    periods: Sequence[Period],
    bridges: Sequence[Period],
    break_days: int,
    bridge_under_days: int,
    within_years: int,
    on: datetime.date,
) -> int:
    """Return the days of all spans of the last `within_years` years together."""
    spans = bridged(until(periods, on), until(bridges, on), break_days, bridge_under_days)
    return sum((last - first).days + 1 for first, last in _window(spans, on, within_years))


def occasions(
    *,
    periods: Sequence[Period],
    bridges: Sequence[Period],
    break_days: int,
    bridge_under_days: int,
    within_years: int,
    on: datetime.date,
) -> int:
    """Return how many separate spans the last `within_years` years hold."""
    spans = bridged(until(periods, on), until(bridges, on), break_days, bridge_under_days)
    return len(_window(spans, on, within_years))


def bridge_reaches(
    *,
    periods: Sequence[Period],
    bridges: Sequence[Period],
    break_days: int,
    bridge_under_days: int,
    on: datetime.date,
) -> bool:
    """Say whether a short bridge that follows a period covers `on` or ended just before it."""
    spans = joined(until(periods, on), break_days)
    return any(
        (on - last).days <= 1
        and (last - first).days + 1 < bridge_under_days
        and any(start <= first and (first - end).days - 1 < break_days for start, end in spans)
        for first, last in until(bridges, on)
    )


_SPANS: Mapping[str, InputKind] = {
    "periods": "periods",
    "bridges": "periods",
    "break_days": "number",
    "bridge_under_days": "number",
    "on": "date",
}
_WINDOWED: Mapping[str, InputKind] = {**_SPANS, "within_years": "number"}

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        function.name: function
        for function in (
            Function("current_span_months", _SPANS, "number", current_span_months),
            Function("span_days", _WINDOWED, "number", span_days),
            Function("occasions", _WINDOWED, "number", occasions),
            Function("bridge_reaches", _SPANS, "boolean", bridge_reaches),
        )
    }
)
"""The functions every rule may call, by name."""
