"""Stays in places of living: what a period gives, whatever the stays."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cordee_core.places.stays import KINDS, Stay, figures, overlaps

FIRST = date(2026, 1, 1)
days = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def histories(draw: st.DrawFn) -> list[Stay]:
    """Stays one after the other, with gaps or without; the last one may be open."""
    starts = sorted(draw(st.sets(days, min_size=0, max_size=8)))
    found = []
    for index, start in enumerate(starts):
        following = starts[index + 1] if index + 1 < len(starts) else None
        latest = following or start + timedelta(days=30)
        ends = st.dates(start, latest)
        end = draw(ends if following else st.none() | ends)
        found.append(Stay(draw(st.sampled_from(KINDS)), start, end))
    return found


@given(histories(), days, days)
def test_each_day_of_the_period_is_counted_once(stays: list[Stay], first: date, last: date) -> None:
    found = figures(stays, first, last)
    assert found.unrecorded >= 0
    whole = (last - first).days + 1 if last >= first else 0
    assert sum(found.days.values()) + found.unrecorded == whole


@given(histories(), days, days)
def test_days_agree_with_a_count_day_by_day(stays: list[Stay], first: date, last: date) -> None:
    counted = dict.fromkeys(KINDS, 0)
    for number in range(max(0, (last - first).days + 1)):
        day = first + timedelta(days=number)
        there = [one for one in stays if one.starts_on <= day and (one.ends_on or last) >= day]
        if there:
            counted[max(there, key=lambda one: one.starts_on).kind] += 1
    assert figures(stays, first, last).days == counted


@given(histories(), days)
def test_a_stay_never_fits_where_another_one_begins(stays: list[Stay], day: date) -> None:
    assert overlaps([*stays, Stay("home", day)], day, None)


@given(histories())
def test_returns_are_moves(stays: list[Stay]) -> None:
    found = figures(stays, FIRST, FIRST + timedelta(days=400))
    assert 0 <= found.returns <= found.moves == max(0, len(stays) - 1)


def test_a_move_into_a_home_from_elsewhere_is_a_return_and_between_homes_is_none() -> None:
    kinds = ("home", "home", "shelter", "home")
    stays = [Stay(kind, FIRST + timedelta(days=10 * n)) for n, kind in enumerate(kinds)]
    found = figures(stays, FIRST, FIRST + timedelta(days=39))
    assert (found.moves, found.returns) == (3, 1)
    assert found.days["shelter"] == 10
