"""The weight of a caseload: pure, with the formula that shows how the number comes about."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cordee_core.languages import LANGUAGES, Language, Text, pick, say


@dataclass(frozen=True, slots=True)
class LoadPart:
    """Cases of one weight: how many, what each counts, which step of intensity they are of."""

    count: int
    weight: Decimal
    intensity: str | None = None
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What a member leads, weighted, against the norm of a model."""

    parts: tuple[LoadPart, ...]
    recommended: Decimal
    maximum: Decimal

    @property
    def total(self) -> Decimal:
        """The weighted count: each case counts with the weight of its intensity."""
        return sum((part.count * part.weight for part in self.parts), Decimal(0))

    @property
    def state(self) -> str:
        """``within``, ``above_recommended`` (a warning) or ``above_maximum`` (blocked)."""
        if self.total > self.maximum:
            return "above_maximum"
        return "above_recommended" if self.total > self.recommended else "within"

    def formula(self, language: Language) -> str:
        """Return the sum as it is calculated, beside the norm."""
        terms = " + ".join(_term(part, language) for part in self.parts)
        return say(
            "staff", "formula", language,
            sum=terms or say("staff", "nothing", language), total=plain(self.total),
            recommended=plain(self.recommended), maximum=plain(self.maximum),
        )  # fmt: skip

    def formulas(self) -> Text:
        """Return the formula in every language."""
        return {language: self.formula(language) for language in LANGUAGES}

    def plus(self, weight: Decimal, intensity: str | None, label: Text | None) -> "Load":
        """Return the load with one case more."""
        same = [one for one in self.parts if (one.intensity, one.weight) == (intensity, weight)]
        others = [one for one in self.parts if one not in same]
        count = 1 + sum(one.count for one in same)
        parts = ordered([*others, LoadPart(count, weight, intensity, label)])
        return Load(parts, self.recommended, self.maximum)


def ordered(parts: Iterable[LoadPart]) -> tuple[LoadPart, ...]:
    """Return the parts, the heaviest first."""
    return tuple(sorted(parts, key=lambda part: (-part.weight, part.intensity or "")))


def plain(number: Decimal) -> str:
    """Return a number without zeros that say nothing: ``1.50`` is ``1.5``, ``30.0`` is ``30``."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _term(part: LoadPart, language: Language) -> str:
    given = {"count": part.count, "weight": plain(part.weight)}
    if part.intensity is None:
        return say("staff", "plain", language, **given)
    label = pick(part.label, language) if part.label else part.intensity
    return say("staff", "weighted", language, **given, label=label)
