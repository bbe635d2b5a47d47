"""What a rule answers, ready to be kept and shown."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias, cast

from cordee_core.rules.reasons import Reason

OutputValue: TypeAlias = "Decimal | int | bool | str | tuple[str, ...] | None"


@dataclass(frozen=True, slots=True)
class Versions:
    """What the result rests on: the rule's version, the first day of each parameter's value."""

    rule: str
    parameters: Mapping[str, datetime.date | None]
    on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """The outcome and how it came about; indicative, the decision is a person's.

    `outcome` is one of the rule's own, ``unknown``, or None for a rule that only determines values.
    `because` are the criteria that decided, `why` the codes of those that decided against. `ask`
    are the facts that could still change the outcome, cheapest first, `ask_for_outputs` those that
    would complete the further answers. `assumed` are facts that were not given and taken as the
    rule says. `missing_parameters` have no value for the date.
    """

    rule: str
    outcome: str | None
    because: tuple[Reason, ...]
    why: tuple[str, ...]
    ask: tuple[str, ...]
    ask_for_outputs: tuple[str, ...]
    assumed: Mapping[str, object]
    ignored: tuple[str, ...]
    in_force: bool
    missing_parameters: tuple[str, ...]
    outputs: Mapping[str, OutputValue]
    versions: Versions

    @property
    def decided(self) -> bool:
        """Whether the outcome stands, whatever is still learnt."""
        return self.outcome != "unknown"

    @property
    def parameter_missing(self) -> bool:
        """Whether a parameter without a value for the date keeps something from being told."""
        return bool(self.missing_parameters)

    def as_mapping(self) -> dict[str, object]:
        """Return the result with its outputs at the top level; numbers are exact (`Decimal`)."""
        return cast("dict[str, object]", _plain(self._sections(), exact=True))

    def as_json(self) -> dict[str, object]:
        """Return the same for storing and sending: what `json` can write.

        Whole numbers stay numbers; others, and all money, are decimal texts: no float loses a cent.
        """
        return cast("dict[str, object]", _plain(self._sections(), exact=False))

    def _sections(self) -> dict[str, object]:
        return {
            "rule": self.rule,
            "outcome": self.outcome,
            **self.outputs,
            "because": [_reason(reason) for reason in self.because],
            "why": self.why,
            "ask": self.ask,
            "ask_for_outputs": self.ask_for_outputs,
            "assumed": self.assumed,
            "ignored": self.ignored,
            "in_force": self.in_force,
            "parameter_missing": self.parameter_missing,
            "missing_parameters": self.missing_parameters,
            "versions": {
                "rule": self.versions.rule,
                "parameters": self.versions.parameters,
                "on": self.versions.on,
            },
        }


def _reason(reason: Reason) -> dict[str, object]:
    source = reason.source
    seen = [
        {
            "fact": one.fact,
            "value": one.value,
            "operator": one.operator,
            "threshold": one.threshold,
        }
        for one in reason.seen
    ]
    return {
        "code": reason.code,
        "met": reason.met,
        **(seen[0] if seen else {}),
        "seen": seen,
        "source": {"citation": source.citation, "date": source.date, "url": source.url},
        "sentence": reason.sentence,
    }


def _plain(value: object, *, exact: bool) -> object:
    """Return `value` in lists, mappings and scalars; dates become texts."""
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return {key: _plain(one, exact=exact) for key, one in items}
    if isinstance(value, (tuple, list)):
        return [_plain(one, exact=exact) for one in cast("Iterable[object]", value)]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal) and not exact:
        whole = value.as_tuple().exponent == 0
        return int(value) if whole else format(value, "f")
    return value
