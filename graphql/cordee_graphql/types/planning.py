"""What a case has of needs, plans, safety and obligations: the part of `Case` about planning."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON
from strawberry.types.field import StrawberryField

from cordee_core.assessments.queries import assessments_of
from cordee_core.assessments.valid_answers import explored, valid_answers
from cordee_core.database.lists import OwnedLists
from cordee_core.errors import UnknownInstrumentError
from cordee_core.instruments.model import Instrument
from cordee_core.needs.domains import unexplored
from cordee_core.needs.queries import NEEDS_OF_CASE, domains_spoken_of
from cordee_core.obligations.queries import OBLIGATIONS_OF_CASE
from cordee_core.plans.queries import PLANS_OF_CASE, SAFETY_PLANS_OF_CASE
from cordee_graphql.context import Info
from cordee_graphql.enums import Informant
from cordee_graphql.operation import Operation
from cordee_graphql.planner.loading import made
from cordee_graphql.types.declaring import field, made_of
from cordee_graphql.types.exact import exact_json
from cordee_graphql.types.lists import pages
from cordee_graphql.types.need import LifeDomain, Need, domains
from cordee_graphql.types.obligation import Obligation
from cordee_graphql.types.plan import CasePlan
from cordee_graphql.types.safety import SafetyPlan

Code = Annotated[
    str | None,
    strawberry.argument(description="Code of an instrument; without it, those of all."),
]


@strawberry.type(description="An answer that still counts: it need not be asked again.")
class ValidAnswer:
    """One item, one informant."""

    instrument: str = strawberry.field(description="Code of the instrument.")
    item: str = strawberry.field(description="The item of the instrument.")
    value: JSON = strawberry.field(description="The answer.")
    informant: Informant = strawberry.field(
        description="Who gave it. Informants who contradict each other are both there."
    )
    assessed_on: date = strawberry.field(description="When it was asked.")
    valid_until: date | None = strawberry.field(description="Until when it counts.")


def newest(description: str, target: type, lists: OwnedLists) -> StrawberryField:
    """Make a nullable field: the first row that `lists` has for this one."""

    async def load(operation: Operation, owners: Sequence[UUID]) -> Mapping[UUID, Any]:
        async with operation.read():
            found = await lists.first_pages(owners, 1, reverse=False)
        return {owner: made(target, rows[0]) for owner, rows in found.items() if rows}

    async def resolve(self: Any, info: Info) -> Any:
        return await info.context.operation.loader(("newest", target), load).load(self.uuid)

    resolve.__annotations__["return"] = target | None
    return made_of(resolve, description)


@strawberry.type
class Planned:
    """Base of `Case`: its fields about needs, plans, safety and obligations."""

    needs = pages("Needs, strengths and wishes, oldest first.", Need, NEEDS_OF_CASE)
    obligations = pages(
        "What is due: open ones first, what is due first before the rest.",
        Obligation,
        OBLIGATIONS_OF_CASE,
        key=("due_key", UUID),
    )
    plan = newest(
        "The newest version of its plan; of a household, that of whichever member's is newest.",
        CasePlan,
        PLANS_OF_CASE,
    )
    plans = pages("Every version of its plans, newest first.", CasePlan, PLANS_OF_CASE)
    safety_plan = newest("The newest version of its safety plan.", SafetyPlan, SAFETY_PLANS_OF_CASE)
    safety_plans = pages(
        "Every version of its safety plan, newest first.", SafetyPlan, SAFETY_PLANS_OF_CASE
    )

    @field
    async def valid_answers(self, info: Info, instrument: Code = None) -> list[ValidAnswer]:
        """The answers that still count, of each informant, by item: they are not asked again."""
        operation = info.context.operation
        rows = await operation.loader("valid_assessments", _still_valid).load(_uuid(self)) or []
        codes = dict.fromkeys(row["instrument_code"] for row in rows)
        return [
            ValidAnswer(
                instrument=own.code, item=one.item, value=exact_json(one.value),
                informant=Informant(one.informant), assessed_on=one.assessed_on,
                valid_until=one.valid_until,
            )
            for own in _instruments(operation, sorted(codes))
            if instrument in (None, own.code)
            for one in valid_answers(own, rows)
        ]  # fmt: skip

    @field
    async def unexplored_domains(self, info: Info) -> list[LifeDomain]:
        """The life domains of which neither an assessment nor a need, strength or wish speaks."""
        operation = info.context.operation
        spoken = await operation.loader("domains_spoken_of", _spoken_of).load(_uuid(self)) or set()
        known = await domains(info)
        return [LifeDomain.of(code, known) for code in unexplored(known, spoken)]


async def _still_valid(operation: Operation, cases: Sequence[UUID]) -> Mapping[UUID, Any]:
    scope = operation.scope
    async with operation.read():
        return await assessments_of(scope.tenant, cases, scope.clock().date())


async def _spoken_of(operation: Operation, cases: Sequence[UUID]) -> Mapping[UUID, set[str]]:
    """Return the life domains that needs and answered items of each case speak of."""
    async with operation.read():
        spoken = await domains_spoken_of(operation.scope.tenant, cases)
        answered = await assessments_of(operation.scope.tenant, cases)
    for case, rows in answered.items():
        for row in rows:
            for own in _instruments(operation, [row["instrument_code"]]):
                spoken.setdefault(case, set()).update(explored(own, row["answers"]))
    return spoken


def _instruments(operation: Operation, codes: Sequence[str]) -> Iterator[Instrument]:
    """Yield the instruments of those codes that are still there."""
    for code in codes:
        try:
            yield operation.scope.host.instrument(code)[1]
        except UnknownInstrumentError:
            continue


def _uuid(case: Any) -> UUID:
    return UUID(str(case.uuid))
