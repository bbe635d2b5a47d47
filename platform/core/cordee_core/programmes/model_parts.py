"""The parts of a model: stages, norms, approvals, and what of a programme it carries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    at,
    boolean,
    code,
    decimal,
    mapping,
    name,
    natural,
    one_of,
    string,
    text,
)
from cordee_core.languages import Text

STAGES = (
    *("intake", "assessment", "planning", "implementation", "monitoring", "evaluation", "closed"),
    *("on_hold", "reopened", "transferred", "refused", "merged"),
)
"""The stages that a case can be in, in the order of its life."""

RISKS = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the model, with the instruments that must be final before the case leaves it."""

    code: str
    name: Text
    instruments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of stage that the model allows, and its guards beyond those that always hold."""

    start: str
    end: str
    guards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caseload:
    """How many cases one member leads; each counts with the weight of its intensity."""

    recommended: Decimal
    maximum: Decimal
    weights: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Approval:
    """An act that takes effect only when a member of that role approves it."""

    act: str
    role: str


@dataclass(frozen=True, slots=True)
class Intensity:
    """One step of intensity: how often the person is met."""

    code: str
    name: Text
    contacts_per_month: Decimal


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who signs the plan beside the person; an optional one is asked, never waited for."""

    code: str
    name: Text
    required: bool = True


@dataclass(frozen=True, slots=True)
class Training:
    """A training that whoever uses the instrument or the method must have."""

    training: str
    instrument: str | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Carrier:
    """Where a method or service of a programme has its place: a stage, a role or a provider."""

    method: str | None = None
    service: str | None = None
    stage: str | None = None
    role: str | None = None
    provider: str | None = None


def stage(raw: object, where: str) -> Stage:
    """Return `raw` as a stage."""
    fields = Fields(raw, where, ("code", "name", "instruments"))
    return Stage(
        code=fields.need("code", one_of(STAGES)),
        name=fields.need("name", text),
        instruments=fields.all("instruments", code),
    )


def transition(raw: object, where: str, known: Callable[[object, str], str]) -> Transition:
    """Return `raw` as a transition between two `known` stages."""
    fields = Fields(raw, where, ("start", "end", "guards"))
    return Transition(
        fields.need("start", known), fields.need("end", known), fields.all("guards", name)
    )


def caseload(raw: object, where: str, step: Callable[[object, str], str]) -> Caseload:
    """Return `raw` as a norm whose weights are those of a `step` of intensity."""
    fields = Fields(raw, where, ("recommended", "maximum", "weights"))
    recommended, maximum = fields.need("recommended", decimal), fields.need("maximum", decimal)
    if recommended > maximum:
        raise DefinitionError(fields.at("maximum"), f"{maximum} is below recommended {recommended}")
    weights = fields.need("weights", mapping)
    place = fields.at("weights")
    return Caseload(
        recommended=recommended,
        maximum=maximum,
        weights={
            step(key, at(place, key)): decimal(weight, at(place, key))
            for key, weight in weights.items()
        },
    )


def review_days(raw: object, where: str) -> Mapping[str, int]:
    """Return `raw` as the days to the next review by level of risk."""
    fields = Fields(raw, where, RISKS)
    return {risk: fields.need(risk, natural) for risk in RISKS}


def approval(raw: object, where: str) -> Approval:
    """Return `raw` as an approval."""
    fields = Fields(raw, where, ("act", "role"))
    return Approval(fields.need("act", name), fields.need("role", name))


def intensity(raw: object, where: str) -> Intensity:
    """Return `raw` as a step of intensity."""
    fields = Fields(raw, where, ("code", "name", "contacts_per_month"))
    return Intensity(
        code=fields.need("code", name),
        name=fields.need("name", text),
        contacts_per_month=fields.need("contacts_per_month", decimal),
    )


def signatory(raw: object, where: str) -> Signatory:
    """Return `raw` as a further signatory."""
    fields = Fields(raw, where, ("code", "name", "required"))
    return Signatory(
        code=fields.need("code", name),
        name=fields.need("name", text),
        required=fields.get("required", boolean, default=True),
    )


def training(raw: object, where: str) -> Training:
    """Return `raw` as a training that one instrument or one method asks for."""
    fields = Fields(raw, where, ("training", "instrument", "method"))
    found = Training(
        training=fields.need("training", name),
        instrument=fields.maybe("instrument", code),
        method=fields.maybe("method", name),
    )
    if (found.instrument is None) == (found.method is None):
        raise DefinitionError(where, "one instrument or one method is needed")
    return found


def carrier(raw: object, where: str, known: Callable[[object, str], str]) -> Carrier:
    """Return `raw` as the place of one method or one service, at least one kind of place named."""
    fields = Fields(raw, where, ("method", "service", "stage", "role", "provider"))
    found = Carrier(
        method=fields.maybe("method", name),
        service=fields.maybe("service", string),
        stage=fields.maybe("stage", known),
        role=fields.maybe("role", name),
        provider=fields.maybe("provider", string),
    )
    if (found.method is None) == (found.service is None):
        raise DefinitionError(where, "one method or one service is needed")
    if found.stage is None and found.role is None and found.provider is None:
        raise DefinitionError(where, "a stage, a role or a provider is needed")
    return found
