"""Why a condition holds or not: the criteria that decided it, with what was seen of the person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from cordee_core.definitions import Source
from cordee_core.languages import LANGUAGES, Text, pick, say
from cordee_core.rules.compiled import Condition
from cordee_core.rules.definition import Output
from cordee_core.rules.facts import Fact
from cordee_core.rules.nodes import (
    All,
    AnyOf,
    AtLeast,
    Between,
    Check,
    Compare,
    Constant,
    Exists,
    Holds,
    Member,
    Not,
    Value,
)
from cordee_core.rules.sentences import fact_of, facts_in, shown, statement
from cordee_core.rules.telling import Frame

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was compared: the fact (the first where a value follows from several), and with what."""

    fact: str | None
    value: object
    operator: str
    threshold: object


@dataclass(frozen=True, slots=True)
class Reason:
    """A criterion that decided: whether it is met, what was seen, where it is written, in words."""

    code: str
    met: bool
    seen: tuple[Seen, ...]
    source: Source
    sentence: Text


def distinct(items: Iterable[T]) -> tuple[T, ...]:
    """Return the items, each once, in their order."""
    found: list[T] = []
    for item in items:
        if item not in found:
            found.append(item)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Explainer:
    """Finds the deciding criteria of one evaluation."""

    frame: Frame
    facts: Mapping[str, Fact]
    outputs: tuple[Output, ...]
    source: Source

    def reasons(self, condition: Condition) -> tuple[Reason, ...]:
        """Return the criteria that make a decided `condition` true or false, each once."""
        return distinct(self._reasons(condition))

    def _reasons(self, condition: Condition) -> Iterable[Reason]:
        check = condition.check
        if check.mark is None and not _is_unit(check):
            for part in self._deciding(condition):
                yield from self._reasons(part)
            return
        seen = tuple(self._seen(condition))
        met = condition.truth(self.frame) is True
        yield Reason(
            code=_code(check),
            met=met,
            seen=distinct(one for one, _ in seen),
            source=(check.mark and check.mark.source) or self.source,
            sentence=self._sentence(check, [text for _, text in seen], met=met),
        )

    def _deciding(self, condition: Condition) -> Iterable[Condition]:
        """Return the parts that make `condition` what it is."""
        if isinstance(condition.check, Not):
            return condition.parts
        truth = condition.truth(self.frame)
        return [part for part in condition.parts if part.truth(self.frame) is truth]

    def _seen(self, condition: Condition) -> Iterable[tuple[Seen, Text]]:
        if condition.parts:
            for part in self._deciding(condition):
                yield from self._seen(part)
            return
        check = condition.check
        left, operator = _sides(check)
        told = [value(self.frame) for value in condition.values]
        threshold = _threshold(check, told)
        names = facts_in(check)
        seen = Seen(names[0] if names else None, told[0], operator, threshold)
        text = self._shown(left, told[0])
        if isinstance(check, Compare) and not isinstance(check.right, Constant):
            text = self._against(text, threshold)
        yield seen, text

    def _against(self, seen: Text, threshold: object) -> Text:
        """Return what was seen with the threshold beside it, which the criterion does not tell."""
        return {
            language: say(
                "rules",
                "against",
                language,
                seen=pick(seen, language),
                threshold=shown(threshold, None, language),
            )
            for language in LANGUAGES
        }

    def _shown(self, left: Value, value: object) -> Text:
        fact = fact_of(left, self.facts)
        label = fact.label if fact else self._label(left)
        return {
            language: say(
                "rules",
                "seen" if label else "computed",
                language,
                label=pick(label, language) if label else "",
                value=shown(value, fact, language),
            )
            for language in LANGUAGES
        }

    def _label(self, computed: Value) -> Text | None:
        """Return what a computed value is called: it has a name if it is a further answer, too."""
        return next((one.label for one in self.outputs if one.value == computed), None)

    def _sentence(self, check: Check, seen: list[Text], *, met: bool) -> Text:
        texts: dict[str, str] = {}
        for language in LANGUAGES:
            details = dict.fromkeys(pick(text, language) for text in seen)
            texts[language] = say(
                "rules",
                "met" if met else "not_met",
                language,
                statement=statement(check, self.facts, language),
                seen=say("rules", "joint", language).join(details)
                or say("rules", "no_fact", language),
            )
        return texts


def _is_unit(check: Check) -> bool:
    """Say whether `check` is explained as a whole: a leaf, or the denial of one."""
    if isinstance(check, Not):
        return check.part.mark is None and _is_unit(check.part)
    return not isinstance(check, (All, AnyOf, AtLeast))


def _code(check: Check) -> str:
    if check.mark is not None:
        return check.mark.code
    names = facts_in(check)
    return names[0] if names else "constant"


def _sides(check: Check) -> tuple[Value, str]:
    match check:
        case Compare():
            return check.left, check.operator
        case Member():
            return check.left, "in"
        case Between():
            return check.left, "between"
        case Holds():
            return check.fact, "=="
        case Exists():
            return check.fact, "exists"
        case _:
            raise TypeError(f"no leaf: {check!r}")


def _threshold(check: Check, told: list[object]) -> object:
    match check:
        case Compare():
            return told[1]
        case Between():
            return (told[1], told[2])
        case Member():
            return check.values
        case _:
            return True
