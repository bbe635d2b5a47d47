"""The schema as text: for clients, for review, and to see what a change breaks."""

from pathlib import Path

import graphql
import strawberry

from cordee_graphql.parts import checked

COMMITTED = Path(__file__).with_name("schema.graphql")
"""The schema of the core and the bundled plugins, as committed."""


def sdl(schema: strawberry.Schema) -> str:
    """Return the schema as text, in the order that makes differences small."""
    # Sorting needs plain enum types: Strawberry's own lose their Python values in the copy.
    plain = graphql.build_schema(graphql.print_schema(schema._schema))
    return graphql.print_schema(graphql.lexicographic_sort_schema(plain)) + "\n"


def part_sdl(plugin: str, part: object) -> str:
    """Return what one plugin adds, as text."""
    fits = checked(plugin, part)
    return sdl(strawberry.Schema(query=fits.query, types=fits.facets))


def breaking_changes(before: str, after: str) -> list[str]:
    """Say what in `after` would break a client written for `before`."""
    changes = graphql.find_breaking_changes(*_both(before, after))
    return [f"{change.type.name}: {change.description}" for change in changes]


def dangerous_changes(before: str, after: str) -> list[str]:
    """Say what in `after` might surprise a client written for `before`."""
    changes = graphql.find_dangerous_changes(*_both(before, after))
    return [f"{change.type.name}: {change.description}" for change in changes]


def _both(before: str, after: str) -> tuple[graphql.GraphQLSchema, graphql.GraphQLSchema]:
    return graphql.build_schema(before), graphql.build_schema(after)
