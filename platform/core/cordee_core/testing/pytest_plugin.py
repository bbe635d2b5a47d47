"""The pytest plugin, on as soon as cordee-core is installed.

Core is imported inside the functions: this module is loaded before a coverage run starts, and
whatever it imported would never be counted.
"""

from importlib.metadata import entry_points
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--cordee-plugin``: test this plugin only (default: all that are installed)."""
    parser.addoption(
        "--cordee-plugin",
        action="append",
        default=[],
        metavar="NAME",
        help="run the conformance checks on this plugin only; may be given several times",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run `test_conformance` once for each plugin and check."""
    if "cordee_check" in metafunc.fixturenames:
        from cordee_core.testing.conformance import checks

        names = metafunc.config.getoption("--cordee-plugin")
        names = names or sorted({point.name for point in entry_points(group="cordee.plugins")})
        found = checks()
        metafunc.parametrize("cordee_check", found, ids=[check.name for check in found])
        metafunc.parametrize("cordee_plugin", names)


@pytest.fixture(scope="session")
def cordee_host() -> Any:
    """Return the host with every installed plugin that loads."""
    from cordee_core.plugins.host import PluginHost

    return PluginHost.discover()
