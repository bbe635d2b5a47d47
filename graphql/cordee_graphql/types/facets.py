"""What plugins keep of a case: one list, whatever the plugins."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry

from cordee_graphql.context import Info
from cordee_graphql.planner.declare import written_as
from cordee_graphql.planner.loading import rows_belonging
from cordee_graphql.planner.shapes import CASE_ID, Facets, shaped, source_of
from cordee_graphql.planner.written import owner_plugin
from cordee_graphql.types.declaring import described_interface, made_of


@described_interface
class CaseFacet:
    """What a plugin keeps of a case. Its fields are those of the plugin's own type."""

    case_id: strawberry.Private[UUID]
    row: strawberry.Private[Mapping[str, Any]]

    @written_as(owner_plugin)
    def plugin(self) -> str:
        """The plugin that keeps it."""
        source = source_of(type(self))
        assert source is not None
        return source.plugin


async def _facets(self: Any, info: Info) -> list[CaseFacet]:
    enabled = info.context.operation.scope.enabled
    schema: Any = info.schema
    kinds = [cls for plugin, cls in schema.facets if plugin in enabled]
    found = await asyncio.gather(
        *(rows_belonging(info, cls, CASE_ID, self.row["id"]) for cls in kinds)
    )
    return [one for rows in found for one in rows]


FACETS = made_of(
    _facets, "What the plugins keep of it that the organisation enabled.", metadata=shaped(Facets())
)
"""The field of a case that gives its facets."""
