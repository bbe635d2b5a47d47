"""What PostgreSQL's catalogue says of our schemas, as plain values for the linter's rules."""

from dataclasses import dataclass
from typing import Any

SCHEMAS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
"""Condition on ``pg_namespace n``: every schema that is not PostgreSQL's own."""


@dataclass(frozen=True, slots=True)
class ColumnFact:
    """A column: `enum` is whether its type, or its elements' type, is a native enum."""

    name: str
    type: str
    required: bool
    enum: bool


@dataclass(frozen=True, slots=True)
class TableFact:
    """A table: its name with schema, its row security and its columns."""

    name: str
    secured: bool
    forced: bool
    columns: tuple[ColumnFact, ...]

    @property
    def tenant(self) -> ColumnFact | None:
        """The column that says whose a row is."""
        return next((column for column in self.columns if column.name == "tenant_id"), None)


@dataclass(frozen=True, slots=True)
class GrantFact:
    """A right on a table, or on one `column` of it, of a role that does not own it."""

    table: str
    grantee: str
    right: str
    column: str
    passed_on: bool

    def __str__(self) -> str:
        return f"{self.right}({self.column})" if self.column else self.right


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
    primary: bool
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
    ARRAY(SELECT ROW(a.attname::text, format_type(a.atttypid, NULL), a.attnotnull,
            t.typtype = 'e' OR coalesce(e.typtype = 'e', false))
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typelem <> 0
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND {SCHEMAS} ORDER BY 1
"""  # noqa: S608
_GRANTS = f"""
SELECT n.nspname || '.' || c.relname AS table, coalesce(r.rolname, 'public')::text AS grantee,
    g.privilege_type AS right, g.name AS column, g.is_grantable AS passed_on
FROM (SELECT k.oid AS relation, '' AS name, x.* FROM pg_class k, aclexplode(k.relacl) x
    UNION ALL SELECT a.attrelid, a.attname::text, x.*
    FROM pg_attribute a, aclexplode(a.attacl) x WHERE NOT a.attisdropped) g
JOIN pg_class c ON c.oid = g.relation JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_roles r ON r.oid = g.grantee
WHERE g.grantee <> c.relowner AND c.relkind IN ('r', 'p', 'f') AND {SCHEMAS} ORDER BY 1, 2, 3, 4
"""  # noqa: S608
_POLICIES = f"""
SELECT n.nspname || '.' || c.relname AS table, p.polname AS name, p.polpermissive AS permissive,
    p.polcmd::text AS command,
    array_to_string(ARRAY(SELECT coalesce(r.rolname, 'public') FROM unnest(p.polroles) o
        LEFT JOIN pg_roles r ON r.oid = o ORDER BY 1), ',') AS roles,
    coalesce(pg_get_expr(p.polqual, p.polrelid), '') AS using,
    coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') AS check
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {SCHEMAS} ORDER BY 1, 2
"""  # noqa: S608
_INDEXES = f"""
SELECT n.nspname || '.' || c.relname AS table, i.relname AS name,
    x.indisunique OR x.indisexclusion AS unique, x.indisprimary AS primary,
    ARRAY(SELECT coalesce((SELECT a.attname::text FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum = k.num AND k.num > 0), '')
        FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(num, place)
        WHERE k.place <= x.indnkeyatts ORDER BY k.place) AS columns
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {SCHEMAS} AND c.relkind IN ('r', 'p')
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
JOIN pg_namespace tn ON tn.oid = t.relnamespace
WHERE k.contype = 'f' AND {SCHEMAS} ORDER BY 1, 2
"""  # noqa: S608
_BODIES = """
SELECT n.nspname || '.' || p.proname AS name, p.prosrc AS body
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname IN ('ctx', 'auth', 'core', 'migrations') ORDER BY 1
"""


async def read_tables(connection: Any) -> list[TableFact]:
    """Return every table of our schemas."""
    return [
        TableFact(
            row["name"], row["secured"], row["forced"],
            tuple(ColumnFact(*column) for column in row["columns"]),
        )
        for row in await connection.fetch(_TABLES)
    ]  # fmt: skip


async def read_grants(connection: Any) -> list[GrantFact]:
    """Return every right on a table of our schemas that its owner gave."""
    return [GrantFact(*row) for row in await connection.fetch(_GRANTS)]


async def read_bodies(connection: Any) -> list[tuple[str, str]]:
    """Return name and body of every function of the core."""
    return [(row["name"], row["body"]) for row in await connection.fetch(_BODIES)]


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
        IndexFact(row["table"], row["name"], row["unique"], row["primary"], tuple(row["columns"]))
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
