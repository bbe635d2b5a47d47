"""The roles of the database, what each may do, and the statements that make them.

owner      NOLOGIN, owns schemas and tables
auth       NOLOGIN, owns the definer functions that see accounts, tokens and context keys
migrator   LOGIN, may become owner, makes roles and schemas of plugins
app        LOGIN, web and worker: rows of the verified tenant only
relay      LOGIN, relay and scheduler: ids and due times of all tenants, no content
plugin_*   owns one schema; logs in only while its migration runs
"""

from collections.abc import Mapping

OWNER, AUTH, MIGRATOR, APP, RELAY = (
    "cordee_owner", "cordee_auth", "cordee_migrator", "cordee_app", "cordee_relay",
)  # fmt: skip
LOGIN_ROLES = (MIGRATOR, APP, RELAY)
PLUGIN_PREFIX = "cordee_plugin_"
PLUGIN_REFERENCES = ("core.persons", "core.cases", "core.members")
"""Core tables to which a plugin's foreign keys may point."""

UNSEEN = f"ALTER ROLE {APP} SET track_activities = off"
"""No session of the application reads in ``pg_stat_activity`` what another one sends: the text
that opens a transaction holds a signed context. Only a superuser can turn it on again."""

_PLAIN = "NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEDB NOINHERIT"


def quote(text: str) -> str:
    """Return `text` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def role_statements(existing: set[str], passwords: Mapping[str, str]) -> list[str]:
    """Return what a superuser runs once: the roles that are not there yet, and all passwords."""
    wanted = {
        OWNER: f"NOLOGIN NOCREATEROLE {_PLAIN}",
        AUTH: f"NOLOGIN NOCREATEROLE {_PLAIN}",
        MIGRATOR: f"LOGIN CREATEROLE {_PLAIN}",
        APP: f"LOGIN NOCREATEROLE {_PLAIN}",
        RELAY: f"LOGIN NOCREATEROLE {_PLAIN}",
    }
    made = [
        f"{'ALTER' if role in existing else 'CREATE'} ROLE {role} WITH {attributes}"
        + (f" PASSWORD {quote(passwords[role])}" if role in passwords else "")
        for role, attributes in wanted.items()
    ]
    return [*made, f"GRANT {AUTH} TO {OWNER}", f"GRANT {OWNER} TO {MIGRATOR}", UNSEEN]


def database_statements(name: str) -> list[str]:
    """Return the rights on a new database: nobody but our roles may connect."""
    return [
        f"ALTER DATABASE {name} OWNER TO {OWNER}",
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {name} TO {', '.join(LOGIN_ROLES)}",
        f"GRANT CREATE ON DATABASE {name} TO {MIGRATOR}",
    ]


def plugin_role(plugin: str) -> str:
    """Return the name of the role that owns the plugin's schema."""
    return f"{PLUGIN_PREFIX}{plugin}"


def plugin_schema(plugin: str) -> str:
    """Return the name of the plugin's schema, which is also the app of its migrations."""
    return f"plugin_{plugin}"


def plugin_statements(plugin: str, exists: bool, database: str, password: str) -> list[str]:
    """Return what the migrator runs before a plugin's migration: its role and its schema."""
    role, schema = plugin_role(plugin), plugin_schema(plugin)
    attributes = "" if exists else f"{_PLAIN} NOCREATEROLE CONNECTION LIMIT 1"
    return [
        f"{'ALTER' if exists else 'CREATE'} ROLE {role} WITH LOGIN {attributes}"
        f" PASSWORD {quote(password)}",
        f"GRANT {role} TO {MIGRATOR}",
        f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {role}",
        f"SET ROLE {OWNER}",
        f"GRANT CONNECT ON DATABASE {database} TO {role}",
        f"GRANT USAGE ON SCHEMA core, ctx TO {role}",
        f"GRANT EXECUTE ON FUNCTION ctx.tenant(), ctx.member(),"
        f" ctx.secure(regclass, text, text) TO {role}",
        *(f"GRANT REFERENCES ON {table} TO {role}" for table in PLUGIN_REFERENCES),
        f"SET ROLE {AUTH}",
        f"GRANT EXECUTE ON FUNCTION ctx.record_migration(text, text) TO {role}",
        "RESET ROLE",
    ]
