"""JSON of open shape: the statement writes numbers with a fraction as ordinary execution does."""

import json
import re
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cordee_graphql.planner import sql
from cordee_graphql.types.exact import exact_json

TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from('"\\/.0123456789-:,[]{} \x01\x02\x03\x04\n\x7f\u2028'),
    max_size=12,
)
FRACTIONS = st.decimals(-(10**6), 10**6, places=3) | st.sampled_from(
    [Decimal(one) for one in ("1.50", "-0.0", "2.67", "1.5e-7", "1e3", "10.050", "0.1", "-3.00")]
)
NUMBERS = FRACTIONS | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
PAIRS: Any = {"object_pairs_hook": tuple}


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=st.lists(VALUES, min_size=1, max_size=12))
async def test_any_value_is_written_as_ordinary_execution_writes_it(engine, values):
    texts = [_written(value) for value in values]
    found = await _told(engine, texts)
    for stored, told in found:
        if sql.MARK in told:
            assert re.search(r"[0-9]{16}|[0-9.]{17}", stored)
            continue
        expected = json.dumps(exact_json(msgspec.json.decode(stored)))
        assert json.loads(told, **PAIRS) == json.loads(expected, **PAIRS)


async def test_texts_stay_and_numbers_are_exact(engine):
    found = await _told(engine, [
        '{"mean": 2.670, "n": 6, "a \\"1.5\\" b": "2.5, [3.5]", "c": ["\\\\", 1.50, "\\\\\\""]}',
        "1e-7", "-1.0", '"9.9"', "[0.125, -0.0, 100.0, 1e3]", "12345678901234567.5",
    ])  # fmt: skip
    assert [told for _, told in found] == [
        '{"c": ["\\\\", "1.5", "\\\\\\""], "n": 6, "mean": "2.67", "a \\"1.5\\" b": "2.5, [3.5]"}',
        '"0.0000001"', '"-1.0"', '"9.9"', '["0.125", "0.0", "100.0", 1000]', sql.MARK,
    ]  # fmt: skip


def _written(value: Any) -> str:
    """The value as JSON, fractions with all their digits."""
    if isinstance(value, dict):
        parts = (f"{json.dumps(name)}: {_written(one)}" for name, one in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value)


async def _told(engine: Any, texts: list[str]) -> list[tuple[str, str]]:
    """Each value as it is stored and as the statement writes it."""
    async with engine.transaction():
        rows = await engine.fetch(
            f"SELECT v.j::text, {sql.exact('v.j::text')} FROM unnest($1::text[])"
            " WITH ORDINALITY AS t (text, n), LATERAL (SELECT t.text::jsonb AS j) v ORDER BY t.n",
            texts,
        )
    return [(row[0], row[1]) for row in rows]
