"""Arithmetic of periods: spans, breaks, bridges, occasions."""

import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_core.rules.functions import (
    Period,
    bridge_reaches,
    bridged,
    current_span_months,
    joined,
    months_between,
    occasions,
    span_days,
    years_before,
)

ON = datetime.date(2026, 1, 1)


def period(first: str, last: str) -> Period:
    return datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2025-01-15", "2025-02-15", 1),
        ("2025-01-15", "2025-02-14", 0),
        ("2025-01-31", "2025-02-28", 0),
        ("2025-01-31", "2025-03-01", 1),
        ("2024-02-29", "2025-02-28", 11),
        ("2025-02-15", "2025-01-15", -1),
        ("2024-11-01", "2026-01-01", 14),
    ],
)
def test_months_completed(start: str, end: str, months: int) -> None:
    assert months_between(*period(start, end)) == months


def test_years_before_clamps() -> None:
    assert years_before(datetime.date(2024, 2, 29), 1) == datetime.date(2023, 2, 28)
    assert years_before(datetime.date(1, 5, 5), 3) == datetime.date(1, 5, 5)


def test_a_break_of_seven_nights_separates_and_six_do_not() -> None:
    first = period("2025-01-01", "2025-01-10")
    six = period("2025-01-17", "2025-01-20")
    seven = period("2025-01-18", "2025-01-20")
    assert joined([six, first], 7) == [period("2025-01-01", "2025-01-20")]
    assert joined([seven, first], 7) == [first, seven]


def test_a_short_bridge_joins_and_a_long_one_breaks() -> None:
    before, after = period("2025-01-01", "2025-01-31"), period("2025-05-01", "2025-05-31")
    short = period("2025-02-01", "2025-04-30")
    assert (short[1] - short[0]).days + 1 == 89
    assert bridged([before, after], [short], 7, 90) == [period("2025-01-01", "2025-05-31")]
    later = (after[0] + datetime.timedelta(days=1), after[1])
    long = (short[0], short[1] + datetime.timedelta(days=1))
    assert bridged([before, later], [long], 7, 90) == [before, later]
    # It follows nothing, so it is not part of it.
    assert bridged([after], [short], 7, 90) == [after]


def test_a_span_is_current_until_a_break_is_complete() -> None:
    def months(last: str) -> int:
        return current_span_months(
            periods=[period("2024-11-01", last)],
            bridges=[],
            break_days=7,
            bridge_under_days=90,
            on=ON,
        )

    assert months("2025-12-31") == 14
    assert months("2025-12-25") == 13
    assert months("2025-12-24") == 0


def test_only_the_window_counts() -> None:
    periods = [period("2020-01-01", "2020-12-31"), period("2022-12-25", "2023-01-10")]
    windowed = {"bridges": [], "break_days": 7, "bridge_under_days": 90, "within_years": 3}
    assert occasions(periods=periods, on=ON, **windowed) == 1
    assert span_days(periods=periods, on=ON, **windowed) == 10
    # What has not happened yet does not count.
    future = [period("2025-12-31", "2026-06-30")]
    assert span_days(periods=future, on=ON, **windowed) == 2


@pytest.mark.parametrize(
    ("bridge", "reaches"),
    [
        (("2025-12-01", "2026-01-01"), True),
        (("2025-12-01", "2025-12-31"), True),
        (("2025-12-01", "2025-12-30"), False),
        (("2025-12-08", "2026-01-01"), False),
        (("2025-12-01", "2026-12-31"), True),
    ],
)
def test_whether_a_bridge_reaches_the_date(bridge: tuple[str, str], reaches: bool) -> None:
    found = bridge_reaches(
        periods=[period("2025-06-01", "2025-11-30")],
        bridges=[period(*bridge)],
        break_days=7,
        bridge_under_days=90,
        on=ON,
    )
    assert found is reaches


DAYS = st.dates(datetime.date(2022, 1, 1), datetime.date(2026, 12, 31))
PERIODS = st.lists(
    st.tuples(DAYS, st.integers(0, 200)).map(
        lambda pair: (pair[0], pair[0] + datetime.timedelta(days=pair[1]))
    ),
    max_size=6,
)


@given(periods=PERIODS, break_days=st.integers(1, 30))
def test_joined_spans_are_apart_and_cover_every_day(periods: list[Period], break_days: int) -> None:
    spans = joined(periods, break_days)
    for (_, last), (first, _) in pairwise(spans):
        assert (first - last).days - 1 >= break_days
    for first, last in periods:
        assert any(start <= first and last <= end for start, end in spans)
    assert joined(spans, break_days) == spans


@given(periods=PERIODS, bridges=PERIODS, on=DAYS)
def test_a_bridge_never_takes_days_away(
    periods: list[Period], bridges: list[Period], on: datetime.date
) -> None:
    def days(with_bridges: list[Period]) -> int:
        return span_days(
            periods=periods,
            bridges=with_bridges,
            break_days=7,
            bridge_under_days=90,
            within_years=3,
            on=on,
        )

    assert days(bridges) >= days([])
