"""What every plugin must hold to.

Without writing a file::

    cordee plugin check NAME

or, kept in a suite of one's own, one line in a test module::

    from cordee_core.testing import test_conformance as test_conformance
"""

from collections.abc import Iterator

from cordee_core.plugins.host import PluginHost
from cordee_core.testing import call_checks, code_checks, content_checks
from cordee_core.testing.registry import OWN, Check, CheckFailed, others

__all__ = ["Check", "CheckFailed", "checks", "run_checks"]

_SOURCES = [module.__name__ for module in (code_checks, content_checks, call_checks)]
"""Imported for their checks, which register themselves; run in this order."""


def checks() -> list[Check]:
    """Return every check: the core's, then those of other distributions."""
    own = sorted(OWN, key=lambda check: _SOURCES.index(check.run.__module__))
    return [*own, *others()]


def run_checks(plugin: str, host: PluginHost) -> Iterator[tuple[Check, Exception | None]]:
    """Run every check on `plugin` and yield it with what it raised, if anything."""
    for check in checks():
        try:
            check.run(plugin, host)
        except Exception as error:
            yield check, error
        else:
            yield check, None
