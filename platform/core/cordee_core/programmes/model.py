"""Models: how an organisation carries a programme out, from stage to stage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    Source,
    at,
    code,
    decimal,
    mapping,
    name,
    natural,
    one_of,
    source,
    string,
    text,
    unique,
)
from cordee_core.languages import Text

STAGES = (
    *("intake", "assessment", "planning", "implementation", "monitoring", "evaluation", "closed"),
    *("on_hold", "reopened", "transferred", "refused"),
)
"""The stages that a case can be in, in the order of its life."""

LEADS = ("single_referent", "shared_team")
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
class ModelTemplate:
    """How a programme is carried out. `review_days` gives the days to the next review by risk."""

    code: str
    version: str
    title: Text
    description: Text
    leads: str
    stages: tuple[Stage, ...]
    transitions: tuple[Transition, ...]
    caseload: Caseload
    review_days: Mapping[str, int]
    supervision_days: int
    intensities: tuple[Intensity, ...]
    approvals: tuple[Approval, ...] = ()
    sources: tuple[Source, ...] = ()

    def stage(self, code: str) -> Stage | None:
        """Return the stage with that code, or None where the model does not have it."""
        return next((stage for stage in self.stages if stage.code == code), None)

    def allows(self, start: str, end: str) -> bool:
        """Return whether a case may go from one stage to another under this model."""
        return any(one.start == start and one.end == end for one in self.transitions)

    def to_json(self) -> dict[str, object]:
        """Return the model as `parse_model` takes it back."""
        return dict(msgspec.to_builtins(self))


_KEYS = (
    *("code", "version", "title", "description", "leads", "stages", "transitions", "caseload"),
    *("review_days", "supervision_days", "intensities", "approvals", "sources"),
)


def parse_model(raw: Mapping[str, object]) -> ModelTemplate:
    """Return the model that `raw` defines; its transitions and weights name what it has.

    Raises:
        DefinitionError: something is missing, unknown or untranslated.
    """
    fields = Fields(raw, "", _KEYS)
    stages = fields.all("stages", _stage)
    intensities = fields.all("intensities", _intensity)
    unique((one.code for one in stages), "stages")
    unique((one.code for one in intensities), "intensities")
    stage = one_of(one.code for one in stages)
    steps = one_of(one.code for one in intensities)
    return ModelTemplate(
        code=fields.need("code", code),
        version=fields.need("version", string),
        title=fields.need("title", text),
        description=fields.need("description", text),
        leads=fields.need("leads", one_of(LEADS)),
        stages=stages,
        transitions=fields.all("transitions", lambda one, where: _transition(one, where, stage)),
        caseload=fields.need("caseload", lambda one, where: _caseload(one, where, steps)),
        review_days=fields.need("review_days", _review_days),
        supervision_days=fields.need("supervision_days", natural),
        intensities=intensities,
        approvals=fields.all("approvals", _approval),
        sources=fields.all("sources", source),
    )


def _stage(raw: object, where: str) -> Stage:
    fields = Fields(raw, where, ("code", "name", "instruments"))
    return Stage(
        code=fields.need("code", one_of(STAGES)),
        name=fields.need("name", text),
        instruments=fields.all("instruments", code),
    )


def _transition(raw: object, where: str, stage: Callable[[object, str], str]) -> Transition:
    fields = Fields(raw, where, ("start", "end", "guards"))
    return Transition(
        fields.need("start", stage), fields.need("end", stage), fields.all("guards", name)
    )


def _caseload(raw: object, where: str, step: Callable[[object, str], str]) -> Caseload:
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


def _review_days(raw: object, where: str) -> Mapping[str, int]:
    fields = Fields(raw, where, RISKS)
    return {risk: fields.need(risk, natural) for risk in RISKS}


def _approval(raw: object, where: str) -> Approval:
    fields = Fields(raw, where, ("act", "role"))
    return Approval(fields.need("act", name), fields.need("role", name))


def _intensity(raw: object, where: str) -> Intensity:
    fields = Fields(raw, where, ("code", "name", "contacts_per_month"))
    return Intensity(
        code=fields.need("code", name),
        name=fields.need("name", text),
        contacts_per_month=fields.need("contacts_per_month", decimal),
    )
