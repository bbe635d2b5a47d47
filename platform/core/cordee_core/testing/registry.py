"""What a conformance check is, and where the checks are found.

Our own are in this package; other distributions add theirs by the entry points ``cordee.checks``,
each a function of a plugin's name and the host, whose docstring is the rule.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points

from cordee_core.plugins.host import PluginHost

GROUP = "cordee.checks"

Function = Callable[[str, PluginHost], None]


class CheckFailed(AssertionError):
    """A plugin does not hold a rule; the text says what was found."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the kit. `run` returns when the plugin holds it and raises when it does not."""

    name: str
    rule: str
    run: Function
    may_be_exempt: bool = False


OWN: list[Check] = []
"""The checks of the core, in the order in which they are run."""


def check(*, may_be_exempt: bool = False) -> Callable[[Function], Function]:
    """Add the decorated function to the kit; its docstring is what a failing author reads."""

    def add(function: Function) -> Function:
        OWN.append(make(function.__name__, function, may_be_exempt))
        return function

    return add


def make(name: str, function: Function, may_be_exempt: bool = False) -> Check:
    """Return the check that `function` carries out."""
    rule = " ".join((inspect.getdoc(function) or name).split())
    return Check(name, rule, function, may_be_exempt)


def others() -> list[Check]:
    """Return the checks of other distributions, by name."""
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return [make(point.name, point.load()) for point in points]


def require(held: object, found: str) -> None:
    """Raise unless the rule is `held`."""
    if not held:
        raise CheckFailed(found)


def loaded(plugin: str, host: PluginHost) -> None:
    """Raise where the plugin did not load: there is nothing to examine then."""
    require(plugin in host.manifests, "the plugin is not loaded, so this was not examined")
