"""What a plugin's ``api.py`` may use to declare its part of the schema."""

from cordee_core.contracts import GraphQLPart
from cordee_graphql.connection import (
    After,
    Before,
    Connection,
    Edge,
    First,
    Last,
    Listing,
    PageInfo,
    connect,
)
from cordee_graphql.context import Info
from cordee_graphql.guards import Guarded
from cordee_graphql.nodes import Node, find_node, load_node
from cordee_graphql.planner.declare import (
    RowSource,
    by_id,
    column,
    expression,
    json_column,
    localised_column,
    many,
    named,
    one,
    written_as,
)
from cordee_graphql.types.facets import CaseFacet

__all__ = [
    "After",
    "Before",
    "CaseFacet",
    "Connection",
    "Edge",
    "First",
    "GraphQLPart",
    "Guarded",
    "Info",
    "Last",
    "Listing",
    "Node",
    "PageInfo",
    "RowSource",
    "by_id",
    "column",
    "connect",
    "expression",
    "find_node",
    "json_column",
    "load_node",
    "localised_column",
    "many",
    "named",
    "one",
    "written_as",
]
