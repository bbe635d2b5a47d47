"""What a process checks before it serves: its own role, the schema's version, the isolation."""

from typing import Any

from cordee_core.database import roles
from cordee_core.database.lint import lint
from cordee_core.database.migration_files import CORE, core_migrations
from cordee_core.errors import (
    IsolationBrokenError,
    OperatorError,
    PrivilegedRoleError,
    SchemaVersionError,
)

_ROLE = """
SELECT current_user AS name, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb,
    r.rolreplication, current_setting('row_security') = 'on' AS secured,
    current_setting('track_activities') = 'on'
        AND 'track_activities=off' <> ALL (coalesce(r.rolconfig, '{}')) AS seen,
    EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid) AS belongs,
    EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid) AS owns
FROM pg_roles r WHERE r.rolname = current_user
"""


async def check(connection: Any, role: str = roles.APP) -> list[OperatorError]:
    """Return why this process must not serve through `connection`; an empty list when it may."""
    return (
        await check_role(connection, role)
        or await check_schema(connection)
        or await check_isolation(connection)
    )


async def check_role(connection: Any, role: str) -> list[OperatorError]:
    """Return what the connection's role may do that `role` must not."""
    (row,) = await connection.fetch(_ROLE)
    powers = [
        text
        for key, text in {
            "rolsuper": "is superuser", "rolbypassrls": "bypasses row security",
            "rolcreaterole": "may make roles", "rolcreatedb": "may make databases",
            "rolreplication": "may replicate", "belongs": "belongs to another role",
            "owns": "owns tables",
        }.items()
        if row[key]
    ]  # fmt: skip
    if not row["secured"]:
        powers.append("has row_security off")
    if row["seen"] and role == roles.APP:
        powers.append("shows its statements to its other sessions (track_activities)")
    if row["name"] != role:
        powers.append(f"is not {role}")
    return [PrivilegedRoleError(f"role {row['name']}: {', '.join(powers)}")] if powers else []


async def check_schema(connection: Any) -> list[OperatorError]:
    """Return how the database's migrations differ from those this code knows."""
    (known,) = await connection.fetch(
        "SELECT to_regclass('migrations.applied') IS NOT NULL AS found"
    )
    if not known["found"]:
        return [SchemaVersionError("no migration has run; run: cordee db migrate")]
    applied = {
        row["name"]
        for row in await connection.fetch(
            "SELECT name FROM migrations.applied WHERE app = $1", CORE
        )
    }
    wanted = {migration.name for migration in core_migrations()}
    if missing := sorted(wanted - applied):
        return [SchemaVersionError(f"too old, {missing[0]} is missing; run: cordee db migrate")]
    if unknown := sorted(applied - wanted):
        return [SchemaVersionError(f"too new, {unknown[-1]} is unknown to this code")]
    return []


async def check_isolation(connection: Any) -> list[OperatorError]:
    """Return what the catalogue linter finds in schemas that the application may enter."""
    rows = await connection.fetch(
        "SELECT nspname FROM pg_namespace WHERE NOT has_schema_privilege(oid, 'USAGE')"
    )
    closed = {row["nspname"] for row in rows} - {"auth", "ctx", "core"}
    findings = [one for one in await lint(connection) if one.table.partition(".")[0] not in closed]
    return [IsolationBrokenError("; ".join(map(str, findings[:5])))] if findings else []
