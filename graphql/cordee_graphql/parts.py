"""What plugins add to the schema: one nullable root field each, of prefixed types.

A part is checked on a schema of its own before it is taken in, so a plugin that is wrong loses its
part of the API and the others stay.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import graphql
import strawberry
from strawberry.types.field import StrawberryField

from cordee_core.contracts import GraphQLPart
from cordee_core.errors import PluginError
from cordee_graphql.connection import PageInfo
from cordee_graphql.guards import NeedsPlugin
from cordee_graphql.nodes import Node
from cordee_graphql.planner.shapes import source_of
from cordee_graphql.types.facets import CaseFacet

if TYPE_CHECKING:
    from cordee_core.plugins.host import PluginHost

SHARED = frozenset(
    {Node.__name__, CaseFacet.__name__, PageInfo.__name__, "Date", "DateTime", "Decimal", "UUID"}
)
"""Types of ours that a plugin's part may use."""


def prefix_of(plugin: str) -> str:
    """Return what the names of the plugin's types start with: its own name in capitals."""
    return "".join(word.title() for word in plugin.split("_"))


Facets = tuple[tuple[str, type], ...]
"""The types of what plugins keep of a case, each with its plugin."""


def plugin_roots(host: "PluginHost", *, strict: bool = False) -> Iterator[tuple[str, type, Facets]]:
    """Yield (plugin, root type with its field, facets) for each part that fits.

    What does not fit is noted in ``host.failures``.

    Raises:
        PluginError: a part does not fit and `strict` asks for the exception.
    """
    for plugin, part in list(host.collect("cordee_graphql")):
        if part is None:
            continue
        try:
            fits = checked(plugin, part)
            yield plugin, _root(plugin, fits), tuple((plugin, one) for one in fits.facets)
        except PluginError as failure:
            if strict:
                raise
            host.failures[plugin] = failure


def checked(plugin: str, part: object) -> GraphQLPart:
    """Return `part` if every type in it carries the plugin's name.

    Raises:
        PluginError: what is wrong with it.
    """
    if not isinstance(part, GraphQLPart):
        raise PluginError(plugin, f"cordee_graphql must return a GraphQLPart, not {part!r}")
    try:
        part.query()
        names = strawberry.Schema(query=part.query, types=part.facets)._schema.type_map
    except Exception as error:
        problem = " ".join(str(error).split())
        raise PluginError(plugin, f"its GraphQL part builds no schema: {problem}") from error
    for facet in part.facets:
        _check_facet(plugin, facet)
    prefix = prefix_of(plugin)
    for name in sorted(names):
        known = name in SHARED or name in graphql.specified_scalar_types
        if not known and not name.startswith((prefix, "__")):
            raise PluginError(plugin, f"GraphQL type {name!r} must start with {prefix!r}")
    return part


def _check_facet(plugin: str, facet: type) -> None:
    source = source_of(facet)
    if not issubclass(facet, CaseFacet):
        raise PluginError(plugin, f"the facet {facet.__name__} is no CaseFacet")
    if source is None or not source.below or source.plugin != plugin:
        raise PluginError(
            plugin, f"the facet {facet.__name__} needs a source below a case in the plugin's schema"
        )


def _root(plugin: str, part: GraphQLPart) -> type:
    def resolve() -> Any:
        return part.query()

    resolve.__annotations__["return"] = part.query | None
    prefix = prefix_of(plugin)
    field: StrawberryField = strawberry.field(
        resolver=resolve,
        name=prefix[0].lower() + prefix[1:],
        description=f"What the plugin `{plugin}` adds.",
        extensions=[NeedsPlugin(plugin)],
    )
    return strawberry.type(type(f"{prefix}Root", (), {plugin: field}))
