"""Whatever values the schema allows, the chart renders, and Kubernetes and our policies take it."""

import json
import os
import secrets

import pytest
from chart_helm import VERSIONS, problems
from chart_policies import POLICIES
from chart_values import value_set

SETS = 32
"""Value sets for each version: 7 × 32 = 224 in all."""
SEED = os.environ.get("CHART_SEED") or secrets.token_hex(4)
"""Another one each run; the message of a failure names it, and CHART_SEED brings it back."""


@pytest.mark.parametrize("version", VERSIONS)
def test_any_values_render_the_same_twice_and_are_valid(helm, version):
    seen = set()
    for number in range(SETS):
        seed = f"{SEED}-{version}-{number}"
        values = value_set(seed)
        seen.add(json.dumps(values, sort_keys=True))
        text = helm.text(values, version=version)
        objects = helm.parse(text)
        assert problems(objects, version) == [], f"CHART_SEED={SEED} ({seed})"
        offences = [
            f"{rule.name}: {offence}"
            for rule in POLICIES
            if not rule.sized
            for offence in rule.rule(objects)
        ]
        assert offences == [], f"CHART_SEED={SEED} ({seed})"
        if number % 8 == 0:
            assert helm.text(values, version=version) == text, f"CHART_SEED={SEED} ({seed})"
    assert len(seen) == SETS
