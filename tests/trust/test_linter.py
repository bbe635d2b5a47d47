"""The catalogue linter finds nothing on our schema, and each planted defect by its rule."""

import re
import tomllib
from inspect import getsource
from pathlib import Path
from typing import Any

import pytest

from cordee_core.database import catalogue_rules
from cordee_core.database import lint as lint_module
from cordee_core.database.lint import declared_classes, lint
from cordee_core.database.tables import DECLARED

PLANTED = tomllib.loads(
    (Path(__file__).parent / "planted_defects.toml").read_text(encoding="utf-8")
)


async def test_our_schema_has_no_finding(admin: Any) -> None:
    assert [str(one) for one in await lint(admin)] == []


@pytest.mark.parametrize("defect", PLANTED)
async def test_a_planted_defect_is_found(admin: Any, defect: str) -> None:
    planted = PLANTED[defect]
    await admin.execute(planted["sql"])
    found = [(one.rule[:3], one.table) for one in await lint(admin)]
    assert (planted["rule"], planted["at"]) in found


async def test_every_rule_has_a_planted_defect() -> None:
    """So that no rule stands that nobody has seen to bite."""
    rules = set(re.findall(r"\bL\d\d\b", getsource(lint_module) + getsource(catalogue_rules)))
    assert rules
    assert {planted["rule"] for planted in PLANTED.values()} == rules


async def test_the_application_may_run_the_linter(yard: Any) -> None:
    async with yard.connected(yard.app) as connection:
        assert await lint(connection) == []


async def test_declared_columns_are_those_of_the_catalogue(admin: Any) -> None:
    declared_classes()
    rows = await admin.fetch(
        "SELECT n.nspname AS schema, c.relname AS table, a.attname AS name,"
        " NOT a.attnotnull AS null"
        " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"
        " AND n.nspname IN ('core', 'auth', 'ctx', 'migrations')"
    )
    actual: dict[tuple[str, str], dict[str, bool]] = {}
    for row in rows:
        actual.setdefault((row["schema"], row["table"]), {})[row["name"]] = row["null"]
    for key, table in DECLARED.items():
        if key[0] in ("core", "auth", "ctx", "migrations"):
            columns = {one._meta.name: one._meta.null for one in table._meta.columns}
            assert columns == actual[key], key
    assert {key for key in DECLARED if not key[0].startswith("plugin_")} == actual.keys()
