# mypy: disable-error-code="untyped-decorator"
"""Instruments are used in a case."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, cast

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.permissions import Permission
from cordee_core.assessments.complete_assessment import AssessmentDraft, complete_assessment
from cordee_graphql.context import Info
from cordee_graphql.enums import Informant
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, json_value, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.assessment import Assessment


@strawberry.input(description="An item that was not put.")
class NotAskedInput:
    """Which item, and why."""

    item: str = strawberry.field(description="The item of the instrument.")
    reason: str = strawberry.field(description="Why, at most 1,000 characters.")


@strawberry.input(description="The answers to an instrument.")
class AssessmentCompleteInput:
    """An instrument and its answers."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    instrument: str = strawberry.field(
        description="Code of an instrument of an enabled plugin: `<plugin>.<name>`."
    )
    answers: JSON = strawberry.field(
        description="An object by item, or an array in the order of the items. Null and absent "
        "both mean that there is no answer."
    )
    assessed_on: date = strawberry.field(description="When it was asked; not in the future.")
    informant: Informant = strawberry.field(
        default=Informant.PERSON, description="Who gave the answers."
    )
    language: str = strawberry.field(
        default="fr", description="ISO 639 code of the language that was spoken."
    )
    not_asked: list[NotAskedInput] = strawberry.field(
        default_factory=list,
        description="Items that were not put, each with its reason: that is an answer too.",
    )
    take_over_valid: bool = strawberry.field(
        default=False,
        description="Whether items without an answer take what the same informant answered before "
        "and is still valid. It stays valid no longer than it was.",
    )
    override_reason: str | None = strawberry.field(
        default=None,
        description="Why it is used without the training that it asks for; kept with the case.",
    )

    def draft(self) -> AssessmentDraft:
        """Return what the use case takes."""
        answers = json_value(self.answers, "input", "answers")
        return AssessmentDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"), instrument=self.instrument,
            answers=cast("Mapping[str, object] | list[object]", answers),
            assessed_on=self.assessed_on, informant=self.informant.value, language=self.language,
            not_asked={one.item: one.reason for one in self.not_asked},
            take_over=self.take_over_valid, override_reason=self.override_reason,
        )  # fmt: skip


@strawberry.type(description="The scored assessment and its case.")
class AssessmentCompletePayload(CasePayload):
    """Payload of ``assessmentComplete``."""

    @strawberry.field(description="The assessment.")
    async def assessment(self, info: Info) -> Assessment | None:
        """Return the assessment."""
        return await load_node(info, Assessment, self.changed.get("assessment"))


@strawberry.type
class AssessmentMutations:
    """Mutations of assessments."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Check the answers item by item, score them and keep both with the instrument's "
            "version. An answer that does not fit gives `INVALID_ANSWER` at its place.",
        )
    )
    async def assessment_complete(
        self, info: Info, given: Annotated[AssessmentCompleteInput, INPUT]
    ) -> AssessmentCompletePayload | None:
        """Complete an assessment."""
        return await submit(
            info, AssessmentCompletePayload, "assessmentComplete", complete_assessment, given
        )
