"""Eligibility: results kept for a case, and previews that nobody keeps."""

from collections.abc import Mapping
from datetime import date, datetime

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.eligibility import tables
from cordee_core.eligibility.evaluate_eligibility import find_rule
from cordee_core.selection.criteria import checked_evaluation
from cordee_graphql.enums import EligibilityDecision
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import RowSource, column, json_column, named
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described
from cordee_graphql.types.member import Member
from cordee_graphql.types.rule_answer import RuleAnswer


@described
class EligibilityResult(RuleAnswer, BelowCase, Node):
    """What a rule said of a case, and the human decision beside it."""

    source = RowSource(table=tables.EligibilityResult, needs=Permission.CASE_READ, below=True)

    plugin: str = column("The plugin that brings the rule.")
    decision: EligibilityDecision | None = column("What a person decided.")
    decision_reason: str | None = column("Why.")
    decided_at: datetime | None = column("When.")
    created_at: datetime = column("When it was evaluated.")
    row_version: int = column("Raised by each change.")

    facts = json_column("The facts that were given.", "facts")
    decided_by = named("Who decided.", Member, "decided_by")

    created_by = named("Who had it evaluated.", Member, "created_by")


@described
class EligibilityPreview(RuleAnswer):
    """What a rule says of facts that belong to nobody: nothing is kept."""

    plugin: str = strawberry.field(description="The plugin that brings the rule.")


def preview(
    operation: Operation, code: str, facts: Mapping[str, object], on: date | None
) -> EligibilityPreview:
    """Return what a rule of an enabled plugin says of `facts`.

    Raises:
        UnknownRuleError: no enabled plugin has the rule.
        InvalidInputError: a fact is of another type than the rule declares.
    """
    scope = operation.scope
    scope.require(Permission.SERVICE_READ)
    plugin, rule = find_rule(scope, code)
    day = on or scope.clock().date()
    result = checked_evaluation(rule, facts, day)
    return EligibilityPreview(
        plugin=plugin,
        rule_code=rule.code,
        rule_version=rule.version,
        evaluated_on=day,
        outcome=result.outcome or "determined",
        result=result.as_json(),
    )
