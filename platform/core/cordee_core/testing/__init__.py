"""The conformance kit for plugin authors.

``cordee plugin check NAME`` runs it; so does a test module with this one line::

    from cordee_core.testing import test_conformance as test_conformance

Nothing is imported here: pytest loads this package at its start, before coverage is measured.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cordee_core.plugins.host import PluginHost
    from cordee_core.testing.registry import Check

__all__ = ["test_conformance"]


def test_conformance(cordee_plugin: str, cordee_check: "Check", cordee_host: "PluginHost") -> None:
    """One conformance check on one plugin; import it into a test module to run them all."""
    cordee_check.run(cordee_plugin, cordee_host)
