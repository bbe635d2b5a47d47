"""The parts of a model: stages, norms, schedules, approvals, and what of a programme it carries."""

from decimal import Decimal

import strawberry

from cordee_core.programmes import model as core
from cordee_graphql.types.declaring import described, field, localised
from cordee_graphql.types.enums import ScheduleUnit


@described
class ModelStage:
    """One stage of a model."""

    own: strawberry.Private[core.Stage]
    name = localised("Its name.", lambda self: self.own.name)

    @field
    def code(self) -> str:
        """Its code; the stages that a case can be in today are those of the enum `Stage`."""
        return self.own.code

    @field
    def instruments(self) -> list[str]:
        """Codes of the instruments that must be final before the case leaves it."""
        return list(self.own.instruments)


@described
class ModelTransition:
    """A change of stage that a model allows."""

    start: str = strawberry.field(description="Code of the stage that the case leaves.")
    end: str = strawberry.field(description="Code of the stage that it goes to.")
    guards: list[str] = strawberry.field(description="Guards beyond those that always hold.")


@described
class CaseloadWeight:
    """How much a case of one intensity counts."""

    intensity: str = strawberry.field(description="Code of the step of intensity.")
    weight: Decimal = strawberry.field(description="What one case counts.")


@described
class Caseload:
    """How many cases one member leads."""

    recommended: Decimal = strawberry.field(description="The weighted count advised.")
    maximum: Decimal = strawberry.field(description="The weighted count allowed.")
    weights: list[CaseloadWeight] = strawberry.field(description="What each case counts.")


@described
class ReviewClock:
    """Days from one review to the next."""

    risk: str = strawberry.field(description="The level of risk.")
    days: int = strawberry.field(description="Days to the next review.")


@described
class Intensity:
    """One step of intensity."""

    own: strawberry.Private[core.Intensity]
    name = localised("Its name.", lambda self: self.own.name)

    @field
    def code(self) -> str:
        """Its code in the model."""
        return self.own.code

    @field
    def contacts_per_month(self) -> Decimal:
        """How often the person is met."""
        return self.own.contacts_per_month


@described
class Approval:
    """An act that takes effect only when somebody approves it."""

    act: str = strawberry.field(description="Which act.")
    role: str = strawberry.field(description="The role that approves.")


@described
class Signatory:
    """Somebody who signs the plan beside the person."""

    own: strawberry.Private[core.Signatory]
    name = localised("Who it is.", lambda self: self.own.name)

    @field
    def code(self) -> str:
        """Its code in the model."""
        return self.own.code

    @field
    def required(self) -> bool:
        """Whether the plan waits for the signature."""
        return self.own.required


@described
class Schedule:
    """Something due relative to an event."""

    own: strawberry.Private[core.Schedule]
    name = localised("What is due.", lambda self: self.own.name)

    @field
    def code(self) -> str:
        """Its code."""
        return self.own.code

    @field
    def anchor(self) -> str:
        """The event that it is counted from."""
        return self.own.anchor

    @field
    def offset(self) -> int:
        """How far from the event; below zero before it."""
        return self.own.offset

    @field
    def unit(self) -> ScheduleUnit:
        """What the offset counts."""
        return ScheduleUnit(self.own.unit)

    @field
    def every(self) -> int | None:
        """After how many of the unit it is due again; null where it is due once."""
        return self.own.every

    @field
    def window_days(self) -> int:
        """How many days it may take."""
        return self.own.window_days

    @field
    def kind(self) -> str:
        """What is done: a visit, a call, a review."""
        return self.own.kind

    @field
    def audience(self) -> str:
        """With or by whom it is done."""
        return self.own.audience

    @field
    def miss(self) -> str:
        """What follows where it is not done: `escalate`, `block` or `remind`."""
        return self.own.miss


@described
class RequiredTraining:
    """A training that whoever uses an instrument or a method must have."""

    training: str = strawberry.field(description="Code of the training.")
    instrument: str | None = strawberry.field(description="The instrument that asks for it.")
    method: str | None = strawberry.field(description="The method that asks for it.")


@described
class Carrier:
    """Where a method or service of a programme has its place in the model."""

    method: str | None = strawberry.field(description="Code of the programme's method.")
    service: str | None = strawberry.field(description="Code of the programme's service.")
    stage: str | None = strawberry.field(description="The stage in which it is done.")
    role: str | None = strawberry.field(description="The role that does it.")
    provider: str | None = strawberry.field(description="Who provides it.")
