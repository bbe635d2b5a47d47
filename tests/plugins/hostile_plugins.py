"""Bad plugins and how they are seen: refused, named, and the good one beside them unharmed."""

from textwrap import dedent, indent

from cordee_core.errors import CordeeError, PluginError
from cordee_core.plugins.host import PluginHost


def refused(name: str) -> CordeeError:
    """Load the bad plugin and the good one; return why the bad one was refused."""
    host = PluginHost.discover(names={name, "good"})
    assert set(host.manifests) == {"good"}, "the good plugin must not suffer"
    assert set(host.failures) == {name}
    assert name not in host.content
    error = host.failures[name]
    assert isinstance(error, PluginError)
    assert error.plugin == name
    return error


def method(body: str, top: str = "") -> str:
    """Return the code of a plugin with one hook."""
    return (
        f"from cordee_core import hookimpl, Objection\nimport asyncio, time\n{top}\n"
        f"class Plugin:\n{indent(dedent(body), '    ')}\n\nplugin = Plugin()\n"
    )
