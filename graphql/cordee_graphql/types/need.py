"""Needs, strengths and wishes of a case, and the life domains that they belong to."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.languages import LANGUAGES, Text
from cordee_core.needs import tables
from cordee_core.needs.domains import known_domains
from cordee_graphql.context import Info
from cordee_graphql.nodes import Node
from cordee_graphql.operation import Operation
from cordee_graphql.plan_enums import NeedHolder, NeedKind, NeedSource
from cordee_graphql.planner.declare import RowSource, column, named, one
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described, field, localised
from cordee_graphql.types.member import Member


@described
class LifeDomain:
    """A part of life in which somebody has needs, strengths and wishes."""

    code: str = strawberry.field(description="Its code; a plugin's has its prefix.")
    texts: strawberry.Private[Text]
    label = localised("Its name.", lambda self: self.texts)

    @classmethod
    def of(cls, code: str, known: Mapping[str, Text]) -> "LifeDomain":
        """Return the domain of that code, under its code where it is no longer known."""
        return cls(code=code, texts=known.get(code) or dict.fromkeys(LANGUAGES, code))


async def domains(info: Info) -> dict[str, Text]:
    """Return the life domains of the organisation, read once for an operation."""

    async def load(operation: Operation, keys: Any) -> dict[str, dict[str, Text]]:
        async with operation.read():
            found = await known_domains(operation.scope)
        return dict.fromkeys(keys, found)

    known: dict[str, Text] = await info.context.operation.loader("life_domains", load).load("all")
    return known


@described
class Need(BelowCase, Node):
    """A need, a strength or a wish, in its holder's words. It ends, it is never deleted."""

    source = RowSource(table=tables.Need, needs=Permission.CASE_READ, below=True)

    kind: NeedKind = column("Whether it is a need, a strength or a wish, or why there is none.")
    words: str = column("In the words of the person or the relative.")
    found_on: date = column("When it was brought out.")
    ended_on: date | None = column("When it ended.")
    end_reason: str | None = column("Why it ended.")
    holder: NeedHolder = column("Whose it is.")
    relative_name: str | None = column("Which relative's, where it is a relative's.")
    created_at: datetime = column("When it was recorded.")
    row_version: int = column("Raised by each change.")

    @field
    def origin(self) -> NeedSource:
        """From where it is known."""
        return NeedSource(self.row["source"])

    @field
    async def life_domain(self, info: Info) -> LifeDomain | None:
        """The life domain; null where it says why there is neither strength nor wish."""
        code = self.row["life_domain"]
        return None if code is None else LifeDomain.of(code, await domains(info))

    assessment = one(
        "The assessment that it comes from.",
        "cordee_graphql.types.assessment:Assessment",
        "assessment_id",
    )
    created_by = named("Who recorded it.", Member, "created_by")
    ended_by = named("Who recorded its end.", Member, "ended_by")
