"""Models: how an organisation carries a programme out, from stage to stage."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from cordee_core.definitions import (
    Fields,
    Source,
    code,
    name,
    natural,
    one_of,
    source,
    string,
    text,
    unique,
)
from cordee_core.languages import Text
from cordee_core.programmes.model_parts import (
    RISKS,
    STAGES,
    Approval,
    Carrier,
    Caseload,
    Intensity,
    Signatory,
    Stage,
    Training,
    Transition,
    approval,
    carrier,
    caseload,
    intensity,
    review_days,
    signatory,
    stage,
    training,
    transition,
)
from cordee_core.programmes.schedules import Schedule, schedule

__all__ = [
    "LEADS",
    "RISKS",
    "SERVICE_AUTHORISE",
    "STAGES",
    "Approval",
    "Carrier",
    "Caseload",
    "Intensity",
    "ModelTemplate",
    "Schedule",
    "Signatory",
    "Stage",
    "Training",
    "Transition",
    "parse_model",
]

LEADS = ("single_referent", "shared_team")
SERVICE_AUTHORISE = "service_authorise"
"""The act by which a service is authorised; the model names the role that approves it."""


@dataclass(frozen=True, slots=True)
class ModelTemplate:
    """How a programme is carried out. `review_days` gives the days to the next review by risk.

    `waivable` are the guards that may be waived with a reason, `carries` where each method and
    service of the programme has its place. `closure_vocabulary` goes before the programme's.
    """

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
    signatories: tuple[Signatory, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    waivable: tuple[str, ...] = ()
    trainings: tuple[Training, ...] = ()
    carries: tuple[Carrier, ...] = ()
    closure_vocabulary: str | None = None
    sources: tuple[Source, ...] = ()

    def stage(self, code: str) -> Stage | None:
        """Return the stage with that code, or None where the model does not have it."""
        return next((stage for stage in self.stages if stage.code == code), None)

    def allows(self, start: str, end: str) -> bool:
        """Return whether a case may go from one stage to another under this model."""
        return any(one.start == start and one.end == end for one in self.transitions)

    def approvers(self, act: str) -> frozenset[str]:
        """Return the roles that may approve an act; none where the model asks for no approval."""
        return frozenset(one.role for one in self.approvals if one.act == act)

    def trainings_of(self, *, instrument: str | None = None, method: str | None = None) -> set[str]:
        """Return the trainings that an instrument or a method asks for."""
        return {
            one.training
            for one in self.trainings
            if (instrument is not None and one.instrument == instrument)
            or (method is not None and one.method == method)
        }

    def to_json(self) -> dict[str, object]:
        """Return the model as `parse_model` takes it back."""
        return dict(msgspec.to_builtins(self))


_KEYS = (
    *("code", "version", "title", "description", "leads", "stages", "transitions", "caseload"),
    *("review_days", "supervision_days", "intensities", "approvals", "signatories", "schedules"),
    *("waivable", "trainings", "carries", "closure_vocabulary", "sources"),
)


def parse_model(raw: Mapping[str, object]) -> ModelTemplate:
    """Return the model that `raw` defines; its transitions and weights name what it has.

    Raises:
        DefinitionError: something is missing, unknown or untranslated.
    """
    fields = Fields(raw, "", _KEYS)
    stages, intensities = fields.all("stages", stage), fields.all("intensities", intensity)
    schedules = fields.all("schedules", schedule)
    for rows, where in ((stages, "stages"), (intensities, "intensities"), (schedules, "schedules")):
        unique((one.code for one in rows), where)
    known, steps = one_of(one.code for one in stages), one_of(one.code for one in intensities)
    return ModelTemplate(
        code=fields.need("code", code),
        version=fields.need("version", string),
        title=fields.need("title", text),
        description=fields.need("description", text),
        leads=fields.need("leads", one_of(LEADS)),
        stages=stages,
        transitions=fields.all("transitions", lambda one, where: transition(one, where, known)),
        caseload=fields.need("caseload", lambda one, where: caseload(one, where, steps)),
        review_days=fields.need("review_days", review_days),
        supervision_days=fields.need("supervision_days", natural),
        intensities=intensities,
        approvals=fields.all("approvals", approval),
        signatories=fields.all("signatories", signatory),
        schedules=schedules,
        waivable=fields.all("waivable", name),
        trainings=fields.all("trainings", training),
        carries=fields.all("carries", lambda one, where: carrier(one, where, known)),
        closure_vocabulary=fields.maybe("closure_vocabulary", code),
        sources=fields.all("sources", source),
    )
