"""Plugins that an installation can't do without."""

from collections.abc import Iterable

from cordee_core.errors import PluginError
from cordee_core.plugins.host import PluginHost


def missing_plugins(host: PluginHost, required: Iterable[str]) -> list[str]:
    """Return a line for each of the `required` plugins that is not there or was refused."""
    return [
        f"plugin {name}: {_why(host, name)}"
        for name in required
        if name not in host.manifests or name in host.failures
    ]


def _why(host: PluginHost, name: str) -> str:
    error = host.failures.get(name)
    if error is None:
        return "not installed"
    problem = error.problem if isinstance(error, PluginError) else str(error)
    return " ".join(problem.split())
