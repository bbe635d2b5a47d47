"""Figures from rounds: medians, spread, and how sure a ratio is."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

_RESAMPLES = 4000


@dataclass(frozen=True)
class Cell:
    """One system answering one question in one round; CPU in milliseconds per request."""

    work: str
    system: str
    round: int
    requests: int
    per_second: float
    p50: float
    p99: float
    app: float
    database: float
    size: float
    resident: float
    load: float

    @property
    def total(self) -> float:
        """CPU of the server and of PostgreSQL."""
        return self.app + self.database


@dataclass(frozen=True)
class Ratio:
    """How many times cheaper one is than another, with the range that holds it in 95 of 100."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def ratio(dearer: Sequence[float], cheaper: Sequence[float]) -> Ratio:
    """Return the ratio of the medians; its range by resampling whole rounds (bootstrap).

    `dearer` and `cheaper` hold one figure for each round, in the order of the rounds.
    """
    chance = random.Random(11)
    rounds = range(min(len(dearer), len(cheaper)))
    found = []
    for _ in range(_RESAMPLES):
        chosen = [chance.choice(rounds) for _ in rounds]
        found.append(median(dearer[i] for i in chosen) / median(cheaper[i] for i in chosen))
    found.sort()
    low, high = found[int(_RESAMPLES * 0.025)], found[int(_RESAMPLES * 0.975)]
    return Ratio(median(dearer) / median(cheaper), low, high)


def percentile(values: Sequence[float], hundredth: int) -> float:
    """Return the value below which `hundredth` of 100 of `values` lie."""
    return quantiles(values, n=100)[hundredth - 1] if len(values) > 1 else values[0]


def spread(values: Sequence[float]) -> str:
    """Return median and range as text."""
    return f"{median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def pick(cells: Sequence[Cell], work: str, system: str) -> list[Cell]:
    """Return the cells of one system and question, in the order of the rounds."""
    found = [one for one in cells if one.work == work and one.system == system]
    return sorted(found, key=lambda one: one.round)
