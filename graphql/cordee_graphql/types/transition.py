"""Where a case may go next, and what stands against it: asked once for all cases of a page."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import strawberry

from cordee_core.cases.queries import cases_by_id
from cordee_core.cases.transitions import Offered, transitions_of
from cordee_core.contracts import Objection as CoreObjection
from cordee_graphql.context import Info
from cordee_graphql.enums import Stage
from cordee_graphql.operation import Operation
from cordee_graphql.types.declaring import described, field, localised


@described
class Objection:
    """One reason why a case may not change its stage."""

    own: strawberry.Private[CoreObjection]
    text = localised("The same in words.", lambda self: self.own.text)

    @field
    def code(self) -> str:
        """Its code."""
        return self.own.code

    @field
    def origin(self) -> str:
        """Which part of the core, or which plugin, objects."""
        return self.own.origin


@described
class Transition:
    """A stage that the case might go to next."""

    stage: Stage = strawberry.field(description="The stage.")
    possible: bool = strawberry.field(description="Whether nothing stands against it.")
    objections: list[Objection] = strawberry.field(description="What stands against it.")


async def transitions_of_case(info: Info, case: UUID) -> list[Transition]:
    """Return the transitions of a case; those of its siblings come in the same call."""
    offered = await info.context.operation.loader("case.transitions", _load).load(case)
    return [
        Transition(
            stage=Stage(stage),
            possible=not objections,
            objections=[Objection(own=one) for one in objections],
        )
        for stage, objections in (offered or {}).items()
    ]


async def _load(operation: Operation, cases: Sequence[UUID]) -> Mapping[UUID, Offered]:
    async with operation.read():
        return await transitions_of(operation.scope, await cases_by_id(cases))
