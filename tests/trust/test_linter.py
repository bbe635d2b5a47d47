"""The catalogue linter: nothing on our schema, and every planted defect by the rule meant for it."""

from typing import Any

import pytest

from cordee_core.database.lint import declared_classes, lint

PERSONS = "ON core.persons"
TENANT = "(SELECT ctx.tenant())"
PLANTED: dict[str, tuple[str, str, str]] = {
    "row security off": ("L01", "core.notes", "ALTER TABLE core.notes DISABLE ROW LEVEL SECURITY"),
    "not forced": ("L01", "core.notes", "ALTER TABLE core.notes NO FORCE ROW LEVEL SECURITY"),
    **{
        f"no policy {name}": ("L02", "core.persons", f"DROP POLICY {name} {PERSONS}")
        for name in ("base", "own_select", "own_insert", "own_update", "own_delete")
    },
    "no relay policy": ("L02", "core.outbox", "DROP POLICY relay ON core.outbox"),
    "restrictive but true": ("L02", "core.persons", f"ALTER POLICY own_select {PERSONS} USING (true)"),
    "check is true": ("L02", "core.persons", f"ALTER POLICY own_update {PERSONS} WITH CHECK (true)"),
    "or true": (
        "L02", "core.persons",
        f"ALTER POLICY own_select {PERSONS} USING (tenant_id = {TENANT} OR true)",
    ),
    "sharing where the class has none": (
        "L02", "core.persons",
        f"ALTER POLICY own_update {PERSONS} USING (tenant_id = {TENANT} OR id IN (SELECT case_id FROM core.shares))",
    ),
    "tenant not wrapped": (
        "L02", "core.persons", f"ALTER POLICY own_select {PERSONS} USING (tenant_id = ctx.tenant())",
    ),
    "another tenant function": (
        "L02", "core.persons",
        f"ALTER POLICY own_select {PERSONS} USING (tenant_id = (SELECT ctx.member()))",
    ),
    "bare setting": (
        "L02", "core.persons", f"ALTER POLICY own_select {PERSONS} USING (tenant_id ="
        " (SELECT nullif(current_setting('cordee.context', true), '')::uuid))",
    ),
    "another column": (
        "L02", "core.persons", f"ALTER POLICY own_select {PERSONS} USING (created_by = {TENANT})",
    ),
    "policy for everybody": ("L15", "core.persons", f"ALTER POLICY own_select {PERSONS} TO PUBLIC"),
    "policy for another role": ("L02", "core.persons", f"ALTER POLICY own_select {PERSONS} TO cordee_relay"),
    "extra permissive policy": (
        "L02", "core.persons", f"CREATE POLICY more {PERSONS} TO cordee_app USING (true)",
    ),
    "extra policy for everybody": ("L15", "core.persons", f"CREATE POLICY more {PERSONS} USING (true)"),
    "permissive instead of restrictive": (
        "L02", "core.persons", f"DROP POLICY own_select {PERSONS}; CREATE POLICY own_select {PERSONS}"
        f" FOR SELECT TO cordee_app USING (tenant_id = {TENANT})",
    ),
    "policy on a reference table": ("L02", "core.plans", "CREATE POLICY p ON core.plans TO cordee_app USING (true)"),
    "key without tenant": (
        "L03", "core.notes", "ALTER TABLE core.notes DROP CONSTRAINT notes_pkey, ADD PRIMARY KEY (id)",
    ),
    "tenant not first in key": (
        "L03", "core.notes", "ALTER TABLE core.notes DROP CONSTRAINT notes_pkey, ADD PRIMARY KEY (id, tenant_id)",
    ),
    "no key": ("L03", "core.notes", "ALTER TABLE core.notes DROP CONSTRAINT notes_pkey"),
    "unique constraint without tenant": ("L03", "core.persons", "ALTER TABLE core.persons ADD UNIQUE (number)"),
    "global unique index": ("L03", "core.persons", "CREATE UNIQUE INDEX x ON core.persons (number)"),
    "unique index on an expression": (
        "L03", "core.persons", "CREATE UNIQUE INDEX x ON core.persons (lower(email))",
    ),
    "unique index with tenant included": (
        "L03", "core.persons", "CREATE UNIQUE INDEX x ON core.persons (number) INCLUDE (tenant_id)",
    ),
    "partial unique index": (
        "L03", "core.persons", "CREATE UNIQUE INDEX x ON core.persons (number) WHERE email IS NULL",
    ),
    "unique index with an exempt name": (
        "L03", "core.persons", "CREATE UNIQUE INDEX shares_recipient_idy ON core.persons (number)",
    ),
    "exclusion without tenant": (
        "L03", "core.persons", "ALTER TABLE core.persons ADD CONSTRAINT x EXCLUDE (number WITH =)",
    ),
    "simple foreign key": (
        "L04", "core.notes", "ALTER TABLE core.persons ADD UNIQUE (id);"
        " ALTER TABLE core.notes ADD FOREIGN KEY (case_id) REFERENCES core.persons (id) NOT VALID",
    ),
    "foreign key with tenant elsewhere": (
        "L04", "core.notes", "ALTER TABLE core.notes ADD FOREIGN KEY (author_id, case_id)"
        " REFERENCES core.cases (tenant_id, id) NOT VALID",
    ),
    "foreign key with tenant to an id": (
        "L04", "core.notes", "ALTER TABLE core.notes ADD FOREIGN KEY (case_id, tenant_id)"
        " REFERENCES core.cases (tenant_id, id) NOT VALID",
    ),
    "foreign key to a global table": (
        "L04", "core.members", "ALTER TABLE core.members ADD FOREIGN KEY (account_id)"
        " REFERENCES auth.accounts (id) NOT VALID",
    ),
    "view of its owner": ("L05", "core.v", "CREATE VIEW core.v AS SELECT * FROM core.persons"),
    "view that says it is not": (
        "L05", "core.v", "CREATE VIEW core.v WITH (security_invoker=false) AS SELECT * FROM core.persons",
    ),
    "materialised view": ("L06", "core.m", "CREATE MATERIALIZED VIEW core.m AS SELECT * FROM core.persons"),
    "definer without search_path": (
        "L07", "core.f", "CREATE FUNCTION core.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    ),
    "definer with an open search_path": (
        "L07", "ctx.claims", "ALTER FUNCTION ctx.claims() SET search_path = public, pg_catalog",
    ),
    "definer for everybody": ("L08", "ctx.claims", "GRANT EXECUTE ON FUNCTION ctx.claims() TO PUBLIC"),
    "definer of another owner": ("L08", "ctx.claims", "ALTER FUNCTION ctx.claims() OWNER TO cordee_owner"),
    "sequence": ("L09", "core.s", "CREATE SEQUENCE core.s"),
    "serial": ("L09", "core.notes_n_seq", "ALTER TABLE core.notes ADD n serial"),
    "identity": ("L09", "core.notes_n_seq", "ALTER TABLE core.notes ADD n int GENERATED ALWAYS AS IDENTITY"),
    **{
        f"application with {power}": ("L10", "cordee_app", f"ALTER ROLE cordee_app {power}")
        for power in ("BYPASSRLS", "SUPERUSER", "CREATEDB", "CREATEROLE", "REPLICATION")
    },
    "relay that bypasses": ("L10", "cordee_relay", "ALTER ROLE cordee_relay BYPASSRLS"),
    "owner that bypasses": ("L10", "cordee_owner", "ALTER ROLE cordee_owner BYPASSRLS"),
    "definers' owner is superuser": ("L10", "cordee_auth", "ALTER ROLE cordee_auth SUPERUSER"),
    "application in the owner": ("L10", "cordee_app", "GRANT cordee_owner TO cordee_app"),
    "application reads all": ("L10", "cordee_app", "GRANT pg_read_all_data TO cordee_app"),
    "application owns a table": ("L11", "core.notes", "ALTER TABLE core.notes OWNER TO cordee_app"),
    "application owns a schema": ("L11", "core", "ALTER SCHEMA core OWNER TO cordee_app"),
    "application owns a function": ("L11", "ctx.tenant", "ALTER FUNCTION ctx.tenant() OWNER TO cordee_app"),
    "table of another owner": ("L11", "core.notes", "ALTER TABLE core.notes OWNER TO cordee_migrator"),
    "table without a class": ("L12", "core.t", "CREATE TABLE core.t (id uuid PRIMARY KEY)"),
    "table in another schema": ("L12", "other.t", "CREATE SCHEMA other; CREATE TABLE other.t (id uuid PRIMARY KEY)"),
    "table in public": ("L12", "public.t", "CREATE TABLE public.t (id uuid PRIMARY KEY)"),
    "table of tenants in another schema": (
        "L01", "other.t", "CREATE SCHEMA other; CREATE TABLE other.t (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id))",
    ),
    "partitioned table": ("L12", "core.t", "CREATE TABLE core.t (id uuid PRIMARY KEY) PARTITION BY HASH (id)"),
    "reference table with a tenant": ("L12", "core.plans", "ALTER TABLE core.plans ADD tenant_id uuid"),
    "tenant may be null": (
        "L12", "core.notes", "ALTER TABLE core.notes DROP CONSTRAINT notes_pkey, ALTER tenant_id DROP NOT NULL",
    ),
    "no tenant": ("L12", "core.notes", "ALTER TABLE core.notes DROP tenant_id CASCADE"),
    "reference table that can be written": ("L13", "core.plans", "GRANT UPDATE ON core.plans TO cordee_app"),
    "column of a reference table that can be written": (
        "L13", "core.plans", "GRANT UPDATE (member_limit) ON core.plans TO cordee_app",
    ),
    "global table that can be read": ("L13", "auth.tokens", "GRANT SELECT ON auth.tokens TO cordee_app"),
    "column of a global table": ("L13", "ctx.keys", "GRANT SELECT (inner_pad) ON ctx.keys TO cordee_app"),
    **{
        f"right to {right}": ("L13", "core.persons", f"GRANT {right} {PERSONS} TO cordee_app")
        for right in ("TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN", "DELETE")
    },
    "append-only table that can be changed": ("L13", "core.notes", "GRANT UPDATE ON core.notes TO cordee_app"),
    "journal that can be deleted": ("L13", "core.journal_entries", "GRANT DELETE ON core.journal_entries TO cordee_app"),
    "column of the journal that can be changed": (
        "L13", "core.journal_entries", "GRANT UPDATE (at) ON core.journal_entries TO cordee_app",
    ),
    "shares that can be made": ("L13", "core.shares", "GRANT INSERT ON core.shares TO cordee_app"),
    "right for everybody": ("L13", "core.persons", f"GRANT SELECT {PERSONS} TO PUBLIC"),
    "column for everybody": ("L13", "core.persons", f"GRANT SELECT (email) {PERSONS} TO PUBLIC"),
    "right that may be passed on": ("L13", "core.persons", f"GRANT SELECT {PERSONS} TO cordee_app WITH GRANT OPTION"),
    "relay that reads the payload": ("L13", "core.outbox", "GRANT SELECT (payload) ON core.outbox TO cordee_relay"),
    "relay that reads a table": ("L13", "core.persons", f"GRANT SELECT {PERSONS} TO cordee_relay"),
    "definers' owner that reads persons": ("L13", "core.persons", f"GRANT SELECT {PERSONS} TO cordee_auth"),
    "another role that reads": ("L13", "core.persons", f"CREATE ROLE zz_else; GRANT SELECT {PERSONS} TO zz_else"),
    "plugin's role that reads": (
        "L13", "core.persons", f"CREATE ROLE cordee_plugin_zz; GRANT SELECT {PERSONS} TO cordee_plugin_zz",
    ),
    "plugin's role that refers to more": (
        "L13", "auth.tokens", "CREATE ROLE cordee_plugin_zz; GRANT REFERENCES ON auth.tokens TO cordee_plugin_zz",
    ),
    "plugin's role in the owner": (
        "L10", "cordee_plugin_zz", "CREATE ROLE cordee_plugin_zz; GRANT cordee_owner TO cordee_plugin_zz",
    ),
    "index that does not lead with the tenant": ("L16", "core.persons", "CREATE INDEX x ON core.persons (family_name)"),
    "exempt name on another table": ("L16", "core.persons", "CREATE INDEX x ON core.persons (number);"
        " DROP INDEX core.outbox_due_idx; ALTER INDEX core.x RENAME TO outbox_due_idx"),
    "rule that rewrites": ("L17", "core.notes", "CREATE RULE r AS ON INSERT TO core.notes DO ALSO SELECT 1"),
    "default right": ("L18", "cordee_owner", "ALTER DEFAULT PRIVILEGES FOR ROLE cordee_owner GRANT SELECT ON TABLES TO cordee_app"),
    "default right for everybody": (
        "L18", "cordee_owner",
        "ALTER DEFAULT PRIVILEGES FOR ROLE cordee_owner IN SCHEMA core GRANT INSERT ON TABLES TO PUBLIC",
    ),
    "application may create": ("L19", "core", "GRANT CREATE ON SCHEMA core TO cordee_app"),
    "everybody may create": ("L19", "public", "GRANT CREATE ON SCHEMA public TO PUBLIC"),
    "definers' owner may create": ("L19", "ctx", "GRANT CREATE ON SCHEMA ctx TO cordee_auth"),
    "application may make schemas": ("L19", "trust", "GRANT CREATE ON DATABASE trust TO cordee_app"),
    "float": ("L20", "core.services", "ALTER TABLE core.services ADD price double precision"),
    "array of floats": ("L20", "core.services", "ALTER TABLE core.services ADD prices real[]"),
    "context that believes": (
        "L21", "ctx.claims", "CREATE OR REPLACE FUNCTION ctx.claims() RETURNS text[] LANGUAGE sql STABLE SECURITY"
        " DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT string_to_array(current_setting('cordee.context', true), '|') $$",
    ),
    "tenant from elsewhere": (
        "L21", "ctx.tenant", "CREATE OR REPLACE FUNCTION ctx.tenant() RETURNS uuid LANGUAGE sql STABLE"
        " SET search_path = pg_catalog, pg_temp AS 'SELECT current_setting(''x.y'')::uuid'",
    ),
    "native enum": ("L22", "core.notes", "CREATE TYPE core.e AS ENUM ('a'); ALTER TABLE core.notes ADD e core.e"),
    "array of a native enum": ("L22", "core.notes", "CREATE TYPE core.e AS ENUM ('a'); ALTER TABLE core.notes ADD e core.e[]"),
    "missing table": ("L00", "core.notes", "DROP TABLE core.notes"),
    "renamed table": ("L12", "core.memos", "ALTER TABLE core.notes RENAME TO memos"),
    "history that can be written": ("L13", "migrations.applied", "GRANT INSERT ON migrations.applied TO cordee_app"),
}  # fmt: skip


async def test_our_schema_has_no_finding(admin: Any) -> None:
    assert [str(one) for one in await lint(admin)] == []


@pytest.mark.parametrize("defect", PLANTED)
async def test_a_planted_defect_is_found(admin: Any, defect: str) -> None:
    rule, table, statement = PLANTED[defect]
    await admin.execute(statement)
    found = [(one.rule[:3], one.table) for one in await lint(admin)]
    assert (rule, table) in found


async def test_every_rule_has_a_planted_defect() -> None:
    """So that no rule stands that nobody has seen to bite."""
    from inspect import getsource

    from cordee_core.database import catalogue, lint as module

    text = getsource(module) + getsource(catalogue)
    rules = {f"L{number:02}" for number in range(60) if f"L{number:02} " in text}
    assert {rule for rule, *_ in PLANTED.values()} >= rules - {"L14"}


async def test_the_application_may_run_the_linter(yard: Any) -> None:
    async with yard.connected(yard.app) as connection:
        assert await lint(connection) == []


async def test_declared_columns_are_those_of_the_catalogue(admin: Any) -> None:
    from cordee_core.database.tables import DECLARED

    declared_classes()
    rows = await admin.fetch(
        "SELECT n.nspname AS schema, c.relname AS table, a.attname AS name, NOT a.attnotnull AS null"
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
