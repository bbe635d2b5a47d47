"""Models: how an organisation carries a programme out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.programmes import model as core
from cordee_core.programmes import tables
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import (
    RowSource,
    column,
    localised_column,
    many,
    one,
    written_as,
)
from cordee_graphql.planner.written import number_inside, text_inside
from cordee_graphql.types.adaptation import Adapted
from cordee_graphql.types.declaring import described, described_interface, field
from cordee_graphql.types.enums import Lead
from cordee_graphql.types.model_parts import (
    Approval,
    Carrier,
    Caseload,
    CaseloadWeight,
    Intensity,
    ModelStage,
    ModelTransition,
    RequiredTraining,
    ReviewClock,
    Schedule,
    Signatory,
)
from cordee_graphql.types.rows import from_row
from cordee_graphql.types.sources import Source

_TITLE = ("definition", "title")


@described_interface
class ModelContent:
    """The parts of a model."""

    definition: strawberry.Private[core.ModelTemplate]
    title = localised_column("Its name.", *_TITLE, text=lambda self: self.definition.title)
    description = localised_column(
        "What it is.", "definition", "description", text=lambda self: self.definition.description
    )

    @written_as(text_inside("definition", "leads"))
    def leads(self) -> Lead:
        """Who leads the cases; a referent is designated all the same."""
        return Lead(self.definition.leads)

    @field
    def stages(self) -> list[ModelStage]:
        """Its stages, in order."""
        return [ModelStage(own=one) for one in self.definition.stages]

    @field
    def allowed_transitions(self) -> list[ModelTransition]:
        """The changes of stage that it allows."""
        return [
            ModelTransition(start=one.start, end=one.end, guards=list(one.guards))
            for one in self.definition.transitions
        ]

    @field
    def caseload(self) -> Caseload:
        """How many cases one member leads."""
        found = self.definition.caseload
        weights = [
            CaseloadWeight(intensity=code, weight=weight) for code, weight in found.weights.items()
        ]
        return Caseload(recommended=found.recommended, maximum=found.maximum, weights=weights)

    @field
    def review_clocks(self) -> list[ReviewClock]:
        """Days to the next review by level of risk."""
        return [
            ReviewClock(risk=risk, days=days) for risk, days in self.definition.review_days.items()
        ]

    @written_as(number_inside("definition", "supervision_days"))
    def supervision_days(self) -> int:
        """Days from one supervision to the next."""
        return self.definition.supervision_days

    @field
    def intensities(self) -> list[Intensity]:
        """Its steps of intensity."""
        return [Intensity(own=one) for one in self.definition.intensities]

    @field
    def approvals(self) -> list[Approval]:
        """Acts that somebody must approve."""
        return [Approval(act=one.act, role=one.role) for one in self.definition.approvals]

    @field
    def signatories(self) -> list[Signatory]:
        """Who signs the plan beside the person."""
        return [Signatory(own=one) for one in self.definition.signatories]

    @field
    def schedules(self) -> list[Schedule]:
        """What is due, relative to events of the case."""
        return [Schedule(own=one) for one in self.definition.schedules]

    @field
    def waivable(self) -> list[str]:
        """Guards that may be waived with a reason."""
        return list(self.definition.waivable)

    @field
    def trainings(self) -> list[RequiredTraining]:
        """The trainings that instruments and methods ask for."""
        return [
            RequiredTraining(training=one.training, instrument=one.instrument, method=one.method)
            for one in self.definition.trainings
        ]

    @field
    def carries(self) -> list[Carrier]:
        """Where the methods and services of programmes have their place."""
        return [
            Carrier(
                method=one.method,
                service=one.service,
                stage=one.stage,
                role=one.role,
                provider=one.provider,
            )
            for one in self.definition.carries
        ]

    @field
    def closure_vocabulary(self) -> str | None:
        """Code of the closure reasons of its cases; null where the programme's hold."""
        return self.definition.closure_vocabulary

    @field
    def sources(self) -> list[Source]:
        """Where it comes from."""
        return [Source.of(one) for one in self.definition.sources]


@described
class Model(ModelContent, Adapted, Node):
    """How the organisation carries programmes out."""

    source = RowSource(table=tables.Model, needs=Permission.PROGRAMME_READ)

    code: str = column("Its code in the organisation.")
    template_code: str | None = column("The template it was copied from.")
    version: int = column("Its newest version.")
    created_at: datetime = column("When it was made.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    versions = many(
        "Its versions, oldest first.",
        "cordee_graphql.types.model:ModelVersion",
        "model_id",
        "version",
    )

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Model":
        """Return the model in a row."""
        return from_row(cls, row, definition=core.parse_model(row["definition"]))


@described
class ModelVersion(ModelContent, Node):
    """A model as it was at one time: a case keeps the version it was opened under."""

    source = RowSource(table=tables.ModelVersion, needs=Permission.PROGRAMME_READ)

    version: int = column("Its number.")
    created_at: datetime = column("Since when.")
    row: strawberry.Private[Mapping[str, Any]]
    model = one("The model of which it is a version.", Model, "model_id")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "ModelVersion":
        """Return the version in a row."""
        return from_row(cls, row, definition=core.parse_model(row["definition"]))


@described
class ModelTemplate(ModelContent):
    """A model that a plugin offers; copying a programme template copies its model too."""

    code: str = strawberry.field(description="Its code.")
    version: str = strawberry.field(description="Its version.")
    plugin: str = strawberry.field(description="The plugin that offers it.")

    @classmethod
    def of_template(cls, plugin: str, own: core.ModelTemplate) -> "ModelTemplate":
        """Return the template for the API."""
        return cls(code=own.code, version=own.version, plugin=plugin, definition=own)
