"""The selection decision of a case."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases import tables
from cordee_core.cases.queries import cases_by_id
from cordee_core.programmes.definition import parse_draft
from cordee_core.programmes.queries import programme_versions_by_id
from cordee_core.rules import Rule as CoreRule
from cordee_core.rules import parse_rule
from cordee_graphql.context import Info
from cordee_graphql.enums import Admission
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import RowSource, column, json_column, named
from cordee_graphql.planner.declare_inside import objects_inside
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.member import Member
from cordee_graphql.types.rule_answer import AskedFact, Reason, asked, rule_of


@described
class SelectionDecision(BelowCase, Node):
    """Whether a person was admitted to a programme: what the criteria said, who decided and why."""

    source = RowSource(table=tables.SelectionDecision, needs=Permission.CASE_READ, below=True)

    profile: str = column("Code of the target group's profile.")
    criteria_code: str = column("Code of the rule that selects.")
    criteria_version: int = column("Its version.")
    evaluated_on: date = column("The date whose law and amounts count.")
    outcome: str = column("What the criteria said; indicative.")
    decision: Admission = column("What a person decided.")
    reason: str = column("Why.")
    appeal_route: str | None = column("How a refusal can be contested.")
    onward_referral: str | None = column("Where the person goes instead.")
    onward_none: bool = column("Whether it was said that there is nowhere.")
    decided_at: datetime = column("When.")
    result: strawberry.Private[Mapping[str, Any]]

    facts = json_column("The facts that were given.", "facts")

    @objects_inside(Reason, "result", "because")
    def because(self) -> list[Reason]:
        """The criteria that decided."""
        return [Reason.of(one) for one in self.result["because"]]

    @field
    async def ask(self, info: Info) -> list[AskedFact]:
        """The facts that could still have changed the outcome, the cheapest to ask first."""
        names = self.result["ask"]
        if not names:
            return []
        rule = rule_of(info, self.criteria_code)
        if rule is None:
            rule = await self._own_rule(info.context.operation)
        return asked(rule, names)

    decided_by = named("Who decided.", Member, "decided_by")

    async def _own_rule(self, operation: Operation) -> CoreRule | None:
        """Return the organisation's own rule, from the version that the case was opened under."""
        async with operation.read():
            cases = await cases_by_id([self.case_id])
            versions = await programme_versions_by_id(row["programme_version_id"] for row in cases)
        for version in versions:
            for profile in parse_draft(version["definition"]).target_group:
                if profile.own_criteria and profile.own_criteria.get("code") == self.criteria_code:
                    return parse_rule(profile.own_criteria)
        return None
