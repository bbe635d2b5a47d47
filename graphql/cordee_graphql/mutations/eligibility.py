# mypy: disable-error-code="untyped-decorator"
"""Rules are evaluated for a case; a person decides beside the result."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.permissions import Permission
from cordee_core.eligibility.evaluate_eligibility import EligibilityDecision as DecisionDraft
from cordee_core.eligibility.evaluate_eligibility import (
    EligibilityDraft,
    decide_eligibility,
    evaluate_eligibility,
)
from cordee_graphql.context import Info
from cordee_graphql.enums import EligibilityDecision
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, json_object, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.eligibility import EligibilityResult


@strawberry.input(description="A rule and what is known.")
class EligibilityEvaluateInput:
    """A rule and the facts."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    rule: str = strawberry.field(
        description="Code of a rule of an enabled plugin: `<plugin>.<name>`."
    )
    facts: JSON = strawberry.field(
        description="What is known, by the fact's name in the rule; what is left out is unknown."
    )
    on: date | None = strawberry.field(
        default=None, description="The date whose law and amounts count; today by default."
    )

    def draft(self) -> EligibilityDraft:
        """Return what the use case takes."""
        return EligibilityDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            rule=self.rule,
            facts=json_object(self.facts, "input", "facts"),
            on=self.on,
        )


@strawberry.input(description="What a person decides beside an indicative result.")
class EligibilityDecideInput:
    """A decision and its reason."""

    result_id: strawberry.ID = strawberry.field(description="The result.")
    row_version: int = strawberry.field(description="The result's `rowVersion` as you read it.")
    decision: EligibilityDecision = strawberry.field(description="The decision.")
    reason: str = strawberry.field(description="Why, at most 2,000 characters.")

    def draft(self) -> DecisionDraft:
        """Return what the use case takes."""
        return DecisionDraft(
            result=uuid_of(self.result_id, "EligibilityResult", "input", "resultId"),
            row_version=self.row_version,
            decision=self.decision.value,
            reason=self.reason,
        )


@strawberry.type
class EligibilityPayload(CasePayload):
    """Base of payloads about an eligibility result."""

    @strawberry.field(
        description="The result: outcome, `because`, `ask`, versions, and the decision beside it."
    )
    async def result(self, info: Info) -> EligibilityResult | None:
        """Return the result."""
        return await load_node(info, EligibilityResult, self.changed.get("result"))


@strawberry.type(description="The result and its case.")
class EligibilityEvaluatePayload(EligibilityPayload):
    """Payload of ``eligibilityEvaluate``."""


@strawberry.type(description="The result with its decision, and its case.")
class EligibilityDecidePayload(EligibilityPayload):
    """Payload of ``eligibilityDecide``."""


@strawberry.type
class EligibilityMutations:
    """Mutations of eligibility."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Evaluate a rule for a case and keep what it says. It is indicative: an administration "
            "decides, or a person beside it. What is not known makes the outcome `unknown`, never "
            "a refusal.",
        )
    )
    async def eligibility_evaluate(
        self, info: Info, given: Annotated[EligibilityEvaluateInput, INPUT]
    ) -> EligibilityEvaluatePayload | None:
        """Evaluate a rule."""
        return await submit(
            info, EligibilityEvaluatePayload, "eligibilityEvaluate", evaluate_eligibility, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.CASE_DECIDE,
            "Record a person's decision beside an indicative result, once: else `ALREADY_DECIDED`.",
        )
    )
    async def eligibility_decide(
        self, info: Info, given: Annotated[EligibilityDecideInput, INPUT]
    ) -> EligibilityDecidePayload | None:
        """Decide on eligibility."""
        return await submit(
            info, EligibilityDecidePayload, "eligibilityDecide", decide_eligibility, given
        )
