# mypy: disable-error-code="untyped-decorator"
"""Models are copied from a template or written, and changed: a new version each time."""

from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.permissions import Permission
from cordee_core.programmes.versioned import (
    CopyDefinition,
    EditDefinition,
    NewDefinition,
    copy_model,
    create_model,
    edit_model,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, TextInput, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.parts_input import (
    CONSULTED,
    REASON,
    UNVALIDATED,
    ConsultationInput,
    account_of,
    given_parts,
)
from cordee_graphql.types.enums import Lead
from cordee_graphql.types.model import Model

_TEXTS = ("title", "description")
_PLAIN = ("supervision_days", "waivable", "closure_vocabulary")
_CHOICES = ("leads",)
_DATA = (
    "stages",
    "transitions",
    "caseload",
    "review_days",
    "intensities",
    "approvals",
    "signatories",
    "schedules",
    "trainings",
    "carries",
)


@strawberry.input(
    description="Parts of a model. A part that is absent stays; null removes it. The parts "
    "given as JSON have the form of the published schema of models."
)
class ModelPartsInput:
    """The parts that are written."""

    title: strawberry.Maybe[TextInput | None] = strawberry.field(description="Its name.")
    description: strawberry.Maybe[TextInput | None] = strawberry.field(description="What it is.")
    supervision_days: strawberry.Maybe[int | None] = strawberry.field(
        description="Days from one supervision to the next."
    )
    waivable: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="Guards that may be waived with a reason."
    )
    closure_vocabulary: strawberry.Maybe[str | None] = strawberry.field(
        description="Code of the closure reasons of its cases."
    )
    leads: strawberry.Maybe[Lead | None] = strawberry.field(description="Who leads the cases.")
    stages: strawberry.Maybe[JSON | None] = strawberry.field(
        description="An array of stages: `code`, `name`, `instruments`."
    )
    transitions: strawberry.Maybe[JSON | None] = strawberry.field(
        description="An array of transitions: `start`, `end`, `guards`."
    )
    caseload: strawberry.Maybe[JSON | None] = strawberry.field(
        description="The norm: `recommended`, `maximum`, `weights` by step of intensity."
    )
    review_days: strawberry.Maybe[JSON | None] = strawberry.field(
        description="Days to the next review: `low`, `medium`, `high`."
    )
    intensities: strawberry.Maybe[JSON | None] = strawberry.field(
        description="Steps of intensity: `code`, `name`, `contacts_per_month`."
    )
    approvals: strawberry.Maybe[JSON | None] = strawberry.field(
        description="Approvals: `act` and the `role` that approves it."
    )
    signatories: strawberry.Maybe[JSON | None] = strawberry.field(
        description="Further signatories: `code`, `name`, `required`."
    )
    schedules: strawberry.Maybe[JSON | None] = strawberry.field(
        description="What is due: `code`, `name`, `anchor`, `offset`, `unit`, `kind`."
    )
    trainings: strawberry.Maybe[JSON | None] = strawberry.field(
        description="Required trainings: `training` and an `instrument` or a `method`."
    )
    carries: strawberry.Maybe[JSON | None] = strawberry.field(
        description="Places of a `method` or `service`: `stage`, `role`, `provider`."
    )

    def parts(self) -> dict[str, object]:
        """Return the parts that were given, as definitions name them."""
        return given_parts(self, texts=_TEXTS, plain=_PLAIN, choices=_CHOICES, data=_DATA)


@strawberry.input(description="A model of the organisation's own.")
class ModelCreateInput:
    """A code and the parts."""

    code: str = strawberry.field(
        description="Its code, as `<word>.<name>`; the word is no plugin's name."
    )
    parts: ModelPartsInput = strawberry.field(description="Its parts.")

    def draft(self) -> NewDefinition:
        """Return what the use case takes."""
        return NewDefinition(code=self.code, parts=self.parts.parts())


@strawberry.input(description="A template that is copied.")
class ModelCopyTemplateInput:
    """A template of an enabled plugin."""

    template: str = strawberry.field(description="Code of the template.")
    code: str | None = strawberry.field(
        default=None, description="The code of the copy; the template's by default."
    )

    def draft(self) -> CopyDefinition:
        """Return what the use case takes."""
        return CopyDefinition(template=self.template, code=self.code)


@strawberry.input(description="What changes in a model.")
class ModelUpdateInput:
    """The model as read, and its new parts."""

    model_id: strawberry.ID = strawberry.field(description="The model.")
    row_version: int = strawberry.field(description="The model's `rowVersion` as you read it.")
    parts: ModelPartsInput = strawberry.field(description="The parts that change.")
    reason: str | None = strawberry.field(default=None, description=REASON)
    consulted: list[ConsultationInput] = strawberry.field(
        default_factory=list, description=CONSULTED
    )
    unvalidated_scoring: list[str] = strawberry.field(default_factory=list, description=UNVALIDATED)

    def draft(self) -> EditDefinition:
        """Return what the use case takes."""
        return EditDefinition(
            identifier=uuid_of(self.model_id, "Model", "input", "modelId"),
            row_version=self.row_version,
            parts=self.parts.parts(),
            account=account_of(self),
        )


@strawberry.type
class ModelPayload(Payload):
    """Base of payloads about a model."""

    @strawberry.field(description="The model.")
    async def model(self, info: Info) -> Model | None:
        """Return the model."""
        return await load_node(info, Model, self.changed.get("model"))


@strawberry.type(description="The new model.")
class ModelCreatePayload(ModelPayload):
    """Payload of ``modelCreate``."""


@strawberry.type(description="The model that was made from the template.")
class ModelCopyTemplatePayload(ModelPayload):
    """Payload of ``modelCopyTemplate``."""


@strawberry.type(description="The changed model.")
class ModelUpdatePayload(ModelPayload):
    """Payload of ``modelUpdate``."""


@strawberry.type
class ModelMutations:
    """Mutations of models."""

    @strawberry.mutation(
        description=needs(Permission.PROGRAMME_MANAGE, "Write a model from nothing.")
    )
    async def model_create(
        self, info: Info, given: Annotated[ModelCreateInput, INPUT]
    ) -> ModelCreatePayload | None:
        """Write a model."""
        return await submit(info, ModelCreatePayload, "modelCreate", create_model, given)

    @strawberry.mutation(
        description=needs(Permission.PROGRAMME_MANAGE, "Copy a model to change it here.")
    )
    async def model_copy_template(
        self, info: Info, given: Annotated[ModelCopyTemplateInput, INPUT]
    ) -> ModelCopyTemplatePayload | None:
        """Copy a template."""
        return await submit(info, ModelCopyTemplatePayload, "modelCopyTemplate", copy_model, given)

    @strawberry.mutation(
        description=needs(
            Permission.PROGRAMME_MANAGE,
            "Change parts of a model: a new version. Open cases keep the version they were opened "
            "under.",
        )
    )
    async def model_update(
        self, info: Info, given: Annotated[ModelUpdateInput, INPUT]
    ) -> ModelUpdatePayload | None:
        """Change a model."""
        return await submit(info, ModelUpdatePayload, "modelUpdate", edit_model, given)
