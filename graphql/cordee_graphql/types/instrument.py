"""Instruments: questionnaires and grids of plugins."""

from decimal import Decimal

import strawberry

from cordee_core.instruments import model as core
from cordee_graphql.types.declaring import described, field, localised, maybe_localised
from cordee_graphql.types.enums import ItemType, LicenceVerdict
from cordee_graphql.types.sources import Source


@described
class ItemOption:
    """One answer of a choice."""

    own: strawberry.Private[core.Option]
    label = localised("The answer in words.", lambda self: self.own.label)

    @field
    def code(self) -> str:
        """The answer to give."""
        return self.own.code

    @field
    def score(self) -> Decimal | None:
        """What it counts; null where it has no score."""
        return self.own.score


@described
class InstrumentItem:
    """One question. Its wording is null where the licence does not let it travel."""

    own: strawberry.Private[core.Item]
    label = maybe_localised("A short heading of ours.", lambda self: self.own.label)
    text = maybe_localised("The wording that is read out.", lambda self: self.own.text)

    @field
    def link_id(self) -> str:
        """Its name among the answers."""
        return self.own.link_id

    @field
    def type(self) -> ItemType:
        """What the answer is."""
        return ItemType(self.own.type)

    @field
    def options(self) -> list[ItemOption]:
        """The answers of a choice; empty for other types."""
        return [ItemOption(own=one) for one in self.own.options]

    @field
    def minimum(self) -> Decimal | None:
        """The lowest number taken."""
        return self.own.minimum

    @field
    def maximum(self) -> Decimal | None:
        """The highest number taken."""
        return self.own.maximum

    @field
    def required(self) -> bool:
        """Whether the scores need it."""
        return self.own.required

    @field
    def not_applicable(self) -> bool:
        """Whether `na` (does not apply) is an answer."""
        return self.own.na

    @field
    def life_domain(self) -> str | None:
        """Code of the life domain that it explores, if it explores one."""
        return self.own.domain

    @field
    def conditional(self) -> bool:
        """Whether it is asked only after certain answers."""
        return self.own.enable_when is not None


@described
class Licence:
    """Whether the wording may travel with the plugin, and on what ground."""

    verdict: LicenceVerdict = strawberry.field(description="Whether it may.")
    holder: str = strawberry.field(description="Who holds the rights.")
    terms: str = strawberry.field(description="Under which terms.")


@described
class InstrumentScore:
    """One score of an instrument."""

    own: strawberry.Private[core.Score]
    title = localised("Its name.", lambda self: self.own.title)

    @field
    def key(self) -> str:
        """Its key in the result."""
        return self.own.key


@described
class SafetyFlag:
    """Something in the answers for which somebody is called at once."""

    own: strawberry.Private[core.Flag]
    label = localised("What is flagged.", lambda self: self.own.label)

    @field
    def code(self) -> str:
        """Its code in the instrument."""
        return self.own.code

    @field
    def due_hours(self) -> int:
        """Within how many hours whoever is called must have seen to it."""
        return self.own.due_hours


@described
class Instrument:
    """A versioned questionnaire or grid with its scoring rule."""

    plugin: str = strawberry.field(description="The plugin that brings it.")
    own: strawberry.Private[core.Instrument]
    title = localised("Its name.", lambda self: self.own.title)
    description = localised("What it is for.", lambda self: self.own.description)
    caution = maybe_localised("What to mind.", lambda self: self.own.caution)

    @field
    def code(self) -> str:
        """Its code."""
        return self.own.code

    @field
    def version(self) -> str:
        """Its version."""
        return self.own.version

    @field
    def licence(self) -> Licence:
        """Whether its wording may travel."""
        found = self.own.licence
        verdict = LicenceVerdict(found.verdict)
        return Licence(verdict=verdict, holder=found.holder, terms=found.terms)

    @field
    def items(self) -> list[InstrumentItem]:
        """Its questions, in order."""
        return [InstrumentItem(own=one) for one in self.own.items]

    @field
    def scores(self) -> list[InstrumentScore]:
        """What is scored."""
        return [InstrumentScore(own=one) for one in self.own.scores]

    @field
    def safety_flags(self) -> list[SafetyFlag]:
        """Its safety flags: it is used once the organisation has set who is called for them."""
        return [SafetyFlag(own=one) for one in self.own.safety_flags]

    @field
    def validity_days(self) -> int | None:
        """Days for which an assessment counts as current."""
        return self.own.validity_days

    @field
    def languages(self) -> list[str]:
        """Languages (ISO 639) that it was validated in."""
        return list(self.own.languages)

    @field
    def sources(self) -> list[Source]:
        """Where it comes from."""
        return [Source.of(one) for one in self.own.sources]
