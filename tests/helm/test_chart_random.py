"""Whatever values the schema allows, the chart renders, and Kubernetes and our policies take it."""

import json
import os
import secrets
from concurrent.futures import ThreadPoolExecutor

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
    seeds = [f"{SEED}-{version}-{number}" for number in range(SETS)]
    sets = {seed: value_set(seed) for seed in seeds}
    assert len({json.dumps(values, sort_keys=True) for values in sets.values()}) == SETS
    with ThreadPoolExecutor() as pool:
        texts = list(pool.map(lambda values: helm.text(values, version=version), sets.values()))
    for seed, text in zip(sets, texts, strict=True):
        objects = helm.parse(text)
        assert problems(objects, version) == [], f"CHART_SEED={SEED} ({seed})"
        offences = [
            f"{rule.name}: {offence}"
            for rule in POLICIES
            if not rule.sized
            for offence in rule.rule(objects)
        ]
        assert offences == [], f"CHART_SEED={SEED} ({seed})"
    again = [helm.text(values, version=version) for values in list(sets.values())[:4]]
    assert again == texts[:4], f"CHART_SEED={SEED}"
