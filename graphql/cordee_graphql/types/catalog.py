"""What the plugins that a tenant enabled bring."""

from collections.abc import Iterator

from cordee_core.access.scope import Scope
from cordee_core.plugins.content import Content


def enabled_content(scope: Scope) -> Iterator[tuple[str, Content]]:
    """Yield each enabled plugin that is loaded, with its content, in the order of names."""
    for plugin in sorted(scope.enabled):
        if plugin in scope.host.content:
            yield plugin, scope.host.content[plugin]
