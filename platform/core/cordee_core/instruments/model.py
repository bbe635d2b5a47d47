"""What an instrument is: a superset of a FHIR R4 Questionnaire, bilingual, with its scores."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, get_args

from cordee_core.definitions import Source
from cordee_core.instruments.conditions import Condition
from cordee_core.languages import Text

Verdict = Literal["ship", "content_pack", "definition_only", "forbidden"]
VERDICTS: tuple[str, ...] = get_args(Verdict)
ItemType = Literal["choice", "multi_choice", "number", "text", "date", "boolean"]
ITEM_TYPES: tuple[str, ...] = get_args(ItemType)
NOT_APPLICABLE = "na"
"""The answer that says an item does not apply; only items that allow it take it."""


@dataclass(frozen=True, slots=True)
class Licence:
    """Whether the wording may travel with the plugin, and on what ground.

    `exempt` says why an instrument that ships has a wording missing.
    """

    verdict: Verdict
    holder: str
    terms: str
    exempt: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice: its code for machines, its label for persons, its score."""

    code: str
    label: Text
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `label` is our short heading, `text` the wording that is read out.

    `domain` is the life domain that it explores, if it explores one.
    """

    link_id: str
    type: ItemType
    label: Text | None = None
    text: Text | None = None
    options: tuple[Option, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    whole: bool = True
    required: bool = True
    na: bool = False
    enable_when: Condition | None = None
    domain: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict[str, str])

    def option(self, code: str) -> Option | None:
        """Return the option with that code, or None."""
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, slots=True)
class Subscale:
    """A named part of the items, scored by itself."""

    code: str
    title: Text
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What a score does about items without an answer.

    ``refuse`` gives no score, ``prorate`` replaces up to `most` of them by the mean of the rest,
    ``ignore`` takes the answers that are there.
    """

    policy: Literal["refuse", "prorate", "ignore"] = "refuse"
    most: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One value that a result can take, with its label and what decides for it."""

    code: str
    label: Text
    when: Condition | None = None
    start: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """One key of the result: a declared function with its inputs.

    The function says which of the fields it reads (`cordee_core.instruments.functions`).
    """

    key: str
    title: Text
    function: str
    items: tuple[str, ...] = ()
    of: str | None = None
    missing: Missing = field(default_factory=Missing)
    decimals: int = 0
    cases: tuple[Case, ...] = ()
    otherwise: Case | None = None
    unknown: str | None = None
    when: Condition | None = None
    table: Mapping[str, object] = field(default_factory=dict[str, object])
    constant: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Flag:
    """Something in the answers that a person must look at, whatever the score.

    `severity` ``urgent`` is a safety flag: somebody must be named who is called before the
    instrument is used, and has `due_hours` to see to it.
    """

    code: str
    label: Text
    when: Condition
    severity: Literal["notice", "urgent"] = "notice"
    due_hours: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """A worked example: these answers give these keys of the result."""

    answers: object
    expect: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A versioned questionnaire or grid with its scoring rule.

    `validity_days` says how long an assessment counts as current; `decided_by` names the scores
    without which the result is not scorable.
    """

    code: str
    version: str
    title: Text
    description: Text
    licence: Licence
    sources: tuple[Source, ...]
    effective: datetime.date
    items: tuple[Item, ...]
    scores: tuple[Score, ...]
    decided_by: tuple[str, ...]
    flags: tuple[Flag, ...] = ()
    subscales: tuple[Subscale, ...] = ()
    validity_days: int | None = None
    populations: tuple[Text, ...] = ()
    languages: tuple[str, ...] = ()
    caution: Text | None = None
    codes: Mapping[str, str] = field(default_factory=dict[str, str])
    references: tuple[Reference, ...] = ()

    @property
    def safety_flags(self) -> tuple[Flag, ...]:
        """The flags for which somebody is called."""
        return tuple(flag for flag in self.flags if flag.severity == "urgent")

    def item(self, link_id: str) -> Item | None:
        """Return the item with that linkId, or None."""
        return next((item for item in self.items if item.link_id == link_id), None)
