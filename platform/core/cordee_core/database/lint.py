"""The catalogue linter: is every table protected as its class says, and nothing else reachable?

It runs in the tests, at the end of each plugin's migration and at start-up. It compares what the
catalogue prints, not names: a policy with the right name and ``USING (true)`` is a finding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from cordee_core.database.catalogue import (
    OTHER,
    ForeignKeyFact,
    IndexFact,
    PolicyFact,
    TableFact,
    read_foreign_keys,
    read_indexes,
    read_policies,
    read_tables,
)
from cordee_core.database.tables import DECLARED

_TABLE_MODULES = (
    "access", "assessments", "cases", "eligibility", "journal", "members", "notes", "outbox",
    "people", "programmes", "referrals", "services", "sharing", "tenants",
)  # fmt: skip
_ROWS_OF_TENANTS = frozenset({"tenant", "shared", "granted", "outbox"})
_INDEX_EXCEPTIONS = frozenset({"outbox_due_idx", "shares_recipient_idx", "idempotency_keys_age_idx"})
_OWN = "(tenant_id = ( SELECT ctx.tenant() AS tenant))"
_SEEN = {
    "tenant": _OWN,
    "outbox": _OWN,
    "granted": f"({_OWN} OR (recipient_id = ( SELECT ctx.tenant() AS tenant)))",
    "shared": f"({_OWN} OR ((tenant_id, case_id) IN ( SELECT s.tenant_id, s.case_id FROM core.shares s"
    " WHERE ((s.recipient_id = ( SELECT ctx.tenant() AS tenant)) AND"
    " (s.starts_at <= statement_timestamp()) AND (s.ends_at > statement_timestamp())))))",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What breaks a rule: the rule, the table or object, and what about it."""

    rule: str
    table: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.table}" + (f" ({self.detail})" if self.detail else "")


def declared_classes() -> Mapping[str, str]:
    """Return the class of every declared table by its name with schema."""
    for feature in _TABLE_MODULES:
        import_module(f"cordee_core.{feature}.tables")
    return {f"{schema}.{name}": table.protection for (schema, name), table in DECLARED.items()}


async def lint(connection: Any) -> list[Finding]:
    """Return what is wrong with the isolation of this database; an empty list when nothing is."""
    classes = declared_classes()
    tables = {table.name: table for table in await read_tables(connection)}
    findings = [
        *_tables(tables, classes),
        *_policies(tables, classes, await read_policies(connection)),
        *_indexes(tables, classes, await read_indexes(connection)),
        *_foreign_keys(tables, classes, await read_foreign_keys(connection)),
    ]
    for rule, query in OTHER.items():
        findings += [Finding(rule, row[0]) for row in await connection.fetch(query)]
    return findings


def _tables(tables: Mapping[str, TableFact], classes: Mapping[str, str]) -> Iterator[Finding]:
    for missing in sorted(classes.keys() - tables.keys()):
        if not missing.startswith("plugin_"):
            yield Finding("L00 declared table is missing", missing)
    for table in tables.values():
        kind = classes.get(table.name)
        if kind is None:
            yield Finding("L12 table without a declared class", table.name)
        if table.public_rights:
            yield Finding("L13 right for everybody", table.name)
        if over := table.app_rights & {"TRUNCATE", "REFERENCES", "TRIGGER"}:
            yield Finding("L13 right the application must not have", table.name, ", ".join(sorted(over)))
        yield from _class_of(table, kind)
        for column, type_ in table.columns:
            if type_ in ("real", "double precision"):
                yield Finding("L20 floating point column", table.name, column)


def _class_of(table: TableFact, kind: str | None) -> Iterator[Finding]:
    if kind == "reference" and (table.has_tenant or table.app_rights - {"SELECT"}):
        yield Finding("L12 reference table with a tenant or a writing right", table.name)
    elif kind == "global" and table.app_rights:
        yield Finding("L12 global table that the application reaches", table.name)
    elif kind in _ROWS_OF_TENANTS or (kind is None and table.has_tenant):
        if not (table.secured and table.forced):
            yield Finding("L01 row security is not enabled and forced", table.name)
        if not table.has_tenant:
            yield Finding("L12 table of tenants without tenant_id", table.name)


def canonical(table: str, kind: str) -> frozenset[PolicyFact]:
    """Return the policies that a table of class `kind` has, and no others."""
    if kind not in _ROWS_OF_TENANTS:
        return frozenset()
    app = "cordee_app"
    policies = {
        PolicyFact(table, "base", True, "*", app, "true", "true"),
        PolicyFact(table, "own_select", False, "r", app, _SEEN[kind], ""),
        PolicyFact(table, "own_insert", False, "a", app, "", _OWN),
        PolicyFact(table, "own_update", False, "w", app, _OWN, _OWN),
        PolicyFact(table, "own_delete", False, "d", app, _OWN, ""),
    }
    if kind == "outbox":
        policies.add(PolicyFact(table, "relay", True, "*", "cordee_relay", "true", "true"))
    return frozenset(policies)


def _policies(
    tables: Mapping[str, TableFact], classes: Mapping[str, str], policies: list[PolicyFact]
) -> Iterator[Finding]:
    for name in tables:
        found = frozenset(policy for policy in policies if policy.table == name)
        wanted = canonical(name, classes.get(name, "tenant" if tables[name].has_tenant else "global"))
        for policy in sorted(found - wanted, key=lambda one: one.name):
            rule = "L15 policy for everybody" if "public" in policy.roles else "L02 policy not of its class"
            yield Finding(rule, name, policy.name)
        for policy in sorted(wanted - found, key=lambda one: one.name):
            yield Finding("L02 policy of its class is missing", name, policy.name)


def _indexes(
    tables: Mapping[str, TableFact], classes: Mapping[str, str], indexes: list[IndexFact]
) -> Iterator[Finding]:
    for index in indexes:
        table = tables.get(index.table)
        if table is None or not table.has_tenant or classes.get(index.table) == "global":
            continue
        if index.columns[:1] == ("tenant_id",) or index.name in _INDEX_EXCEPTIONS and not index.unique:
            continue
        rule = "L03 unique index" if index.unique else "L16 index"
        yield Finding(f"{rule} that does not begin with tenant_id", index.table, index.name)


def _foreign_keys(
    tables: Mapping[str, TableFact], classes: Mapping[str, str], keys: list[ForeignKeyFact]
) -> Iterator[Finding]:
    for key in keys:
        here, there = tables.get(key.table), tables.get(key.target)
        if here is None or there is None or not here.has_tenant:
            continue
        if there.has_tenant:
            if key.pairs[:1] != (("tenant_id", "tenant_id"),):
                yield Finding("L04 foreign key that may cross tenants", key.table, key.name)
        elif classes.get(key.target) != "reference":
            yield Finding("L04 foreign key to a table that is no reference", key.table, key.name)
