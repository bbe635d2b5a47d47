"""Checks that the GraphQL layer adds to the conformance kit (entry point ``cordee.checks``)."""

from cordee_core.plugins.host import PluginHost


def graphql_part_composes_alone(plugin: str, host: PluginHost) -> None:
    """The plugin's GraphQL part must build alone, every type of it carrying the plugin's name."""
    from cordee_graphql.parts import checked

    for name, part in host.collect("cordee_graphql"):
        if name == plugin and part is not None:
            checked(plugin, part)
