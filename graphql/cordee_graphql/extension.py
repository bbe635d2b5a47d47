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

__all__ = [
    "After",
    "Before",
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
    "connect",
    "find_node",
    "load_node",
]
