"""What PostgreSQL's catalogue says of our schemas, as plain values for the linter's rules."""

from dataclasses import dataclass
from typing import Any

_SCHEMAS = (
    "n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'migrations')"
)  # every schema that is not PostgreSQL's own, nor the history of migrations


@dataclass(frozen=True, slots=True)
class TableFact:
    """A table: its name with schema, row security, and what the application may do with it."""

    name: str
    secured: bool
    forced: bool
    columns: tuple[tuple[str, str], ...]
    app_rights: frozenset[str]
    public_rights: bool

    @property
    def has_tenant(self) -> bool:
        """Whether its rows carry a tenant."""
        return any(column == "tenant_id" for column, _ in self.columns)


@dataclass(frozen=True, slots=True)
class PolicyFact:
    """A policy as PostgreSQL prints it, white space folded."""

    table: str
    name: str
    permissive: bool
    command: str
    roles: str
    using: str
    check: str


@dataclass(frozen=True, slots=True)
class IndexFact:
    """An index and its key columns; an expression is an empty name."""

    table: str
    name: str
    unique: bool
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForeignKeyFact:
    """A foreign key: columns here and there, at the same places."""

    table: str
    name: str
    target: str
    pairs: tuple[tuple[str, str], ...]


_TABLES = f"""
SELECT n.nspname || '.' || c.relname AS name, c.relrowsecurity AS secured,
    c.relforcerowsecurity AS forced,
    (SELECT array_agg(a.attname || ':' || format_type(a.atttypid, NULL) ORDER BY a.attnum)
     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
    ARRAY(SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE',
        'REFERENCES', 'TRIGGER']) p WHERE has_table_privilege('cordee_app', c.oid, p)
        OR (p IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
            AND has_any_column_privilege('cordee_app', c.oid, p))) AS app_rights,
    EXISTS (SELECT 1 FROM aclexplode(c.relacl) x WHERE x.grantee = 0) AS public_rights
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND {_SCHEMAS} ORDER BY 1
"""  # noqa: S608
_POLICIES = f"""
SELECT n.nspname || '.' || c.relname AS table, p.polname AS name, p.polpermissive AS permissive,
    p.polcmd::text AS command,
    array_to_string(ARRAY(SELECT coalesce(r.rolname, 'public') FROM unnest(p.polroles) o
        LEFT JOIN pg_roles r ON r.oid = o ORDER BY 1), ',') AS roles,
    coalesce(pg_get_expr(p.polqual, p.polrelid), '') AS using,
    coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') AS check
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_SCHEMAS} ORDER BY 1, 2
"""  # noqa: S608
_INDEXES = f"""
SELECT n.nspname || '.' || c.relname AS table, i.relname AS name, x.indisunique AS unique,
    ARRAY(SELECT coalesce((SELECT a.attname::text FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum = k.num AND k.num > 0), '')
        FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(num, place)
        WHERE k.place <= x.indnkeyatts ORDER BY k.place) AS columns
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_SCHEMAS} AND c.relkind IN ('r', 'p')
ORDER BY 1, 2
"""  # noqa: S608
_FOREIGN_KEYS = f"""
SELECT n.nspname || '.' || c.relname AS table, k.conname AS name,
    tn.nspname || '.' || t.relname AS target,
    ARRAY(SELECT a.attname || ':' || b.attname FROM unnest(k.conkey, k.confkey)
        WITH ORDINALITY u(here, there, place)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.here
        JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = u.there
        ORDER BY u.place) AS pairs
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class t ON t.oid = k.confrelid
JOIN pg_namespace tn ON tn.oid = t.relnamespace WHERE k.contype = 'f' AND {_SCHEMAS} ORDER BY 1, 2
"""  # noqa: S608
OTHER = {
    "L05 view without security_invoker": f"""
        SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'v' AND {_SCHEMAS}
        AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)""",
    "L06 materialised view": f"""
        SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'm' AND {_SCHEMAS}""",
    "L07 definer function without its own search_path": f"""
        SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND {_SCHEMAS} AND NOT EXISTS (
            SELECT 1 FROM unnest(p.proconfig) o WHERE o ~ '^search_path=pg_catalog(, pg_temp)?$')""",
    "L08 definer function that anybody or a plugin's owner runs": f"""
        SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND {_SCHEMAS} AND (has_function_privilege('public', p.oid, 'EXECUTE')
            OR pg_get_userbyid(p.proowner) <> 'cordee_auth')""",
    "L09 sequence": f"""
        SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'S' AND {_SCHEMAS}""",
    "L10 role with too much power": """
        SELECT r.rolname FROM pg_roles r WHERE (r.rolname IN ('cordee_app', 'cordee_relay')
            OR r.rolname LIKE 'cordee\\_plugin\\_%') AND (r.rolsuper OR r.rolbypassrls
            OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication)
        UNION SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
        WHERE r.rolname IN ('cordee_app', 'cordee_relay') OR r.rolname LIKE 'cordee\\_plugin\\_%'""",
    "L11 owned by a role that must own nothing": """
        SELECT c.oid::regclass::text FROM pg_class c
        WHERE pg_get_userbyid(c.relowner) IN ('cordee_app', 'cordee_relay')
        UNION SELECT n.nspname FROM pg_namespace n
        WHERE pg_get_userbyid(n.nspowner) IN ('cordee_app', 'cordee_relay')""",
    "L17 row rule that rewrites statements": f"""
        SELECT n.nspname || '.' || c.relname FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND {_SCHEMAS}""",
    "L18 default right for the application or everybody": """
        SELECT pg_get_userbyid(d.defaclrole) FROM pg_default_acl d, aclexplode(d.defaclacl) x
        WHERE d.defaclobjtype IN ('r', 'S', 'n') AND (x.grantee = 0
            OR pg_get_userbyid(x.grantee) IN ('cordee_app', 'cordee_relay'))""",
    "L19 schema in which the application may create": f"""
        SELECT n.nspname::text FROM pg_namespace n WHERE {_SCHEMAS}
        AND (has_schema_privilege('cordee_app', n.oid, 'CREATE')
            OR has_schema_privilege('cordee_relay', n.oid, 'CREATE'))""",
}  # noqa: S608
"""Rules that are one query each: what it returns is what breaks the rule."""


async def read_tables(connection: Any) -> list[TableFact]:
    """Return every table of our schemas."""
    return [
        TableFact(
            row["name"], row["secured"], row["forced"],
            tuple((one.partition(":")[0], one.partition(":")[2]) for one in row["columns"] or ()),
            frozenset(row["app_rights"]), row["public_rights"],
        )
        for row in await connection.fetch(_TABLES)
    ]  # fmt: skip


async def read_policies(connection: Any) -> list[PolicyFact]:
    """Return every policy of our schemas."""
    return [
        PolicyFact(
            row["table"], row["name"], row["permissive"], row["command"], row["roles"],
            fold(row["using"]), fold(row["check"]),
        )
        for row in await connection.fetch(_POLICIES)
    ]  # fmt: skip


async def read_indexes(connection: Any) -> list[IndexFact]:
    """Return every index, whether it backs a constraint or not."""
    return [
        IndexFact(row["table"], row["name"], row["unique"], tuple(row["columns"]))
        for row in await connection.fetch(_INDEXES)
    ]


async def read_foreign_keys(connection: Any) -> list[ForeignKeyFact]:
    """Return every foreign key with its columns paired."""
    return [
        ForeignKeyFact(
            row["table"], row["name"], row["target"],
            tuple((pair.partition(":")[0], pair.partition(":")[2]) for pair in row["pairs"]),
        )
        for row in await connection.fetch(_FOREIGN_KEYS)
    ]  # fmt: skip


def fold(text: str) -> str:
    """Return `text` with every run of white space as one blank."""
    return " ".join(text.split())
