"""What the tests of the chart share: a Helm without network, the chart's files, its example."""

import sys
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))

from chart_helm import CHART, Helm, Objects, find_helm


@pytest.fixture(scope="session")
def helm() -> Helm:
    """The real Helm; every call of it runs in a network namespace without a route."""
    found = find_helm()
    if found is None:
        pytest.fail("no helm: helm-binary has none for this machine, and there is none on PATH")
    return Helm(found)


@pytest.fixture(scope="session")
def example() -> dict:
    """The values of the complete example."""
    return yaml.safe_load((CHART / "ci" / "values.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def least() -> dict:
    """The fewest values that the chart accepts: what is required and nothing else."""
    secrets = ("application", "migrator", "relay", "contextKey", "redis")
    return {
        "image": {"repository": "cordee"},
        "secrets": {name: {"name": f"cordee-{name.lower()}"} for name in secrets},
    }


@pytest.fixture(scope="session")
def rendered(helm: Helm, example: dict) -> Objects:
    """The objects of the complete example. Whoever changes one works on a copy."""
    return helm.objects(example)


@pytest.fixture(scope="session")
def rendered_least(helm: Helm, least: dict) -> Objects:
    """The objects of the fewest values."""
    return helm.objects(least)
