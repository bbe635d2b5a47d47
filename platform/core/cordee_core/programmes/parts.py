"""The parts of a programme: profiles, objectives, causal links and resources."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    code,
    day,
    decimal,
    name,
    natural,
    storable,
    string,
    text,
)
from cordee_core.languages import Text


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of person that a programme is for, and what it offers them.

    The criteria are a rule of a plugin by its code, or a rule of the tenant as data; a draft may
    have neither yet.
    """

    code: str
    name: Text
    criteria: str | None = None
    own_criteria: Mapping[str, object] | None = None
    method: str | None = None
    intensity: str | None = None

    @property
    def has_criteria(self) -> bool:
        """Whether somebody can be told apart by this profile."""
        return self.criteria is not None or self.own_criteria is not None


@dataclass(frozen=True, slots=True)
class Indicator:
    """How the progress of an objective shows: from `baseline` to `target` until `date`, and why."""

    code: str
    name: Text
    baseline: Decimal
    target: Decimal
    date: datetime.date
    rationale: Text
    unit: Text | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """What a programme wants to reach."""

    code: str
    name: Text
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True, slots=True)
class CausalLink:
    """Why a method is thought to lead to an objective, and the change expected."""

    objective: str
    method: str
    theory: Text | None = None
    change: Text | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """People of one kind, in full-time equivalents."""

    role: Text
    full_time: Decimal


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents) of an ISO 4217 currency; zero is a value."""

    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Resources:
    """What a programme runs on."""

    people: tuple[Staff, ...]
    means: tuple[Text, ...]
    money: Money


def profile(raw: object, where: str) -> Profile:
    """Return `raw` as a profile of the target group."""
    fields = Fields(raw, where, ("code", "name", "criteria", "own_criteria", "method", "intensity"))
    if "criteria" in fields and "own_criteria" in fields:
        raise DefinitionError(fields.at("own_criteria"), "criteria are given already")
    return Profile(
        code=fields.need("code", name),
        name=fields.need("name", text),
        criteria=fields.maybe("criteria", code),
        own_criteria=fields.maybe("own_criteria", storable),
        method=fields.maybe("method", name),
        intensity=fields.maybe("intensity", name),
    )


def objective(raw: object, where: str) -> Objective:
    """Return `raw` as an objective with its indicators."""
    fields = Fields(raw, where, ("code", "name", "indicators"))
    return Objective(
        code=fields.need("code", name),
        name=fields.need("name", text),
        indicators=fields.all("indicators", _indicator),
    )


def _indicator(raw: object, where: str) -> Indicator:
    fields = Fields(raw, where, ("code", "name", "baseline", "target", "date", "rationale", "unit"))
    return Indicator(
        code=fields.need("code", name),
        name=fields.need("name", text),
        baseline=fields.need("baseline", decimal),
        target=fields.need("target", decimal),
        date=fields.need("date", day),
        rationale=fields.need("rationale", text),
        unit=fields.maybe("unit", text),
    )


def causal_link(raw: object, where: str) -> CausalLink:
    """Return `raw` as a causal link; a draft may lack the theory."""
    fields = Fields(raw, where, ("objective", "method", "theory", "change"))
    return CausalLink(
        objective=fields.need("objective", name),
        method=fields.need("method", name),
        theory=fields.maybe("theory", text),
        change=fields.maybe("change", text),
    )


def resources(raw: object, where: str) -> Resources:
    """Return `raw` as resources: people, means and money are all named, zero being a value."""
    fields = Fields(raw, where, ("people", "means", "money"))
    for key in ("people", "means"):
        if key not in fields:
            raise DefinitionError(fields.at(key), "this key is missing; an empty list is a value")
    return Resources(
        people=fields.all("people", _staff),
        means=fields.all("means", text),
        money=fields.need("money", _money),
    )


def _staff(raw: object, where: str) -> Staff:
    fields = Fields(raw, where, ("role", "full_time"))
    return Staff(fields.need("role", text), fields.need("full_time", decimal))


def _money(raw: object, where: str) -> Money:
    fields = Fields(raw, where, ("amount", "currency"))
    currency = fields.need("currency", string)
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        raise DefinitionError(fields.at("currency"), f"{currency!r} is no ISO 4217 code")
    return Money(fields.need("amount", natural), currency)
