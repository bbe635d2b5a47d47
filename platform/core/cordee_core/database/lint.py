"""The catalogue linter: is every table protected as its class says, and nothing else reachable?

It runs in the tests, at the end of each plugin's migration and at start-up. It compares what the
catalogue prints, not names: a policy with the right name and ``USING (true)`` is a finding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from cordee_core.database.catalogue import (
    ForeignKeyFact,
    GrantFact,
    IndexFact,
    PolicyFact,
    TableFact,
    read_bodies,
    read_foreign_keys,
    read_grants,
    read_indexes,
    read_policies,
    read_tables,
)
from cordee_core.database.catalogue_rules import RULES
from cordee_core.database.roles import APP, AUTH, PLUGIN_PREFIX, PLUGIN_REFERENCES, RELAY
from cordee_core.database.tables import DECLARED

_ROWS_OF_TENANTS = frozenset({"tenant", "person", "personal", "shared", "granted", "outbox"})
_INDEX_EXCEPTIONS = frozenset({
    ("core.outbox", "outbox_due_idx"), ("core.shares", "shares_recipient_idx"),
    ("core.idempotency_keys", "idempotency_keys_age_idx"),
})  # fmt: skip
_OWN = "(tenant_id = ( SELECT ctx.tenant() AS tenant))"
_SEEN = {
    **dict.fromkeys(("tenant", "person", "personal", "outbox"), _OWN),
    "granted": f"({_OWN} OR (recipient_id = ( SELECT ctx.tenant() AS tenant)))",
    "shared": f"({_OWN} OR ((tenant_id, case_id) IN ( SELECT s.tenant_id, s.case_id"  # noqa: S608
    " FROM core.shares s WHERE ((s.recipient_id = ( SELECT ctx.tenant() AS tenant)) AND"
    " (s.starts_at <= statement_timestamp()) AND (s.ends_at > statement_timestamp())))))",
}
_MEMBER = "( SELECT ctx.member() AS member)"


def _known(person: str, open_to_all: str, level: str = "") -> str:
    granted = f"((a.member_id = {_MEMBER}) AND (a.ended_at IS NULL){level})"
    return (
        f"({open_to_all} OR ({person} IN ( SELECT a.person_id"  # noqa: S608
        f" FROM core.person_access a WHERE {granted})) OR ({_MEMBER} IS NULL))"
    )


def _known_policies(table: str, kind: str) -> set[PolicyFact]:
    """Return the policies that keep a protected person from who has no access."""
    app, person = "cordee_app", "id" if kind == "person" else "person_id"
    full = _known(person, "(NOT protected)", " AND (a.level = 'full'::text)")
    seen = _known(person, "(disclosure <> 'none'::text)") if kind == "person" else full
    return {
        PolicyFact(table, "known_select", False, "r", app, seen, ""),
        PolicyFact(table, "known_update", False, "w", app, full, ""),
        PolicyFact(table, "known_delete", False, "d", app, full, ""),
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
    for feature in files("cordee_core").iterdir():
        if (feature / "tables.py").is_file():
            import_module(f"cordee_core.{feature.name}.tables")
    return {f"{schema}.{name}": table.protection for (schema, name), table in DECLARED.items()}


@cache
def _migration_texts() -> str:
    folder = files("cordee_core") / "migrations"
    return "".join(
        entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".sql")
    )


async def lint(connection: Any) -> list[Finding]:
    """Return what is wrong with the isolation of this database; an empty list when nothing is."""
    classes = declared_classes()
    tables = {table.name: table for table in await read_tables(connection)}
    findings = [
        *_tables(tables, classes),
        *_grants(classes, await read_grants(connection)),
        *_policies(tables, classes, await read_policies(connection)),
        *_indexes(tables, classes, await read_indexes(connection)),
        *_foreign_keys(tables, classes, await read_foreign_keys(connection)),
        *_bodies(await read_bodies(connection)),
    ]
    for rule, query in RULES.items():
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
        yield from _class_of(table, kind)
        for column in table.columns:
            if column.type.removesuffix("[]") in ("real", "double precision"):
                yield Finding("L20 floating point column", table.name, column.name)
            if column.enum:
                yield Finding("L22 column of a native enum", table.name, column.name)


def _class_of(table: TableFact, kind: str | None) -> Iterator[Finding]:
    if kind == "reference" and table.tenant:
        yield Finding("L12 reference table with a tenant", table.name)
    elif kind in _ROWS_OF_TENANTS or (kind is None and table.tenant):
        if not (table.secured and table.forced):
            yield Finding("L01 row security is not enabled and forced", table.name)
        if table.tenant is None:
            yield Finding("L12 table of tenants without tenant_id", table.name)
        elif not table.tenant.required or table.tenant.type != "uuid":
            yield Finding("L12 tenant_id that may be null or is no uuid", table.name)


def _grants(classes: Mapping[str, str], grants: list[GrantFact]) -> Iterator[Finding]:
    for grant in grants:
        detail = f"{grant} to {grant.grantee}"
        if grant.grantee == "public":
            yield Finding("L13 right for everybody", grant.table, detail)
        elif grant.passed_on:
            yield Finding("L13 right that may be passed on", grant.table, detail)
        elif not _may(grant, classes.get(grant.table)):
            yield Finding("L13 right that the role must not have", grant.table, detail)


def _may(grant: GrantFact, kind: str | None) -> bool:
    schema, _, name = grant.table.partition(".")
    declared = DECLARED.get((schema, name))
    if grant.grantee == APP:
        return declared is not None and grant.right in declared.app_rights
    if grant.grantee == RELAY:
        return declared is not None and str(grant) in declared.relay_rights
    if grant.grantee == AUTH:
        records = grant.table == "migrations.applied" and grant.right == "INSERT"
        return records or (kind == "global" and schema in ("auth", "ctx"))
    referring = grant.right == "REFERENCES" and grant.table in PLUGIN_REFERENCES
    return grant.grantee.startswith(PLUGIN_PREFIX) and referring


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
    if kind in ("person", "personal"):
        policies |= _known_policies(table, kind)
    if kind == "outbox":
        policies.add(PolicyFact(table, "relay", True, "*", "cordee_relay", "true", "true"))
    return frozenset(policies)


def _policies(
    tables: Mapping[str, TableFact], classes: Mapping[str, str], policies: list[PolicyFact]
) -> Iterator[Finding]:
    for name in tables:
        found = frozenset(policy for policy in policies if policy.table == name)
        wanted = canonical(name, classes.get(name, "tenant" if tables[name].tenant else "global"))
        for policy in sorted(found - wanted, key=lambda one: one.name):
            rule = (
                "L15 policy for everybody"
                if "public" in policy.roles
                else "L02 policy not of its class"
            )
            yield Finding(rule, name, policy.name)
        for policy in sorted(wanted - found, key=lambda one: one.name):
            yield Finding("L02 policy of its class is missing", name, policy.name)


def _indexes(
    tables: Mapping[str, TableFact], classes: Mapping[str, str], indexes: list[IndexFact]
) -> Iterator[Finding]:
    for keyless in sorted(tables.keys() - {index.table for index in indexes if index.primary}):
        yield Finding("L03 table without a primary key", keyless)
    for index in indexes:
        table = tables.get(index.table)
        if table is None or not table.tenant or classes.get(index.table) == "global":
            continue
        known = (index.table, index.name) in _INDEX_EXCEPTIONS and not index.unique
        if known or index.columns[:1] == ("tenant_id",):
            continue
        rule = "L03 unique index" if index.unique else "L16 index"
        yield Finding(f"{rule} that does not begin with tenant_id", index.table, index.name)


def _foreign_keys(
    tables: Mapping[str, TableFact], classes: Mapping[str, str], keys: list[ForeignKeyFact]
) -> Iterator[Finding]:
    for key in keys:
        here, there = tables.get(key.table), tables.get(key.target)
        if here is None or there is None or not here.tenant:
            continue
        if there.tenant:
            if key.pairs[:1] != (("tenant_id", "tenant_id"),):
                yield Finding("L04 foreign key that may cross tenants", key.table, key.name)
        elif classes.get(key.target) != "reference":
            yield Finding("L04 foreign key to a table that is no reference", key.table, key.name)


def _bodies(bodies: list[tuple[str, str]]) -> Iterator[Finding]:
    texts = _migration_texts()
    for name, body in bodies:
        if body not in texts and body.replace("'", "''") not in texts:
            yield Finding("L21 function whose body stands in no migration", name)
