"""Plans, obligations, life domains, and who is called for safety flags."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types.field import StrawberryField

from cordee_core.access.permissions import Permission, Reach
from cordee_core.assessments.queries import all_safety_contacts
from cordee_core.cases.queries import persons_of
from cordee_core.database.rows import Found
from cordee_core.obligations.queries import ObligationQuery, obligations_like
from cordee_graphql.connection import After, Before, Connection, First, Last, connect
from cordee_graphql.context import Info
from cordee_graphql.cursors import Key
from cordee_graphql.ids import uuid_of
from cordee_graphql.operation import Reading
from cordee_graphql.plan_enums import ObligationStatus
from cordee_graphql.planner.declare import by_id
from cordee_graphql.planner.loading import made
from cordee_graphql.types.declaring import described_input, field, made_of
from cordee_graphql.types.lists import listing, root_pages
from cordee_graphql.types.need import LifeDomain, domains
from cordee_graphql.types.obligation import Obligation
from cordee_graphql.types.plan import CasePlan
from cordee_graphql.types.safety import SafetyContact

_ORDER, _KEY = "obligations.due", ("due_key", UUID)


@described_input
class ObligationFilter:
    """Which obligations are asked for; all that is given must fit."""

    status: ObligationStatus | None = strawberry.field(default=None, description="How it stands.")
    case_id: strawberry.ID | None = strawberry.field(default=None, description="Of which case.")
    member_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who must see to it."
    )
    rule: str | None = strawberry.field(default=None, description="The rule by which it is due.")

    def query(self) -> ObligationQuery:
        """Return what the core is asked. Raises NotFoundError for what is no id of its type."""
        case, member = self.case_id, self.member_id
        return ObligationQuery(
            case=None if case is None else uuid_of(case, "Case", "filter", "caseId"),
            member=None if member is None else uuid_of(member, "Member", "filter", "memberId"),
            status=None if self.status is None else str(self.status.value), rule=self.rule,
        )  # fmt: skip


Wanted = Annotated[ObligationFilter | None, strawberry.argument(description="Which obligations.")]


def _obligations() -> StrawberryField:
    """Make the root list: whose record each row is goes to the journal of reads."""

    async def resolve(
        info: Info,
        filter: Wanted = None,  # noqa: A002 -- the name in the API
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Obligation] | None:
        scope = info.context.operation.scope
        reached = scope.permissions.get(Permission.CASE_READ) is Reach.TEAM
        if not reached:
            scope.require(Permission.CASE_READ)
        wanted = filter.query() if filter else ObligationQuery()
        plain = listing(_ORDER, obligations_like(wanted, reached=reached), key=_KEY)

        async def page(
            reading: Reading, after: Key | None, before: Key | None, limit: int, reverse: bool
        ) -> Sequence[Found]:
            found = await plain.page(reading, after, before, limit, reverse)
            shown = {row["case_id"] for row in found[: limit - 1]}
            reading.saw((await persons_of(shown)).values())
            return found

        rows: Any = replace(plain, page=page)
        given: dict[str, Any] = {"first": first, "after": after, "last": last, "before": before}
        return await connect(info, rows, lambda row: made(Obligation, row), **given)

    return made_of(
        resolve,
        "What is due: open ones first, what is due first before the rest. "
        "Null with `FORBIDDEN` without `case.read`.",
    )


@strawberry.type
class PlanQueries:
    """Root fields about plans and what is due."""

    plan = by_id("A version of a plan by its id.", CasePlan)
    obligation = by_id("An obligation by its id.", Obligation)
    obligations = _obligations()
    safety_contacts = root_pages(
        "Who is called when an instrument raises a safety flag. "
        "Null with `FORBIDDEN` without `member.read`.",
        SafetyContact,
        "safety_contacts",
        lambda *_: all_safety_contacts(),
        Permission.MEMBER_READ,
    )

    @field
    async def life_domains(self, info: Info) -> list[LifeDomain] | None:
        """The life domains: those of every sector, and what plugins and the organisation add.

        Null with `FORBIDDEN` without `service.read`.
        """
        info.context.operation.scope.require(Permission.SERVICE_READ)
        known = await domains(info)
        return [LifeDomain.of(code, known) for code in known]
