"""The parts of a programme: why, for whom, which objectives, by which methods, with what."""

import datetime
from decimal import Decimal

import strawberry
from strawberry.scalars import JSON

from cordee_core.programmes import method, parts
from cordee_graphql.types.declaring import described, field, localised, maybe_localised
from cordee_graphql.types.exact import exact_json
from cordee_graphql.types.method import Episode


@described
class Profile:
    """One kind of person that a programme is for, and what it offers them."""

    own: strawberry.Private[parts.Profile]
    name = localised("Its name.", lambda self: self.own.name)

    @field
    def code(self) -> str:
        """Its code in the programme."""
        return self.own.code

    @field
    def criteria(self) -> str | None:
        """Code of the plugin's rule that selects."""
        return self.own.criteria

    @field
    def own_criteria(self) -> JSON | None:
        """The organisation's own rule that selects, as data."""
        return None if self.own.own_criteria is None else exact_json(self.own.own_criteria)

    @field
    def method(self) -> str | None:
        """Code of the method offered."""
        return self.own.method

    @field
    def intensity(self) -> str | None:
        """Code of the step of intensity offered."""
        return self.own.intensity


@described
class Indicator:
    """How the progress of an objective shows."""

    own: strawberry.Private[parts.Indicator]
    name = localised("Its name.", lambda self: self.own.name)
    rationale = localised("Why the target is thought reachable.", lambda self: self.own.rationale)
    unit = maybe_localised("The unit of its values.", lambda self: self.own.unit)

    @field
    def code(self) -> str:
        """Its code in the objective."""
        return self.own.code

    @field
    def baseline(self) -> Decimal:
        """The value at the start."""
        return self.own.baseline

    @field
    def target(self) -> Decimal:
        """The value aimed at."""
        return self.own.target

    @field
    def date(self) -> datetime.date:
        """By when."""
        return self.own.date


@described
class Objective:
    """What a programme wants to reach."""

    own: strawberry.Private[parts.Objective]
    name = localised("Its name.", lambda self: self.own.name)

    @field
    def code(self) -> str:
        """Its code in the programme."""
        return self.own.code

    @field
    def indicators(self) -> list[Indicator]:
        """How its progress shows."""
        return [Indicator(own=one) for one in self.own.indicators]


@described
class ProgrammeMethod:
    """How an episode of support is done in a programme."""

    own: strawberry.Private[method.Method]
    name = localised("Its name.", lambda self: self.own.name)
    description = localised("What is done.", lambda self: self.own.description)

    @field
    def code(self) -> str:
        """Its code in the programme."""
        return self.own.code

    @field
    def uses(self) -> str | None:
        """Code of the organisation's method that it is; null where it is written here."""
        return self.own.uses

    @field
    def version(self) -> int | None:
        """The version of the method that it uses."""
        return self.own.version

    @field
    def episodes(self) -> list[Episode]:
        """Its steps, in order."""
        return [Episode(own=one) for one in self.own.episodes]


@described
class CausalLink:
    """Why a method is thought to lead to an objective."""

    own: strawberry.Private[parts.CausalLink]
    theory = maybe_localised("The theory, in a sentence.", lambda self: self.own.theory)
    change = maybe_localised("The change expected.", lambda self: self.own.change)

    @field
    def objective(self) -> str:
        """Code of the objective."""
        return self.own.objective

    @field
    def method(self) -> str:
        """Code of the method."""
        return self.own.method


@described
class Staff:
    """People of one kind."""

    own: strawberry.Private[parts.Staff]
    role = localised("Which people.", lambda self: self.own.role)

    @field
    def full_time(self) -> Decimal:
        """How many, in full-time equivalents."""
        return self.own.full_time


@described
class Means:
    """Something that a programme needs beside people and money."""

    own: strawberry.Private[dict[str, str]]
    name = localised("What it is.", lambda self: self.own)


@described
class Money:
    """An amount of money; zero is a value."""

    minor_units: Decimal = strawberry.field(description="The amount in minor units (cents).")
    currency: str = strawberry.field(description="The currency (ISO 4217).")


@described
class Resources:
    """What a programme runs on."""

    own: strawberry.Private[parts.Resources]

    @field
    def people(self) -> list[Staff]:
        """The people."""
        return [Staff(own=one) for one in self.own.people]

    @field
    def means(self) -> list[Means]:
        """Other means."""
        return [Means(own=dict(one)) for one in self.own.means]

    @field
    def money(self) -> Money:
        """The money."""
        found = self.own.money
        return Money(minor_units=Decimal(found.amount), currency=found.currency)
