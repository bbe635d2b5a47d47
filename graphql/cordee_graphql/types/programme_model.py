"""The models that carry a programme out, and their check against the programme's version."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.programmes import tables
from cordee_core.programmes.coverage import is_checked, uncarried_text
from cordee_core.programmes.pairing import Check, check_of
from cordee_graphql.context import Info
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import RowSource, column, named, one
from cordee_graphql.types.declaring import InLanguage, chosen, described, field
from cordee_graphql.types.member import Member
from cordee_graphql.types.model import Model


@described
class UncarriedPart:
    """Something of a programme that has no place in the model."""

    code: str = strawberry.field(description="What, as `method:<code>` or `service:<code>`.")

    @field
    def label(self, info: Info, language: InLanguage = None) -> str:
        """The same in a sentence."""
        return uncarried_text(self.code, chosen(info, language))


@described
class ProgrammeModel(Node):
    """A model under which a programme runs; several may run at once."""

    source = RowSource(table=tables.ProgrammeModel, needs=Permission.PROGRAMME_READ)

    added_at: datetime = column("Since when.")
    ended_at: datetime | None = column("Since when no further case is opened under it.")
    checked_programme_version: int | None = column("The programme's version last checked.")
    checked_model_version: int | None = column("The model's version last checked.")
    checked_at: datetime | None = column("When it was last checked.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    programme = one("The programme.", "cordee_graphql.types.programme:Programme", "programme_id")
    model = one("The model.", Model, "model_id")
    checked_by = named("Who checked it last.", Member, "checked_by")

    @field
    async def check_open(self, info: Info) -> bool:
        """Whether it was not checked yet with the newest versions of programme and model."""
        found = await self._check(info)
        return not is_checked(self.row, found.programme_version, found.model_version)

    @field
    async def missing(self, info: Info) -> list[UncarriedPart]:
        """Methods and services of the programme that have no place in the model as it is now."""
        return [UncarriedPart(code=one) for one in (await self._check(info)).missing]

    async def _check(self, info: Info) -> Check:
        found: Check | None = await info.context.operation.loader("model_check", _checks).load(
            (self.row["programme_id"], self.row["model_id"])
        )
        assert found is not None
        return found


async def _checks(
    operation: Operation, pairs: Sequence[tuple[UUID, UUID]]
) -> Mapping[tuple[UUID, UUID], Check]:
    async with operation.read():
        return {pair: await check_of(*pair) for pair in pairs}
