"""How likely two records are of one person: a score of 0 to 100 and the reasons. Pure.

Names count up to 50, by the words that fit best; a birth date 35, a telephone number 20, an
identifier 70; what contradicts counts against it. It is a hint for a person, who decides: nothing
is ever merged by itself.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cordee_core.people.fold import last_digits, name_tokens
from cordee_core.people.names import texts_of

LEAST = 60
"""Lowest score that is shown."""
_NAMES = 50
_SAME_NAME, _SIMILAR_NAME = 100, 70
_FEWEST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for or against, with what it counts."""

    code: str
    points: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score of 0 to 100 and its reasons, the weightiest first."""

    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a record is compared; identifiers by (kind, system)."""

    names: frozenset[str]
    birth_date: date | None = None
    precision: str | None = None
    phones: frozenset[str] = frozenset()
    identifiers: frozenset[tuple[tuple[str, str], str]] = frozenset()


def traits_of(row: Mapping[str, Any], identifiers: Iterable[Mapping[str, Any]] = ()) -> Traits:
    """Return what is compared of a person's row and identifiers."""
    phones = [
        row["phone"],
        *(one["value"] for one in row["contact_points"] if one["kind"] == "phone"),
    ]
    digits = (last_digits(one or "") for one in phones)
    return Traits(
        frozenset(name_tokens(texts_of(row))),
        row["birth_date"],
        row["birth_date_precision"],
        frozenset(one for one in digits if len(one) >= _FEWEST_DIGITS),
        frozenset(((one["kind"], one["system"]), one["value"]) for one in identifiers),
    )


def likeness(one: Traits, other: Traits) -> Likeness:
    """Return how likely two records are of one person; the same whichever comes first."""
    reasons = [*_names(one, other), *_births(one, other), *_identifiers(one, other)]
    if one.phones & other.phones:
        reasons.append(Reason("same_phone", 20))
    ordered = sorted(reasons, key=lambda reason: (-abs(reason.points), reason.code))
    return Likeness(max(0, min(100, sum(reason.points for reason in reasons))), tuple(ordered))


def similarity(one: Collection[str], other: Collection[str]) -> int:
    """Return how alike two sets of folded words are, 0 to 100: order does not matter.

    Each word of the shorter set is compared with the one of the other set that fits it best
    (Dice's coefficient of pairs of letters).
    """
    short, long = sorted((sorted(one), sorted(other)), key=lambda words: (len(words), words))
    if not short:
        return 0
    found = sum(max(_dice(word, each) for each in long) for word in short)
    return found // len(short)


def _dice(one: str, other: str) -> int:
    if one == other:
        return 100
    pairs, others = _pairs(one), _pairs(other)
    shared = sum(min(count, others.get(pair, 0)) for pair, count in pairs.items())
    total = sum(pairs.values()) + sum(others.values())
    return 200 * shared // total if total else 0


def _pairs(word: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(-1, len(word)):
        pair = f" {word} "[start + 1 : start + 3]
        found[pair] = found.get(pair, 0) + 1
    return found


def _names(one: Traits, other: Traits) -> list[Reason]:
    alike = similarity(one.names, other.names)
    if alike < _SIMILAR_NAME:
        return []
    code = "same_name" if alike == _SAME_NAME else "similar_name"
    return [Reason(code, _NAMES * alike // 100)]


def _births(one: Traits, other: Traits) -> list[Reason]:
    first, second = one.birth_date, other.birth_date
    if first is None or second is None:
        return []
    exact = one.precision == other.precision == "day"
    if exact and first == second:
        return [Reason("same_birth_date", 35)]
    if not exact:
        return [_coarse(one, other)]
    if (first.year, first.day, first.month) == (second.year, second.month, second.day):
        return [Reason("swapped_birth_date", 25)]
    return [Reason("other_birth_date", -20)]


def _coarse(one: Traits, other: Traits) -> Reason:
    assert one.birth_date is not None
    assert other.birth_date is not None
    months = "year" not in (one.precision, other.precision)
    same = one.birth_date.year == other.birth_date.year and (
        not months or one.birth_date.month == other.birth_date.month
    )
    return Reason("compatible_birth_date", 15) if same else Reason("other_birth_date", -20)


def _identifiers(one: Traits, other: Traits) -> list[Reason]:
    if one.identifiers & other.identifiers:
        return [Reason("same_identifier", 70)]
    kinds = {kind for kind, _ in one.identifiers} & {kind for kind, _ in other.identifiers}
    return [Reason("other_identifier", -60)] if kinds else []
