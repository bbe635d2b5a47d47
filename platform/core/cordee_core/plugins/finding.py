"""Finds the distributions that bring plugins, and imports the code of one."""

import sys
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from cordee_core.errors import PluginError

GROUP = "cordee.plugins"
"""The entry points that name plugins: ``<name> = "<package>"``."""


def entry_points_by_name() -> dict[str, list[EntryPoint]]:
    """Return every claim to a plugin's name, by name."""
    points: dict[str, list[EntryPoint]] = {}
    for point in entry_points(group=GROUP):
        points.setdefault(point.name, []).append(point)
    return points


def the_only(name: str, points: list[EntryPoint]) -> EntryPoint:
    """Return the only distribution that claims `name`; where there are two, neither is right."""
    if len(points) > 1:
        claims = sorted(f"{one.dist.name} {one.dist.version}" for one in points if one.dist)
        raise PluginError(name, f"several distributions claim this name: {', '.join(claims)}")
    return points[0]


def import_plugin(name: str, package: str) -> object:
    """Return the object ``plugin`` of the package's ``plugin.py``.

    Raises:
        PluginError: it can't be imported; no module of it stays.
    """
    before = set(sys.modules)
    try:
        return getattr(import_module(f"{package}.plugin"), "plugin")  # noqa: B009
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        for module in set(sys.modules) - before:
            if module.partition(".")[0] == package:
                del sys.modules[module]
        if isinstance(error, AttributeError) and getattr(error, "name", "") == "plugin":
            raise PluginError(name, "plugin.py has no object called 'plugin'") from None
        raise PluginError(name, f"it can't be imported: {error!r}") from error
