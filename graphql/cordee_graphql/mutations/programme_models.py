# mypy: disable-error-code="untyped-decorator"
"""The models of a programme: several at once, each checked against the programme's version."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.programmes.pairing import (
    PairingChange,
    PairingDraft,
    add_model,
    check_model,
    end_model,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.programme import Programme
from cordee_graphql.types.programme_model import ProgrammeModel


@strawberry.input(description="A model that is to carry a programme out.")
class ProgrammeModelAddInput:
    """A programme and a model."""

    programme_id: strawberry.ID = strawberry.field(description="The programme.")
    model_id: strawberry.ID = strawberry.field(description="The model.")

    def draft(self) -> PairingDraft:
        """Return what the use case takes."""
        return PairingDraft(
            programme=uuid_of(self.programme_id, "Programme", "input", "programmeId"),
            model=uuid_of(self.model_id, "Model", "input", "modelId"),
        )


@strawberry.input(description="A model under which a programme runs.")
class ProgrammeModelInput:
    """The pairing as read."""

    programme_model_id: strawberry.ID = strawberry.field(description="The programme's model.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")

    def draft(self) -> PairingChange:
        """Return what the use case takes."""
        place = ("input", "programmeModelId")
        return PairingChange(
            pairing=uuid_of(self.programme_model_id, "ProgrammeModel", *place),
            row_version=self.row_version,
        )


@strawberry.input(description="A model under which no further case is opened.")
class ProgrammeModelEndInput(ProgrammeModelInput):
    """Input of ``programmeModelEnd``."""


@strawberry.input(description="A model that was checked against its programme.")
class ProgrammeModelCheckInput(ProgrammeModelInput):
    """Input of ``programmeModelCheck``."""


@strawberry.type
class ProgrammeModelPayload(Payload):
    """Base of payloads about a programme's model."""

    @strawberry.field(description="The programme's model.")
    async def programme_model(self, info: Info) -> ProgrammeModel | None:
        """Return the pairing."""
        return await load_node(info, ProgrammeModel, self.changed.get("programme_model"))

    @strawberry.field(description="The programme.")
    async def programme(self, info: Info) -> Programme | None:
        """Return the programme."""
        return await load_node(info, Programme, self.changed.get("programme"))


@strawberry.type(description="The programme with its new model.")
class ProgrammeModelAddPayload(ProgrammeModelPayload):
    """Payload of ``programmeModelAdd``."""


@strawberry.type(description="The programme and the model that ended.")
class ProgrammeModelEndPayload(ProgrammeModelPayload):
    """Payload of ``programmeModelEnd``."""


@strawberry.type(description="The programme and the model that was checked.")
class ProgrammeModelCheckPayload(ProgrammeModelPayload):
    """Payload of ``programmeModelCheck``."""


@strawberry.type
class ProgrammeModelMutations:
    """Mutations of the models of programmes."""

    @strawberry.mutation(
        description=needs(
            Permission.PROGRAMME_MANAGE,
            "Let one more model carry the programme out, beside those that do. Where several run, "
            "a case names its own at opening.",
        )
    )
    async def programme_model_add(
        self, info: Info, given: Annotated[ProgrammeModelAddInput, INPUT]
    ) -> ProgrammeModelAddPayload | None:
        """Add a model."""
        return await submit(info, ProgrammeModelAddPayload, "programmeModelAdd", add_model, given)

    @strawberry.mutation(
        description=needs(
            Permission.PROGRAMME_MANAGE,
            "Open no further case of the programme under the model; open cases keep theirs.",
        )
    )
    async def programme_model_end(
        self, info: Info, given: Annotated[ProgrammeModelEndInput, INPUT]
    ) -> ProgrammeModelEndPayload | None:
        """End a model."""
        return await submit(info, ProgrammeModelEndPayload, "programmeModelEnd", end_model, given)

    @strawberry.mutation(
        description=needs(
            Permission.PROGRAMME_MANAGE,
            "Confirm that the model carries the programme's newest version: `MODEL_INCOMPLETE` "
            "lists what has no place in it. A new version of either opens the check again.",
        )
    )
    async def programme_model_check(
        self, info: Info, given: Annotated[ProgrammeModelCheckInput, INPUT]
    ) -> ProgrammeModelCheckPayload | None:
        """Check a model."""
        return await submit(
            info, ProgrammeModelCheckPayload, "programmeModelCheck", check_model, given
        )
